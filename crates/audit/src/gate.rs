//! Metrics, gates, and all that one run of `check` found.
//!
//! Values: how a metric is measured and which gates a roadmap sets is known
//! elsewhere.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use repot_change::Note;
use serde::Serialize;

use crate::Finding;

/// What a metric measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// The metric, in kebab-case, such as `legacy-imports`.
    pub metric: Cow<'static, str>,
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
    /// The value for each domain, of all its packages together; a domain about
    /// whose packages nothing is known is left out.
    pub by_domain: BTreeMap<String, f64>,
}

impl Figure {
    /// Whether it is known for packages as well; what a command gives is not.
    #[must_use]
    pub fn splits(&self) -> bool {
        matches!(self.metric, Cow::Borrowed(_))
    }
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
    /// Whom it looks at, such as `package shop`; `None` for the whole workspace.
    pub scope: Option<String>,
    /// The target as a person reads it, such as `at most 0`.
    pub target: String,
    /// What was measured; `None` when it could not be.
    pub figure: Option<f64>,
    /// What came of it.
    pub verdict: Verdict,
}

impl GateResult {
    /// The metric, and of whom: `legacy-imports of package shop`.
    #[must_use]
    pub fn subject(&self) -> Cow<'_, str> {
        match &self.scope {
            None => Cow::Borrowed(&self.metric),
            Some(scope) => Cow::Owned(format!("{} of {scope}", self.metric)),
        }
    }
}

/// What a person has to say about a phase, and whether it is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CriterionResult {
    /// The phase that asks for it.
    pub phase: String,
    /// What has to be true.
    pub text: String,
    /// Who says so.
    pub owner: Option<String>,
    /// The day until which it should be, as `2026-01-31`.
    pub due: Option<String>,
    /// The day on which it was found true; open without one.
    pub done: Option<String>,
}

impl CriterionResult {
    /// What is known of it: `done on 2026-01-31, says ada`.
    #[must_use]
    pub fn state(&self) -> String {
        let owner = self.owner.as_deref().unwrap_or("nobody");
        match (&self.done, &self.due) {
            (Some(done), _) => format!("done on {done}, says {owner}"),
            (None, Some(due)) => format!("open, due {due}, owned by {owner}"),
            (None, None) => format!("open, owned by {owner}"),
        }
    }
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
    /// What only people can judge, in the order of the roadmap.
    pub criteria: Vec<CriterionResult>,
    /// What else there is to know.
    pub notes: Vec<Note>,
}

impl Audit {
    /// Whether every gate is known to hold and every criterion is done; findings
    /// are not asked.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.gates.iter().all(|gate| gate.verdict == Verdict::Holds)
            && self.criteria.iter().all(|criterion| criterion.done.is_some())
    }

    /// Whether all that the phase `name` asks for is known to hold.
    #[must_use]
    pub fn phase_holds(&self, name: &str) -> bool {
        let gates = self.gates.iter().filter(|gate| gate.phase == name);
        let criteria = self.criteria.iter().filter(|criterion| criterion.phase == name);
        gates
            .map(|gate| gate.verdict == Verdict::Holds)
            .chain(criteria.map(|it| it.done.is_some()))
            .all(|it| it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(verdict: Verdict) -> GateResult {
        let (phase, metric, target) = ("one".to_owned(), "x".to_owned(), "at most 0".to_owned());
        GateResult { phase, metric, scope: None, target, figure: None, verdict }
    }

    #[test]
    fn what_nobody_can_say_does_not_hold() {
        let audit = |gates| Audit { gates, ..Audit::default() };
        assert!(audit(vec![]).holds());
        assert!(audit(vec![gate(Verdict::Holds)]).holds());
        assert!(!audit(vec![gate(Verdict::Holds), gate(Verdict::Unknown)]).holds());
        assert!(!audit(vec![gate(Verdict::Fails)]).holds());
    }

    #[test]
    fn what_only_a_person_can_say_is_open_until_it_is_said() {
        let criterion = |done: Option<&str>| CriterionResult {
            phase: "one".to_owned(),
            text: "x".to_owned(),
            owner: Some("ada".to_owned()),
            due: Some("2026-02-28".to_owned()),
            done: done.map(str::to_owned),
        };
        let audit = |criteria| Audit { criteria, ..Audit::default() };
        let (open, done) = (criterion(None), criterion(Some("2026-01-31")));
        assert_eq!(open.state(), "open, due 2026-02-28, owned by ada");
        assert_eq!(done.state(), "done on 2026-01-31, says ada");
        assert!(audit(vec![done.clone()]).holds());
        let both = audit(vec![done, open]);
        assert!(!both.holds() && !both.phase_holds("one") && both.phase_holds("two"));
    }
}
