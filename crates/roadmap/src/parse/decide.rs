//! `[[decide]]`: the choices that a person has made.
//!
//! About an import, a `symbol`, or about a `requirement` of project files.
//! Whether what is named exists is not asked here.

use std::collections::HashMap;

use super::Reader;
use crate::reader::Table;
use crate::{Decide, DecideRequirement, Pattern, RequirementTarget, RoadmapProblem, Spanned, name};

const DECIDE: &[&str] = &["symbol", "requirement", "target", "strategy", "in", "reason"];
const STRATEGIES: &[&str] = &["direct", "relocate", "protocol", "inject", "contract", "keep"];

impl Reader<'_> {
    pub(super) fn decisions(&mut self, root: &Table<'_>) -> (Vec<Decide>, Vec<DecideRequirement>) {
        let (mut decisions, mut requirements) = (Vec::new(), Vec::new());
        for place in root.tables("decide", &mut self.problems) {
            let table = self.open_one_of(place, "decide", DECIDE);
            if table.has("requirement") {
                requirements.extend(self.decide_requirement(&table));
            } else {
                decisions.extend(self.decide(&table));
            }
        }
        self.check_decisions(&decisions);
        (decisions, requirements)
    }

    fn decide_requirement(&mut self, table: &Table<'_>) -> Option<DecideRequirement> {
        if table.has("symbol") {
            let message = "`symbol` and `requirement` are both given".to_owned();
            let problem = RoadmapProblem::new(&self.problems.file, table.key_span("requirement"), message);
            self.problems.push(problem.related(table.key_span("symbol"), "the other one"));
        }
        let requirement = table.name_text("requirement", &mut self.problems)?;
        self.distribution(&requirement)?;
        self.check_content(table);
        if let Some(strategy) = self.strategy(table).filter(|strategy| strategy.value != "keep") {
            let message = format!("`{}` is no strategy for a requirement", strategy.value);
            self.problems.add(strategy.span, message, Some("the only one is `keep`".to_owned()));
        }
        let target = table.name_text("target", &mut self.problems);
        Some(DecideRequirement {
            target: target.and_then(|target| self.requirement_target(&target)),
            within: table.pattern("in", &mut self.problems),
            reason: table.text("reason", &mut self.problems).map(|reason| reason.value),
            requirement,
        })
    }

    /// A folder, unless it begins like a version or a comparison of one.
    fn requirement_target(&mut self, text: &Spanned<String>) -> Option<RequirementTarget> {
        let is_folder = text.value.starts_with(|first: char| first.is_alphabetic() || "._/".contains(first));
        if is_folder {
            return Some(RequirementTarget::Folder(text.value.trim_end_matches('/').to_owned()));
        }
        let specifiers = self.specifiers(&text.value, text)?;
        Some(RequirementTarget::Versions(text.value.trim().to_owned(), specifiers))
    }

    fn check_content(&mut self, table: &Table<'_>) {
        if ["target", "strategy"].iter().all(|key| !table.has(key) && table.misspelling(key).is_none()) {
            let hint = "add a `target`, a `strategy`, or both".to_owned();
            self.problems.add(table.span.clone(), "this entry decides nothing".to_owned(), Some(hint));
        }
    }

    fn decide(&mut self, table: &Table<'_>) -> Option<Decide> {
        table.require("symbol", "name a module `a.b`, or a symbol `a.b:Name`", &mut self.problems);
        self.check_content(table);
        let symbol = self.symbol(table);
        let strategy = self.strategy(table);
        Some(Decide {
            target: table.name_text("target", &mut self.problems),
            within: table.pattern("in", &mut self.problems),
            reason: table.text("reason", &mut self.problems).map(|reason| reason.value),
            symbol: symbol?,
            strategy,
        })
    }

    fn symbol(&mut self, table: &Table<'_>) -> Option<Spanned<String>> {
        let symbol = table.name_text("symbol", &mut self.problems)?;
        if !name::is_symbol(&symbol.value) {
            let message = format!("`{}` is neither a module nor a symbol", symbol.value);
            let hint = "write a module as `a.b`, a symbol of it as `a.b:Name`".to_owned();
            self.problems.add(symbol.span.clone(), message, Some(hint));
        }
        Some(symbol)
    }

    fn strategy(&mut self, table: &Table<'_>) -> Option<Spanned<String>> {
        let strategy = table.name_text("strategy", &mut self.problems)?;
        if !STRATEGIES.contains(&strategy.value.as_str()) {
            let message = format!("there is no strategy `{}`", strategy.value);
            self.problems.add(strategy.span.clone(), message, name::hint(&strategy.value, STRATEGIES));
        }
        Some(strategy)
    }

    fn check_decisions(&mut self, decisions: &[Decide]) {
        let mut first: HashMap<(&str, Option<&str>), &Spanned<String>> = HashMap::new();
        for Decide { symbol, within, .. } in decisions {
            let importers = within.as_ref().map(|pattern| Pattern::as_str(&pattern.value));
            let Some(earlier) = first.get(&(symbol.value.as_str(), importers)) else {
                first.insert((&symbol.value, importers), symbol);
                continue;
            };
            let message = format!("`{}` is decided twice for the same importers", symbol.value);
            let problem = RoadmapProblem::new(&self.problems.file, symbol.span.clone(), message);
            let hint = "remove one, or let it hold only `in` some files".to_owned();
            self.problems.push(problem.related(earlier.span.clone(), "first here").hint(Some(hint)));
        }
    }
}
