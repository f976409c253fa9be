//! `[[phase]]`: its steps and its gates.
//!
//! A step's settings are checked against what its codemod declares; what they
//! do is the codemod's business.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::Reader;
use crate::reader::{Place, Table};
use crate::{
    CodemodSchema, Domain, Gate, Phase, RoadmapProblem, Scope, Settings, Spanned, Step, Target, name,
};

const PHASE: &[&str] = &["name", "title", "step", "gate", "criterion", "verify"];
const STEP: &[&str] = &["codemod"];
const GATE: &[&str] = &["metric", "at-most", "at-least", "equals", "package", "domain"];
const TARGETS: &[&str] = &["at-most", "at-least", "equals"];

impl Reader<'_> {
    pub(super) fn phases(&mut self, root: &Table<'_>) -> Vec<Phase> {
        let tables = root.tables("phase", &mut self.problems);
        let phases: Vec<Phase> = tables.into_iter().filter_map(|table| self.phase(table)).collect();
        self.check_phases(&phases);
        phases
    }

    fn phase(&mut self, table: Place<'_>) -> Option<Phase> {
        let table = self.open_one_of(table, "phase", PHASE);
        table.require("name", "add a `name`, for `--phase`", &mut self.problems);
        let name = table.name_text("name", &mut self.problems);
        let title = table.name_text("title", &mut self.problems);
        let steps = table.tables("step", &mut self.problems);
        let steps = steps.into_iter().filter_map(|table| self.step(table)).collect();
        let gates = table.tables("gate", &mut self.problems);
        let gates = gates.into_iter().filter_map(|table| self.gate(table)).collect();
        let criteria = table.tables("criterion", &mut self.problems);
        let criteria = criteria.into_iter().filter_map(|table| self.criterion(table)).collect();
        let verify = self.verify(&table);
        let name = name?;
        let title = title.map_or_else(|| name.value.clone(), |title| title.value);
        Some(Phase { name, title, steps, gates, criteria, verify })
    }

    fn check_phases(&mut self, phases: &[Phase]) {
        let mut first: HashMap<&str, &Spanned<String>> = HashMap::new();
        for Phase { name, .. } in phases {
            let Some(earlier) = first.get(name.value.as_str()) else {
                first.insert(&name.value, name);
                continue;
            };
            let message = format!("there are two phases `{}`", name.value);
            let problem = RoadmapProblem::new(&self.problems.file, name.span.clone(), message);
            self.problems.push(problem.related(earlier.span.clone(), "the first one"));
        }
    }

    fn step(&mut self, table: Place<'_>) -> Option<Step> {
        let codemods: Vec<&str> = self.vocabulary.codemods.iter().map(|codemod| codemod.name).collect();
        // Which keys are known is told by the codemod, once it is.
        let table = Table::open_unchecked(table, format!("this `[[{}phase.step]]`", self.prefix), STEP);
        table.require("codemod", &name::all("codemods", &codemods), &mut self.problems);
        if let Some(key) = table.misspelling("codemod").filter(|_| !table.has("codemod")) {
            table.unknown(key, &mut self.problems);
        }
        let codemod = table.name_text("codemod", &mut self.problems)?;
        let Some(schema) = self.vocabulary.codemod(&codemod.value) else {
            let message = format!("there is no codemod `{}`", codemod.value);
            self.problems.add(codemod.span, message, name::hint(&codemod.value, &codemods));
            return None;
        };
        let settings = self.settings(&table, schema);
        Some(Step { codemod, settings })
    }

    fn settings(&mut self, table: &Table<'_>, schema: &CodemodSchema<'_>) -> Settings {
        let mut settings = Settings::default_for(schema);
        for key in table.keys().filter(|key| !STEP.contains(key)) {
            let Some(setting) = schema.setting(key) else {
                let (message, hint) = crate::settings::unknown(schema, key);
                self.problems.add(table.key_span(key), message, hint);
                continue;
            };
            if let Some(value) = table.setting(key, setting.kind, &mut self.problems) {
                settings.set(key, value);
            }
        }
        settings
    }

    fn gate(&mut self, table: Place<'_>) -> Option<Gate> {
        let table = self.open_one_of(table, "phase.gate", GATE);
        let known: Vec<&str> = self.metrics.iter().map(String::as_str).collect();
        table.require("metric", &name::all("metrics", &known), &mut self.problems);
        let metric = table.name_text("metric", &mut self.problems);
        if let Some(metric) = &metric {
            self.check_metric(metric);
        }
        let scope = self.scope(&table);
        let (target, span) = self.target(&table)?;
        Some(Gate { metric: metric?, target, scope, span })
    }

    fn scope(&mut self, table: &Table<'_>) -> Option<Scope> {
        if table.has("package") && table.has("domain") {
            let message = "this gate looks at a package and at a domain".to_owned();
            let problem = RoadmapProblem::new(&self.problems.file, table.key_span("domain"), message);
            let hint = "write one gate for each".to_owned();
            self.problems.push(problem.related(table.key_span("package"), "the package").hint(Some(hint)));
        }
        let domain = table.name_text("domain", &mut self.problems).map(Scope::Domain);
        table.name_text("package", &mut self.problems).map(Scope::Package).or(domain)
    }

    /// Gates look at domains that exist; packages are found in the tree later.
    pub(super) fn check_scopes(&mut self, phases: &[Phase], domains: &BTreeMap<String, Domain>) {
        let names: Vec<&str> = domains.keys().map(String::as_str).collect();
        for scope in phases.iter().flat_map(|phase| &phase.gates).filter_map(|gate| gate.scope.as_ref()) {
            let Scope::Domain(domain) = scope else { continue };
            if !domains.contains_key(&domain.value) {
                let message = format!("there is no domain `{}`", domain.value);
                self.problems.add(domain.span.clone(), message, name::hint(&domain.value, &names));
            }
        }
    }

    /// The one target of a gate and where it stands.
    fn target(&mut self, table: &Table<'_>) -> Option<(Target, Option<Range<usize>>)> {
        let mut given = TARGETS.iter().filter(|key| table.has(key));
        let Some(key) = given.next() else {
            if TARGETS.iter().all(|key| table.misspelling(key).is_none()) {
                let hint = format!("add {} with a number", name::listed(TARGETS, "or"));
                self.problems.add(table.span.clone(), "this gate has no target".to_owned(), Some(hint));
            }
            return None;
        };
        for other in given {
            let message = format!("this gate has two targets, `{key}` and `{other}`");
            let problem = RoadmapProblem::new(&self.problems.file, table.key_span(other), message);
            let hint = "write one gate for each".to_owned();
            self.problems.push(problem.related(table.key_span(key), "the other one").hint(Some(hint)));
        }
        let number = table.number(key, &mut self.problems)?;
        let target = match *key {
            "at-most" => Target::AtMost(number),
            "at-least" => Target::AtLeast(number),
            _ => Target::Equals(number),
        };
        Some((target, table.key_span(key)))
    }
}
