//! For tests: a small report with everything in it.

use std::collections::BTreeMap;

use repot_trend::{
    Better, Blocker, CheckedClaim, Claim, Claimed, Edge, GateState, Graph, Measure, Measured, Moment, Node,
    PackageLine, Point, Progress, Regression, Scope, Stretch,
};

const WEEK: i64 = 7 * 86_400;
/// 2025-07-07, a Monday, at noon.
const MONDAY: i64 = 1_751_889_600;

pub(crate) fn moment(week: i64, subject: &str) -> Moment {
    let id = format!("{}{}", "0123abcd".repeat(4), "0".repeat(7)) + &week.to_string();
    Moment { id: Some(id), time: Some(MONDAY + week * WEEK), subject: subject.to_owned() }
}

fn measured(legacy: f64, share: f64, forbidden: usize, packages: &[(&str, &str)]) -> Measured {
    let measure = |metric: &str, better, value: Option<f64>, package: f64| Measure {
        metric: metric.to_owned(),
        better,
        value,
        by_package: BTreeMap::from([("orders".to_owned(), package)]),
    };
    let gate = |metric: &str, target: &str, figure: Option<f64>, holds| GateState {
        phase: "boundaries".to_owned(),
        metric: metric.to_owned(),
        target: target.to_owned(),
        figure,
        holds,
    };
    let node = |name: &str| Node { domain: Some(name.to_owned()), name: name.to_owned(), packages: 1 };
    let line = |(name, domain): &(&str, &str)| {
        let folder = format!("packages/{name}");
        ((*name).to_owned(), PackageLine { folder, domain: Some((*domain).to_owned()) })
    };
    Measured {
        measures: vec![
            measure("legacy-imports", Better::Lower, Some(legacy), legacy),
            measure("template-compliance", Better::Higher, Some(share), share),
            Measure { by_package: BTreeMap::new(), ..measure("test-coverage", Better::Higher, None, 0.0) },
        ],
        gates: vec![
            gate("legacy-imports", "at most 0", Some(legacy), Some(legacy == 0.0)),
            gate("template-compliance", "at least 50", Some(share), Some(share >= 50.0)),
            gate("test-coverage", "at least 80", None, None),
        ],
        findings: BTreeMap::from([(
            "orders".to_owned(),
            BTreeMap::from([
                ("domain-imports".to_owned(), forbidden),
                ("legacy-imports".to_owned(), legacy as usize),
            ]),
        )]),
        packages: packages.iter().map(line).collect(),
        domains: Graph {
            nodes: vec![node("sales"), node("store")],
            edges: vec![Edge {
                from: "sales".to_owned(),
                to: "store".to_owned(),
                names: forbidden + 1,
                forbidden,
            }],
        },
    }
}

/// Six weeks in which one thing got better, one worse, and one is not known.
pub(crate) fn progress() -> Progress {
    let legacy = [90.0, 84.0, 86.0, 70.0, 61.0, 50.0];
    let points = legacy.iter().zip(0..).map(|(legacy, week)| Point {
        moment: moment(week, &format!("week {week}")),
        measured: match week {
            5 => measured(*legacy, 55.5, 2, &[("mail", "store"), ("orders", "sales"), ("stock", "store")]),
            _ => measured(*legacy, 60.0, 0, &[("orders", "sales"), ("stock", "store"), ("wares", "store")]),
        },
    });
    let claim = |metric: &str, scope, claimed, line: &str| CheckedClaim {
        moment: moment(5, "All done"),
        claim: Claim { metric: metric.to_owned(), scope, claimed, line: line.to_owned() },
        before: Some(61.0),
        after: Some(50.0),
        also: (metric != "legacy-imports").then(|| ("legacy-imports".to_owned(), 61.0, 50.0)),
    };
    Progress {
        points: points.collect(),
        stretch: Stretch { name: Some("week"), from: 4, commits: 12 },
        phases: vec![("boundaries".to_owned(), "Emergency fixes: boundaries".to_owned())],
        regressions: vec![Regression {
            metric: "template-compliance".to_owned(),
            better: Better::Higher,
            before: 60.0,
            after: 55.5,
            at: Some(moment(5, "Move | things `around`")),
            between: (moment(4, "week 4"), moment(5, "Move | things `around`")),
        }],
        claims: vec![
            claim("legacy-imports", Scope::Whole, Claimed::Complete, "Complete elimination of mono imports"),
            claim(
                "legacy-imports",
                Scope::Package("orders".to_owned()),
                Claimed::Change { before: 90.0, after: 0.0 },
                "orders package: mono imports 90 → 0",
            ),
            claim("boundary-violations", Scope::Whole, Claimed::Figure(3266.0), "3,266 violations"),
        ],
        blockers: vec![
            Blocker {
                kind: "gate",
                phase: "boundaries".to_owned(),
                text: "legacy-imports is 50, wanted at most 0".to_owned(),
            },
            Blocker {
                kind: "unknown",
                phase: "boundaries".to_owned(),
                text: "test-coverage is unknown, wanted at least 80".to_owned(),
            },
        ],
        notes: vec!["the clone is shallow".to_owned()],
    }
}

/// The small report that `docs/json.md` shows.
pub(crate) fn documented() -> Progress {
    let mut progress = progress();
    progress.points.drain(..4);
    progress.stretch.from = 0;
    progress.claims.truncate(1);
    progress.blockers.truncate(1);
    for point in &mut progress.points {
        point.measured.measures.truncate(1);
        point.measured.gates.truncate(1);
    }
    progress
}
