//! `[[decide]]`: the choices that a person has made.
//!
//! Whether the symbol and its target exist is not asked here.

use std::collections::HashMap;

use super::Reader;
use crate::reader::{Place, Table};
use crate::{Decide, Pattern, RoadmapProblem, Spanned, name};

const DECIDE: &[&str] = &["symbol", "target", "strategy", "in", "reason"];
const STRATEGIES: &[&str] = &["direct", "relocate", "protocol", "inject", "contract", "keep"];

impl Reader<'_> {
    pub(super) fn decisions(&mut self, root: &Table<'_>) -> Vec<Decide> {
        let tables = root.tables("decide", &mut self.problems);
        let decisions: Vec<Decide> = tables.into_iter().filter_map(|table| self.decide(table)).collect();
        self.check_decisions(&decisions);
        decisions
    }

    fn decide(&mut self, table: Place<'_>) -> Option<Decide> {
        let table = self.open_one_of(table, "decide", DECIDE);
        table.require("symbol", "name a module `a.b`, or a symbol `a.b:Name`", &mut self.problems);
        if ["target", "strategy"].iter().all(|key| !table.has(key) && table.misspelling(key).is_none()) {
            let hint = "add a `target`, a `strategy`, or both".to_owned();
            self.problems.add(table.span.clone(), "this entry decides nothing".to_owned(), Some(hint));
        }
        let symbol = self.symbol(&table);
        let strategy = self.strategy(&table);
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
