//! Measuring: every metric that is asked for, and the gates that compare them.

use repot_roadmap::{Decide, Phase, Target, Template};
use repot_workspace::{Layering, Workspace};

use crate::compliance::{TEMPLATE_COMPLIANCE, template_compliance};
use crate::dangling::{DANGLING_IMPORTS, dangling_imports};
use crate::layers::{LAYER_COMPLETENESS, LAYER_ORDER, layer_completeness, layer_order};
use crate::legacy::{LEGACY_IMPORTS, legacy_imports};
use crate::violations::{BOUNDARY_VIOLATIONS, boundary_violations};
use crate::wanted::{MISSING_PACKAGES, missing_packages};
use crate::{Audit, Figure, Finding, GateResult, Verdict};

/// Every metric by name, in the order in which they are documented.
pub const METRICS: &[&str] = &[
    LEGACY_IMPORTS,
    DANGLING_IMPORTS,
    BOUNDARY_VIOLATIONS,
    MISSING_PACKAGES,
    LAYER_COMPLETENESS,
    LAYER_ORDER,
    TEMPLATE_COMPLIANCE,
];

/// What the roadmap asks of packages, for the metrics that measure it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// What every package must hold.
    pub template: Option<&'a Template>,
    /// What people have decided.
    pub decided: &'a [Decide],
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
    for metric in metrics {
        let Some((findings, figure)) = measure(workspace, asked, metric) else { continue };
        audit.findings.extend(findings);
        audit.figures.push(figure);
    }
    audit.findings.sort();
    let measured = |gate: &GateResult| metrics.contains(&gate.metric.as_str());
    audit.gates =
        phases.into_iter().flat_map(|phase| gates(phase, &audit.figures)).filter(measured).collect();
    audit
}

/// What one metric finds; `None` when it does not exist, or nobody asks.
fn measure(workspace: &Workspace, asked: Asked<'_>, metric: &str) -> Option<(Vec<Finding>, Figure)> {
    let layering = || Some(Layering { template: asked.template?, decided: asked.decided });
    match metric {
        LEGACY_IMPORTS => Some(legacy_imports(workspace)),
        DANGLING_IMPORTS => Some(dangling_imports(workspace)),
        BOUNDARY_VIOLATIONS => Some(boundary_violations(workspace)),
        MISSING_PACKAGES => missing_packages(workspace, asked.template?),
        LAYER_COMPLETENESS => layer_completeness(workspace, layering()?),
        LAYER_ORDER => layer_order(workspace, layering()?),
        TEMPLATE_COMPLIANCE => Some(template_compliance(workspace, asked.template?)),
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
