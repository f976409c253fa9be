//! Measuring: every metric that is asked for, and the gates that compare them.

use std::collections::BTreeSet;

use jiff::civil::Date;
use repot_change::Note;
use repot_roadmap::{
    Boundaries, Criterion, Decide, Exception, Phase, Retired, Scope, Target, Template, Undeclared, Versions,
};
use repot_workspace::{Layering, Workspace};

use crate::commands::{Answer, answered};
use crate::compliance::{TEMPLATE_COMPLIANCE, template_compliance};
use crate::coverage::{CoverageAsked, TEST_COVERAGE, test_coverage};
use crate::dangling::{DANGLING_IMPORTS, dangling_imports};
use crate::docstrings::{DOCSTRING_COVERAGE, docstring_coverage};
use crate::documentation::{DOCUMENTATION, documentation};
use crate::features::{FEATURE_COMPLETENESS, feature_completeness};
use crate::figure::domain_sums;
use crate::layers::{LAYER_COMPLETENESS, LAYER_ORDER, layer_completeness, layer_order};
use crate::legacy::{LEGACY_IMPORTS, legacy_imports};
use crate::owed::{OWED_CONTRACTS, owed_contracts};
use crate::pass::Passes;
use crate::retired::{RETIRED_PACKAGE, RETIRED_PACKAGES, retired_packages};
use crate::rules::{
    self, BOUNDARY_VIOLATIONS, COMPOSITION_ROOT, DOMAIN_CHAINS, DOMAIN_IMPORTS, NO_CYCLES, PRIVATE_ACCESS,
    PUBLIC_INTERFACE, UNDECLARED_DEPENDENCY,
};
use crate::tested::{TEST_PRESENCE, test_presence};
use crate::twins::{DUPLICATE_PACKAGES, duplicate_packages};
use crate::undeclared::{UNDECLARED_PACKAGES, undeclared_packages};
use crate::versions::{VERSION_DRIFT, version_drift};
use crate::wanted::{MISSING_PACKAGES, missing_packages};
use crate::{Audit, CriterionResult, Figure, Finding, GateResult, METRICS, Unit, Verdict, is_on_request};

/// The rules over imports, which a comment or an exception may let pass.
pub const RULES: &[&str] = &[
    LEGACY_IMPORTS,
    DANGLING_IMPORTS,
    DOMAIN_IMPORTS,
    DOMAIN_CHAINS,
    LAYER_ORDER,
    NO_CYCLES,
    PRIVATE_ACCESS,
    PUBLIC_INTERFACE,
    UNDECLARED_DEPENDENCY,
    COMPOSITION_ROOT,
    RETIRED_PACKAGE,
];

/// What the roadmap asks, for the metrics that measure it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// What every package must hold.
    pub template: Option<&'a Template>,
    /// What every package asks of others' distributions.
    pub versions: Option<&'a Versions>,
    /// What people have decided.
    pub decided: &'a [Decide],
    /// What the rules over imports count; without it, the usual.
    pub boundaries: Option<&'a Boundaries>,
    /// What is let pass for now.
    pub exceptions: &'a [Exception],
    /// The day on which exceptions must still hold; without it, all do.
    pub today: Option<Date>,
    /// Packages that must not come back.
    pub retired: &'a [Retired],
    /// What becomes of packages in no domain.
    pub undeclared: Option<Undeclared>,
    /// Where coverage is read from, and what was read.
    pub coverage: Option<CoverageAsked<'a>>,
    /// What came of the roadmap's commands that were run.
    pub answers: &'a [Answer],
}

/// The metrics that a roadmap with these rules and phases is measured by.
#[must_use]
pub fn usual<'a>(boundaries: &Boundaries, phases: impl IntoIterator<Item = &'a Phase>) -> Vec<&'static str> {
    let gates = phases.into_iter().flat_map(|phase| &phase.gates);
    let rules = boundaries.rules.iter().map(|rule| rule.value.as_str());
    let named: BTreeSet<&str> = gates.map(|gate| gate.metric.value.as_str()).chain(rules).collect();
    METRICS.iter().copied().filter(|metric| !is_on_request(metric) || named.contains(metric)).collect()
}

/// The metric that counts the findings of `rule`; most are called alike.
#[must_use]
pub fn metric_of(rule: &str) -> &str {
    match rule {
        DOMAIN_IMPORTS => BOUNDARY_VIOLATIONS,
        RETIRED_PACKAGE => RETIRED_PACKAGES,
        other => other,
    }
}

/// What came of one metric.
#[derive(Debug)]
pub struct Measured {
    pub findings: Vec<Finding>,
    pub figure: Figure,
    /// Why something is unknown.
    pub notes: Vec<Note>,
}

impl From<(Vec<Finding>, Figure)> for Measured {
    fn from((findings, figure): (Vec<Finding>, Figure)) -> Self {
        Self { findings, figure, notes: Vec::new() }
    }
}

/// Measures those of `metrics` on `workspace`, and judges the gates of `phases`
/// that compare them. What the roadmap does not ask for has no figure.
#[must_use]
pub fn audit<'a>(
    workspace: &Workspace,
    asked: Asked<'_>,
    phases: impl IntoIterator<Item = &'a Phase>,
    metrics: &[&str],
) -> Audit {
    let mut audit = Audit { notes: workspace.notes().to_vec(), ..Audit::default() };
    let mut passes = Passes::read(workspace, asked.exceptions, asked.today);
    for mut measured in all(workspace, asked, metrics) {
        passes.apply(workspace, &mut measured);
        if measured.figure.unit == Unit::Count {
            measured.figure.by_domain = domain_sums(workspace, &measured.figure.by_package);
        }
        audit.findings.extend(measured.findings);
        audit.figures.push(measured.figure);
        audit.notes.extend(measured.notes);
    }
    let (findings, notes) = passes.settle(|rule| metrics.contains(&metric_of(rule)));
    audit.findings.extend(findings);
    audit.notes.extend(notes);
    audit.findings.sort();
    for phase in phases {
        let measured = |gate: &GateResult| metrics.contains(&gate.metric.as_str());
        audit.gates.extend(gates(phase, workspace, &audit.figures).filter(measured));
        audit.criteria.extend(phase.criteria.iter().map(|criterion| judged(phase, criterion)));
    }
    audit
}

/// What the metrics find, in their own order; those of commands come last.
fn all(workspace: &Workspace, asked: Asked<'_>, metrics: &[&str]) -> Vec<Measured> {
    let usual = Boundaries::default();
    let boundaries = asked.boundaries.unwrap_or(&usual);
    let over_imports = rules::measure(workspace, boundaries, |metric| metrics.contains(&metric));
    let others = metrics.iter().filter_map(|metric| measure(workspace, asked, metric));
    let mut measured: Vec<Measured> = others.chain(over_imports.into_iter().map(Measured::from)).collect();
    let place = |of: &Measured| METRICS.iter().position(|metric| *metric == of.figure.metric);
    measured.sort_by_key(|of| place(of).unwrap_or(METRICS.len()));
    measured
}

/// What one metric finds; `None` when it is one over imports, does not exist,
/// or nobody asks.
fn measure(workspace: &Workspace, asked: Asked<'_>, metric: &str) -> Option<Measured> {
    let layering = || Some(Layering { template: asked.template?, decided: asked.decided });
    let found = match metric {
        LEGACY_IMPORTS => legacy_imports(workspace),
        DANGLING_IMPORTS => dangling_imports(workspace),
        OWED_CONTRACTS => owed_contracts(workspace),
        MISSING_PACKAGES => missing_packages(workspace, asked.template?)?,
        LAYER_COMPLETENESS => layer_completeness(workspace, layering()?)?,
        LAYER_ORDER => layer_order(workspace, layering()?)?,
        TEMPLATE_COMPLIANCE => template_compliance(workspace, asked.template?),
        VERSION_DRIFT => version_drift(workspace, asked.versions?),
        DUPLICATE_PACKAGES => (Vec::new(), duplicate_packages(workspace)),
        RETIRED_PACKAGES => retired_packages(workspace, asked.retired)?,
        DOCUMENTATION => documentation(workspace, asked.template?)?,
        UNDECLARED_PACKAGES => undeclared_packages(workspace, asked.undeclared)?,
        TEST_COVERAGE => return Some(test_coverage(workspace, asked.coverage?)),
        TEST_PRESENCE => test_presence(workspace),
        DOCSTRING_COVERAGE => docstring_coverage(workspace),
        FEATURE_COMPLETENESS => feature_completeness(workspace),
        name => return asked.answers.iter().find(|answer| answer.name == name).map(answered),
    };
    Some(found.into())
}

fn gates(phase: &Phase, workspace: &Workspace, figures: &[Figure]) -> impl Iterator<Item = GateResult> {
    phase.gates.iter().map(|gate| {
        let figure = figures.iter().find(|figure| figure.metric == gate.metric.value);
        let figure = figure.and_then(|figure| in_scope(figure, gate.scope.as_ref(), workspace));
        GateResult {
            phase: phase.name.value.clone(),
            metric: gate.metric.value.clone(),
            scope: gate.scope.as_ref().map(ToString::to_string),
            target: gate.target.to_string(),
            figure,
            verdict: verdict(gate.target, figure),
        }
    })
}

/// What a figure says of whom a gate looks at; `None` when that is unknown.
/// Where something is counted and nothing of it is in a package, it is 0.
#[must_use]
pub fn in_scope(figure: &Figure, scope: Option<&Scope>, workspace: &Workspace) -> Option<f64> {
    let none = || figure.value.filter(|_| figure.unit == Unit::Count && figure.splits()).map(|_| 0.0);
    match scope {
        None => figure.value,
        Some(Scope::Domain(domain)) => figure.by_domain.get(&domain.value).copied().or_else(none),
        Some(Scope::Package(package)) => {
            let meant = workspace.packages_meant(&package.value);
            let [id] = meant[..] else { return None };
            figure.by_package.get(&workspace.package(id).name).copied().or_else(none)
        }
    }
}

fn judged(phase: &Phase, criterion: &Criterion) -> CriterionResult {
    CriterionResult {
        phase: phase.name.value.clone(),
        text: criterion.text.value.clone(),
        owner: criterion.owner.clone(),
        due: criterion.due.map(|day| day.to_string()),
        done: criterion.done.map(|day| day.to_string()),
    }
}

/// A figure that is unknown neither holds nor fails.
fn verdict(target: Target, figure: Option<f64>) -> Verdict {
    match figure {
        None => Verdict::Unknown,
        Some(figure) if target.is_met_by(figure) => Verdict::Holds,
        Some(_) => Verdict::Fails,
    }
}

#[cfg(test)]
mod tests {
    use repot_roadmap::{Roadmap, Vocabulary};

    use super::*;
    use crate::METRICS;
    use crate::sample::workspace;

    const ROADMAP: &str = r#"
[workspace]
members = ["p/*"]

[domains.sales]
members = ["p/shop"]

[metrics.types]
command = "mypy"
pattern = "x"

[[phase]]
name = "one"
criterion = [{ text = "Agreed", owner = "ada", due = "2026-02-28" }]
gate = [
    { metric = "feature-completeness", at-most = 1 },
    { metric = "feature-completeness", at-most = 1, package = "p/desk" },
    { metric = "feature-completeness", at-most = 1, domain = "sales" },
    { metric = "docstring-coverage", at-least = 50, package = "shop" },
    { metric = "docstring-coverage", at-least = 50, package = "nobody" },
    { metric = "types", at-most = 3 },
    { metric = "types", at-most = 3, package = "shop" },
    { metric = "undeclared-packages", equals = 1 },
]
"#;

    #[test]
    fn a_gate_looks_at_a_package_a_domain_or_the_whole() {
        let workspace = workspace(&[
            ("p/shop/shop.py", "'''Shop.'''\n# TODO x\n# TODO y\nimport os\n"),
            ("p/desk/desk.py", "import os\n"),
        ]);
        let vocabulary = Vocabulary { codemods: &[], metrics: METRICS, rules: RULES };
        let roadmap = Roadmap::parse("repot.toml", ROADMAP, &vocabulary).unwrap();
        let answer = |figure| [Answer { name: "types".to_owned(), is_percent: false, figure }];
        let told = |answers: &[Answer]| {
            let asked = Asked { answers, ..Asked::default() };
            let metrics = [METRICS, &["types"]].concat();
            let audit = audit(&workspace, asked, &roadmap.phases, &metrics);
            assert_eq!(audit.criteria[0].state(), "open, due 2026-02-28, owned by ada");
            let line = |gate: &GateResult| format!("{} {:?} {}", gate.subject(), gate.figure, gate.verdict);
            (audit.gates.iter().map(line).collect::<Vec<_>>(), audit.notes)
        };
        let (gates, notes) = told(&answer(Ok(3.0)));
        let expected = [
            "feature-completeness Some(2.0) fails",
            "feature-completeness of package p/desk Some(0.0) holds",
            "feature-completeness of domain sales Some(2.0) fails",
            "docstring-coverage of package shop Some(100.0) holds",
            "docstring-coverage of package nobody None unknown",
            "types Some(3.0) holds",
            "types of package shop None unknown",
            "undeclared-packages Some(1.0) holds",
        ];
        assert_eq!((gates, notes), (expected.map(str::to_owned).to_vec(), Vec::new()));
        let (gates, notes) = told(&answer(Err("it hangs".to_owned())));
        assert_eq!(gates[5], "types None unknown");
        assert_eq!(notes[0].message, "`types` is unknown: it hangs");
        assert_eq!(gates[0], expected[0], "the rest is still measured");
    }
}
