//! `[[decide]]`: the choices that a person has made.
//!
//! About an import, a `symbol`, about a `requirement` of project files, or about
//! a rule of the `template` that these files are to fit. Whether what is named exists is not asked here.

use std::collections::HashMap;

use super::Reader;
use crate::reader::{Problems, Table};
use crate::{
    Decide, DecideRequirement, DecideRule, Pattern, RequirementTarget, RoadmapProblem, Spanned, Template,
    name, settings,
};

const DECIDE: &[&str] = &["symbol", "requirement", "template", "target", "strategy", "in", "reason"];
const STRATEGIES: &[&str] = &["direct", "relocate", "protocol", "inject", "contract", "keep"];

impl Reader<'_> {
    pub(super) fn decisions(&mut self, root: &Table<'_>) -> (Vec<Decide>, Vec<DecideRequirement>) {
        let (mut decisions, mut requirements) = (Vec::new(), Vec::new());
        for place in root.tables("decide", &mut self.problems) {
            let table = self.open_one_of(place, "decide", DECIDE);
            if table.has("template") {
                self.not_both(&table, "template", &["symbol", "requirement"]);
            } else if table.has("requirement") {
                requirements.extend(self.decide_requirement(&table));
            } else {
                decisions.extend(self.decide(&table));
            }
        }
        self.check_decisions(&decisions);
        (decisions, requirements)
    }

    fn decide_requirement(&mut self, table: &Table<'_>) -> Option<DecideRequirement> {
        self.not_both(table, "requirement", &["symbol"]);
        let requirement = table.name_text("requirement", &mut self.problems)?;
        self.distribution(&requirement)?;
        self.check_content(table);
        self.only_keep(table, "a requirement");
        let target = table.name_text("target", &mut self.problems);
        Some(DecideRequirement {
            target: target.and_then(|target| self.requirement_target(&target)),
            within: table.pattern("in", &mut self.problems),
            reason: table.text("reason", &mut self.problems).map(|reason| reason.value),
            requirement,
        })
    }

    /// Gives the template what is decided about its rules, and about where
    /// packages lie.
    pub(super) fn decided_rules(
        &mut self,
        root: &Table<'_>,
        template: Option<Template>,
        placed: &[DecideRequirement],
    ) -> Option<Template> {
        let mut decided = Vec::new();
        // What is wrong with the list itself was told with the other entries.
        let mut told = Problems::new(self.problems.file.clone());
        for place in root.tables("decide", &mut told) {
            let table = Table::open(place, String::new(), DECIDE, &mut told);
            let Some(rule) = table.has("template").then(|| self.decide_rule(&table)).flatten() else {
                continue;
            };
            if template.is_none() {
                let hint = Some("a `[template]` says what is asked".to_owned());
                self.problems.add(
                    rule.rule.span.clone(),
                    "there is no template to decide about".to_owned(),
                    hint,
                );
            }
            decided.push(rule);
        }
        template.map(|template| Template { decided, placed: placed.to_vec(), ..template })
    }

    fn decide_rule(&mut self, table: &Table<'_>) -> Option<DecideRule> {
        let rule = table.name_text("template", &mut self.problems)?;
        if !Template::RULES.contains(&rule.value.as_str()) {
            let (message, hint) = settings::no_choice("template", &rule.value, Template::RULES);
            self.problems.add(rule.span.clone(), message, hint);
        }
        self.check_content(table);
        self.only_keep(table, "a rule of the template");
        Some(DecideRule {
            target: table.name_text("target", &mut self.problems).map(|target| target.value),
            within: table.pattern("in", &mut self.problems),
            reason: table.text("reason", &mut self.problems).map(|reason| reason.value),
            rule,
        })
    }

    fn not_both(&mut self, table: &Table<'_>, key: &str, others: &[&str]) {
        for other in others.iter().filter(|other| table.has(other)) {
            let message = format!("`{other}` and `{key}` are both given");
            let problem = RoadmapProblem::new(&self.problems.file, table.key_span(key), message);
            self.problems.push(problem.related(table.key_span(other), "the other one"));
        }
    }

    fn only_keep(&mut self, table: &Table<'_>, what: &str) {
        if let Some(strategy) = self.strategy(table).filter(|strategy| strategy.value != "keep") {
            let message = format!("`{}` is no strategy for {what}", strategy.value);
            self.problems.add(strategy.span, message, Some("the only one is `keep`".to_owned()));
        }
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
