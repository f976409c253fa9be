//! What a report is made of.

use std::collections::BTreeMap;

use super::*;
use crate::{Claimed, Outlook, PackageLine};

const WEEK: i64 = 7 * 86_400;

fn measured(value: f64, packages: &[(&str, f64)]) -> Measured {
    let line = PackageLine { folder: String::new(), domain: None };
    let gate = GateState {
        phase: "one".to_owned(),
        metric: "legacy-imports".to_owned(),
        target: "at most 10".to_owned(),
        figure: Some(value),
        holds: Some(value <= 10.0),
    };
    let off = packages.iter().filter(|(_, value)| *value > 0.0);
    Measured {
        measures: vec![Measure {
            metric: "legacy-imports".to_owned(),
            better: Better::Lower,
            value: Some(value),
            by_package: off.map(|(name, value)| ((*name).to_owned(), *value)).collect(),
        }],
        gates: vec![gate],
        packages: packages.iter().map(|(name, _)| ((*name).to_owned(), line.clone())).collect(),
        findings: BTreeMap::new(),
        ..Measured::default()
    }
}

fn progress(values: &[f64], from: usize) -> Progress {
    let point = |(week, value): (i64, &f64)| Point {
        moment: Moment { id: Some(week.to_string()), time: Some(week * WEEK), subject: String::new() },
        measured: measured(*value, &[("a", *value), ("b", 0.0)]),
    };
    Progress {
        points: (0..).zip(values).map(point).collect(),
        stretch: Stretch { name: None, from, commits: 1 },
        phases: vec![("one".to_owned(), "One".to_owned())],
        regressions: Vec::new(),
        claims: Vec::new(),
        blockers: Vec::new(),
        notes: Vec::new(),
    }
}

#[test]
fn a_stretch_is_compared_and_all_of_history_makes_the_trend() {
    let found = progress(&[60.0, 50.0, 40.0, 30.0, 20.0], 3);
    let movement = &found.movements()[0];
    assert_eq!((movement.before, movement.now, movement.is_better()), (Some(30.0), Some(20.0), Some(true)));
    let (before, now, forecast) = found.phases()[0].gates[0].clone();
    assert_eq!((before.unwrap().figure, now.figure), (Some(30.0), Some(20.0)));
    let Outlook::Towards { day: Some(day), .. } = forecast.unwrap().outlook else { panic!("a trend") };
    assert_eq!(day.to_string(), "1970-02-05", "a week after the last point");
    assert_eq!(found.phases()[0].held(), 0);
    assert_eq!(progress(&[60.0, 10.0], 0).phases()[0].held(), 1);
}

#[test]
fn a_single_point_has_nothing_to_compare_with() {
    let found = progress(&[5.0], 0);
    assert!(!found.has_past() && found.movements()[0].before.is_none());
    assert_eq!(found.movements()[0].is_better(), None);
    assert_eq!(found.packages_changed(), (vec![], vec![]));
}

#[test]
fn a_package_without_anything_to_count_has_none() {
    let cards = progress(&[9.0, 4.0], 0);
    let cards = cards.scorecards();
    let figures: Vec<_> = cards.iter().map(|(name, _, it)| (*name, it[0].before, it[0].now)).collect();
    assert_eq!(figures, [("a", Some(9.0), Some(4.0)), ("b", Some(0.0), Some(0.0))]);
}

#[test]
fn packages_come_and_go() {
    let mut found = progress(&[9.0, 4.0], 0);
    found.points[1].measured = measured(1.0, &[("b", 0.0), ("c", 1.0)]);
    assert_eq!(found.packages_changed(), (vec!["c"], vec!["a"]));
}

#[test]
fn a_claim_of_a_package_is_compared_with_that_package() {
    let measured = measured(9.0, &[("a", 9.0), ("b", 0.0)]);
    let claim = |metric: &str, scope| Claim {
        metric: metric.to_owned(),
        scope,
        claimed: Claimed::Complete,
        line: String::new(),
    };
    let package = |name: &str| Scope::Package(name.to_owned());
    assert_eq!(claim("legacy-imports", Scope::Whole).measured(&measured), Some(9.0));
    assert_eq!(claim("legacy-imports", package("b")).measured(&measured), Some(0.0));
    assert_eq!(claim("legacy-imports", package("gone")).measured(&measured), None);
    assert_eq!(claim("other", Scope::Whole).measured(&measured), None);
}

#[test]
fn what_may_be_meant_as_well_stands_beside_a_claim() {
    let (before, after) = (measured(9.0, &[]), measured(4.0, &[]));
    let claim = |metric: &str| Claim {
        metric: metric.to_owned(),
        scope: Scope::Whole,
        claimed: Claimed::Complete,
        line: String::new(),
    };
    let moment = || Moment { id: None, time: None, subject: String::new() };
    let checked = |metric: &str, after| CheckedClaim::new(claim(metric), moment(), Some(&before), after);
    let found = checked("boundary-violations", Some(&after));
    assert_eq!((found.before, found.also), (None, Some(("legacy-imports".to_owned(), 9.0, 4.0))));
    assert_eq!(checked("boundary-violations", None).also, None);
    let found = checked("legacy-imports", Some(&after));
    assert_eq!((found.before, found.after, found.also), (Some(9.0), Some(4.0), None));
}
