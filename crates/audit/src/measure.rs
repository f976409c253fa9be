//! Measuring: every metric that is asked for, and the gates that compare them.

use repot_roadmap::{Phase, Target};
use repot_workspace::Workspace;

use crate::dangling::{DANGLING_IMPORTS, dangling_imports};
use crate::legacy::{LEGACY_IMPORTS, legacy_imports};
use crate::violations::{BOUNDARY_VIOLATIONS, boundary_violations};
use crate::{Audit, Figure, GateResult, Verdict};

/// Every metric by name, in the order in which they are documented.
pub const METRICS: &[&str] = &[LEGACY_IMPORTS, DANGLING_IMPORTS, BOUNDARY_VIOLATIONS];

/// Measures those of `metrics` on `workspace`, and judges the gates of `phases`
/// that compare them.
#[must_use]
pub fn audit<'a>(
    workspace: &Workspace,
    phases: impl IntoIterator<Item = &'a Phase>,
    metrics: &[&str],
) -> Audit {
    let mut audit = Audit { notes: workspace.notes().to_vec(), ..Audit::default() };
    for metric in metrics {
        let (findings, figure) = match *metric {
            LEGACY_IMPORTS => legacy_imports(workspace),
            DANGLING_IMPORTS => dangling_imports(workspace),
            BOUNDARY_VIOLATIONS => boundary_violations(workspace),
            _ => continue,
        };
        audit.findings.extend(findings);
        audit.figures.push(figure);
    }
    audit.findings.sort();
    let measured = |gate: &GateResult| metrics.contains(&gate.metric.as_str());
    audit.gates =
        phases.into_iter().flat_map(|phase| gates(phase, &audit.figures)).filter(measured).collect();
    audit
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
