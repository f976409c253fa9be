//! Measuring: every metric that is asked for, and the gates that compare them.

use jiff::civil::Date;
use repot_roadmap::{Boundaries, Decide, Exception, Phase, Retired, Target, Template, Versions};
use repot_workspace::{Layering, Workspace};

use crate::compliance::{TEMPLATE_COMPLIANCE, template_compliance};
use crate::dangling::{DANGLING_IMPORTS, dangling_imports};
use crate::layers::{LAYER_COMPLETENESS, LAYER_ORDER, layer_completeness, layer_order};
use crate::legacy::{LEGACY_IMPORTS, legacy_imports};
use crate::pass::{Measured, Passes};
use crate::retired::{RETIRED_PACKAGE, RETIRED_PACKAGES, retired_packages};
use crate::rules::{
    self, BOUNDARY_VIOLATIONS, COMPOSITION_ROOT, DOMAIN_CHAINS, DOMAIN_IMPORTS, NO_CYCLES, PRIVATE_ACCESS,
    PUBLIC_INTERFACE, UNDECLARED_DEPENDENCY,
};
use crate::twins::{DUPLICATE_PACKAGES, duplicate_packages};
use crate::versions::{VERSION_DRIFT, version_drift};
use crate::wanted::{MISSING_PACKAGES, missing_packages};
use crate::{Audit, Figure, GateResult, Verdict};

/// Every metric by name, in the order in which they are documented.
pub const METRICS: &[&str] = &[
    LEGACY_IMPORTS,
    DANGLING_IMPORTS,
    BOUNDARY_VIOLATIONS,
    MISSING_PACKAGES,
    LAYER_COMPLETENESS,
    LAYER_ORDER,
    TEMPLATE_COMPLIANCE,
    VERSION_DRIFT,
    DUPLICATE_PACKAGES,
    RETIRED_PACKAGES,
    DOMAIN_CHAINS,
    NO_CYCLES,
    PRIVATE_ACCESS,
    PUBLIC_INTERFACE,
    UNDECLARED_DEPENDENCY,
    COMPOSITION_ROOT,
];

/// The metrics that are measured on request alone: where `rules` of
/// `[boundaries]`, a gate or the command line names them.
const ON_REQUEST: &[&str] = &[
    DUPLICATE_PACKAGES,
    DOMAIN_CHAINS,
    NO_CYCLES,
    PRIVATE_ACCESS,
    PUBLIC_INTERFACE,
    UNDECLARED_DEPENDENCY,
    COMPOSITION_ROOT,
];

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
}

/// The metrics that a roadmap with these rules and phases is measured by.
#[must_use]
pub fn usual(boundaries: &Boundaries, phases: &[Phase]) -> Vec<&'static str> {
    let is_ruled = |metric: &str| boundaries.rules.iter().any(|rule| rule.value == metric);
    let is_gated =
        |metric: &str| phases.iter().flat_map(|phase| &phase.gates).any(|gate| gate.metric.value == metric);
    let is_usual = |metric: &&str| !ON_REQUEST.contains(metric) || is_ruled(metric) || is_gated(metric);
    METRICS.iter().copied().filter(is_usual).collect()
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
        audit.findings.extend(measured.0);
        audit.figures.push(measured.1);
    }
    let (findings, notes) = passes.settle(|rule| metrics.contains(&metric_of(rule)));
    audit.findings.extend(findings);
    audit.notes.extend(notes);
    audit.findings.sort();
    let measured = |gate: &GateResult| metrics.contains(&gate.metric.as_str());
    audit.gates =
        phases.into_iter().flat_map(|phase| gates(phase, &audit.figures)).filter(measured).collect();
    audit
}

/// What the metrics find, in their own order.
fn all(workspace: &Workspace, asked: Asked<'_>, metrics: &[&str]) -> Vec<Measured> {
    let usual = Boundaries::default();
    let boundaries = asked.boundaries.unwrap_or(&usual);
    let over_imports = rules::measure(workspace, boundaries, |metric| metrics.contains(&metric));
    let others = metrics.iter().filter_map(|metric| measure(workspace, asked, metric));
    let mut measured: Vec<Measured> = others.chain(over_imports).collect();
    let place = |of: &Measured| METRICS.iter().position(|metric| *metric == of.1.metric);
    measured.sort_by_key(place);
    measured
}

/// What one metric finds; `None` when it is one over imports, or nobody asks.
fn measure(workspace: &Workspace, asked: Asked<'_>, metric: &str) -> Option<Measured> {
    let layering = || Some(Layering { template: asked.template?, decided: asked.decided });
    match metric {
        LEGACY_IMPORTS => Some(legacy_imports(workspace)),
        DANGLING_IMPORTS => Some(dangling_imports(workspace)),
        MISSING_PACKAGES => missing_packages(workspace, asked.template?),
        LAYER_COMPLETENESS => layer_completeness(workspace, layering()?),
        LAYER_ORDER => layer_order(workspace, layering()?),
        TEMPLATE_COMPLIANCE => Some(template_compliance(workspace, asked.template?)),
        VERSION_DRIFT => Some(version_drift(workspace, asked.versions?)),
        DUPLICATE_PACKAGES => Some((Vec::new(), duplicate_packages(workspace))),
        RETIRED_PACKAGES => retired_packages(workspace, asked.retired),
        _ => None,
    }
}

fn gates(phase: &Phase, figures: &[Figure]) -> Vec<GateResult> {
    let judge = |gate: &repot_roadmap::Gate| {
        let figure =
            figures.iter().find(|figure| figure.metric == gate.metric.value).and_then(|figure| figure.value);
        GateResult {
            phase: phase.name.value.clone(),
            metric: gate.metric.value.clone(),
            target: gate.target.to_string(),
            figure,
            verdict: verdict(gate.target, figure),
        }
    };
    phase.gates.iter().map(judge).collect()
}

/// A figure that is unknown neither holds nor fails.
fn verdict(target: Target, figure: Option<f64>) -> Verdict {
    match figure {
        None => Verdict::Unknown,
        Some(figure) if target.is_met_by(figure) => Verdict::Holds,
        Some(_) => Verdict::Fails,
    }
}
