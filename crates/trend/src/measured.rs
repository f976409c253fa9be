//! What an audit says of a commit that is worth keeping: figures, gates,
//! findings by package and rule, the packages, and the graph of the domains.
//!
//! It is kept on disk between runs, so that names are text and every part can
//! be read back.

use std::collections::BTreeMap;

use repot_audit::{Audit, Figure, Unit, Verdict};
use repot_workspace::Workspace;
use serde::{Deserialize, Serialize};

use crate::{Graph, GraphOf};

/// Which way a metric should go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Better {
    /// It counts what should not be.
    Lower,
    /// It is the share, in percent, of what should be.
    Higher,
}

impl Better {
    /// Whether `now` is worse than `before`.
    #[must_use]
    pub fn is_worse(self, before: f64, now: f64) -> bool {
        match self {
            Self::Lower => now > before,
            Self::Higher => now < before,
        }
    }
}

/// One metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Its name.
    pub metric: String,
    /// Which way it should go.
    pub better: Better,
    /// What was measured; `None` when nobody can say.
    pub value: Option<f64>,
    /// The same for each package.
    pub by_package: BTreeMap<String, f64>,
}

/// A gate of the roadmap at a commit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateState {
    /// The phase.
    pub phase: String,
    /// The metric.
    pub metric: String,
    /// The target, such as `at most 0`.
    pub target: String,
    /// What was measured.
    pub figure: Option<f64>,
    /// Whether it holds; `None` when nobody can say.
    pub holds: Option<bool>,
}

/// A package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageLine {
    /// Its folder.
    pub folder: String,
    /// Its domain.
    pub domain: Option<String>,
}

/// All that is kept of an audit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Measured {
    /// The metrics, in their order.
    pub measures: Vec<Measure>,
    /// The gates, in the order of the roadmap.
    pub gates: Vec<GateState>,
    /// How many findings each package has of each rule.
    pub findings: BTreeMap<String, BTreeMap<String, usize>>,
    /// The packages by their names.
    pub packages: BTreeMap<String, PackageLine>,
    /// The domains and who imports whom.
    pub domains: Graph,
}

impl Measured {
    /// What `audit` says of `workspace`.
    #[must_use]
    pub fn new(workspace: &Workspace, audit: &Audit) -> Self {
        let mut findings: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for finding in &audit.findings {
            let Some(id) = workspace.package_at(&finding.path) else { continue };
            let rules = findings.entry(workspace.package(id).name.clone()).or_default();
            *rules.entry(finding.rule.to_string()).or_default() += 1;
        }
        let package = |id| {
            let package = workspace.package(id);
            let domain = workspace.domains().of(id).map(str::to_owned);
            (package.name.clone(), PackageLine { folder: package.folder.to_string(), domain })
        };
        Self {
            measures: audit.figures.iter().map(measure).collect(),
            gates: audit.gates.iter().map(gate).collect(),
            findings,
            packages: workspace.package_ids().map(package).collect(),
            domains: Graph::new(workspace, GraphOf::Domains),
        }
    }

    /// The measure called `metric`.
    #[must_use]
    pub fn measure(&self, metric: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.metric == metric)
    }

    /// What `metric` measured.
    #[must_use]
    pub fn value(&self, metric: &str) -> Option<f64> {
        self.measure(metric)?.value
    }
}

fn measure(figure: &Figure) -> Measure {
    let better = if figure.unit == Unit::Percent { Better::Higher } else { Better::Lower };
    Measure {
        metric: figure.metric.to_string(),
        better,
        value: figure.value.filter(|value| value.is_finite()),
        by_package: figure.by_package.clone(),
    }
}

fn gate(gate: &repot_audit::GateResult) -> GateState {
    let holds = match gate.verdict {
        Verdict::Holds => Some(true),
        Verdict::Fails => Some(false),
        Verdict::Unknown => None,
    };
    GateState {
        phase: gate.phase.clone(),
        metric: gate.metric.clone(),
        target: gate.target.clone(),
        figure: gate.figure,
        holds,
    }
}
