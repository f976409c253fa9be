//! Metrics, gates, and all that one run of `check` found.
//!
//! Values: how a metric is measured and which gates a roadmap sets is known
//! elsewhere.

use std::collections::BTreeMap;
use std::fmt;

use repot_change::Note;
use serde::Serialize;

use crate::Finding;

/// What a metric measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// The metric, in kebab-case, such as `legacy-imports`.
    pub metric: &'static str,
    /// What the numbers are.
    pub unit: Unit,
    /// The number that gates compare; `None` when it could not be measured.
    pub value: Option<f64>,
    /// The same seen in other units (statements, names, files), in a fixed
    /// order. They do not add up to the value.
    pub parts: Vec<(String, f64)>,
    /// The value for each rule that the metric asks of every package, in the
    /// rules' order; empty where a metric has no rules of its own.
    pub by_rule: Vec<(String, f64)>,
    /// The value for each package; what lies in no package is left out.
    pub by_package: BTreeMap<String, f64>,
}

/// What the numbers of a figure are, and so which of them are good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// How many there are of what should not be; 0 is the best.
    Count,
    /// How much of what should be is there, in percent; 100 is the best.
    Percent,
}

/// Whether a gate is passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The figure meets the target.
    Holds,
    /// It does not.
    Fails,
    /// There is no figure, so that nobody can say; this is no pass.
    Unknown,
}

impl Verdict {
    /// The verdict as it is printed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Fails => "fails",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A metric compared with the target of a gate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GateResult {
    /// The phase that sets the gate.
    pub phase: String,
    /// The metric.
    pub metric: String,
    /// The target as a person reads it, such as `at most 0`.
    pub target: String,
    /// What was measured; `None` when it could not be.
    pub figure: Option<f64>,
    /// What came of it.
    pub verdict: Verdict,
}

/// All that one run of `check` found.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Audit {
    /// The violations, sorted.
    pub findings: Vec<Finding>,
    /// How many more there are that the baseline accepts.
    pub accepted: usize,
    /// What was measured, in the order of the metrics.
    pub figures: Vec<Figure>,
    /// The gates, in the order of the roadmap.
    pub gates: Vec<GateResult>,
    /// What else there is to know.
    pub notes: Vec<Note>,
}

impl Audit {
    /// Whether every gate is known to hold; findings are not asked.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.gates.iter().all(|gate| gate.verdict == Verdict::Holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(verdict: Verdict) -> GateResult {
        let (phase, metric, target) = ("one".to_owned(), "x".to_owned(), "at most 0".to_owned());
        GateResult { phase, metric, target, figure: None, verdict }
    }

    #[test]
    fn what_nobody_can_say_does_not_hold() {
        let audit = |gates| Audit { gates, ..Audit::default() };
        assert!(audit(vec![]).holds());
        assert!(audit(vec![gate(Verdict::Holds)]).holds());
        assert!(!audit(vec![gate(Verdict::Holds), gate(Verdict::Unknown)]).holds());
        assert!(!audit(vec![gate(Verdict::Fails)]).holds());
    }
}
