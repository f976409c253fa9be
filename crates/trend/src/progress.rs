//! All that there is to report, as one value.

use std::collections::BTreeSet;

use crate::{Better, Claim, Forecast, GateState, Measure, Measured, Scope, forecast, related};

/// A commit, as a report names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// The commit; `None` for the tree as it lies, where there is no git.
    pub id: Option<String>,
    /// Seconds since 1970; `None` where there is no git.
    pub time: Option<i64>,
    /// The first line of its message; empty for the tree as it lies.
    pub subject: String,
}

impl Moment {
    /// The day, in UTC, as `2025-07-01`.
    #[must_use]
    pub fn day(&self) -> Option<String> {
        self.time.map(|time| crate::day(time).to_string())
    }
}

/// What was measured at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// When.
    pub moment: Moment,
    /// What.
    pub measured: Measured,
}

/// The stretch that a report is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// What it is called, such as `week`; `None` when it is all that was looked
    /// at.
    pub name: Option<&'static str>,
    /// The place of the point at which it begins.
    pub from: usize,
    /// How many commits were made in it.
    pub commits: usize,
}

/// A metric that got worse.
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    /// The metric.
    pub metric: String,
    /// Which way it should go.
    pub better: Better,
    /// The figure before.
    pub before: f64,
    /// The figure after.
    pub after: f64,
    /// The commit, when it was looked for: the first that is worse than before,
    /// seen from one that is not. The figures are those at its parent and at it.
    pub at: Option<Moment>,
    /// The moments between which it got worse, when no commit is known.
    pub between: (Moment, Moment),
}

/// A claim beside what was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedClaim {
    /// The commit that makes it.
    pub moment: Moment,
    /// What it says.
    pub claim: Claim,
    /// What was measured at its parent.
    pub before: Option<f64>,
    /// What was measured at it.
    pub after: Option<f64>,
    /// The same of the metric that may be meant as well, when it was measured
    /// at both.
    pub also: Option<(String, f64, f64)>,
}

impl CheckedClaim {
    /// `claim`, made by the commit `moment`, beside what was measured at its
    /// parent and at it.
    #[must_use]
    pub fn new(claim: Claim, moment: Moment, before: Option<&Measured>, after: Option<&Measured>) -> Self {
        let measured = |claim: &Claim, at: Option<&Measured>| at.and_then(|at| claim.measured(at));
        let also = related(&claim.metric).and_then(|metric| {
            let other = Claim { metric: metric.to_owned(), ..claim.clone() };
            let figures = measured(&other, before).zip(measured(&other, after));
            figures.map(|(before, after)| (other.metric, before, after))
        });
        let (before, after) = (measured(&claim, before), measured(&claim, after));
        Self { moment, claim, before, after, also }
    }
}

/// What stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// What it is: `gate`, `decision`, `contract`, `unknown`.
    pub kind: &'static str,
    /// The phase that it holds up.
    pub phase: String,
    /// What it is, as a sentence without a full stop.
    pub text: String,
}

/// All that there is to report.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// What was measured, the oldest first; at least one, and the last is now.
    pub points: Vec<Point>,
    /// What the report is about.
    pub stretch: Stretch,
    /// The names and titles of the phases, in the order of the roadmap.
    pub phases: Vec<(String, String)>,
    /// Where it got worse.
    pub regressions: Vec<Regression>,
    /// What was said.
    pub claims: Vec<CheckedClaim>,
    /// What stands in the way.
    pub blockers: Vec<Blocker>,
    /// What else there is to know.
    pub notes: Vec<String>,
}

/// A metric over the stretch.
#[derive(Debug, Clone, PartialEq)]
pub struct Movement {
    /// The metric.
    pub metric: String,
    /// Which way it should go.
    pub better: Better,
    /// The figure when the stretch began.
    pub before: Option<f64>,
    /// The figure now.
    pub now: Option<f64>,
}

impl Movement {
    /// Whether it got better (`Some(true)`) or worse; `None` when it did
    /// neither, or nobody can say.
    #[must_use]
    pub fn is_better(&self) -> Option<bool> {
        let (before, now) = self.before.zip(self.now)?;
        match (self.better.is_worse(before, now), self.better.is_worse(now, before)) {
            (true, _) => Some(false),
            (_, true) => Some(true),
            _ => None,
        }
    }
}

/// A phase over the stretch.
#[derive(Debug, Clone, PartialEq)]
pub struct PhaseProgress {
    /// Its name.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Each gate when the stretch began, now, and when it will hold.
    pub gates: Vec<(Option<GateState>, GateState, Option<Forecast>)>,
}

impl PhaseProgress {
    /// How many gates hold now.
    #[must_use]
    pub fn held(&self) -> usize {
        self.gates.iter().filter(|(_, now, _)| now.holds == Some(true)).count()
    }
}

impl Progress {
    /// When the stretch begins; `None` without a point.
    #[must_use]
    pub fn first(&self) -> Option<&Point> {
        self.points.get(self.stretch.from).or_else(|| self.points.first())
    }

    /// What was measured last; `None` without a point.
    #[must_use]
    pub fn last(&self) -> Option<&Point> {
        self.points.last()
    }

    /// Whether there is anything to compare with.
    #[must_use]
    pub fn has_past(&self) -> bool {
        self.stretch.from + 1 < self.points.len()
    }

    /// Every metric of today over the stretch.
    #[must_use]
    pub fn movements(&self) -> Vec<Movement> {
        let measures = self.last().map_or(&[][..], |point| &point.measured.measures);
        let before = self.before();
        let movement = |measure: &Measure| Movement {
            metric: measure.metric.clone(),
            better: measure.better,
            before: before.and_then(|before| before.value(&measure.metric)),
            now: measure.value,
        };
        measures.iter().map(movement).collect()
    }

    fn before(&self) -> Option<&Measured> {
        self.first().filter(|_| self.has_past()).map(|point| &point.measured)
    }

    /// The figures of `metric` over all points, with their times.
    #[must_use]
    pub fn series(&self, metric: &str) -> Vec<(i64, f64)> {
        let value = |point: &Point| Some((point.moment.time?, point.measured.value(metric)?));
        self.points.iter().filter_map(value).collect()
    }

    /// Every phase over the stretch.
    #[must_use]
    pub fn phases(&self) -> Vec<PhaseProgress> {
        let gates = self.last().map_or(&[][..], |point| &point.measured.gates);
        let phase = |(name, title): &(String, String)| PhaseProgress {
            name: name.clone(),
            title: title.clone(),
            gates: gates.iter().filter(|gate| gate.phase == *name).map(|gate| self.gate(gate)).collect(),
        };
        self.phases.iter().map(phase).collect()
    }

    fn gate(&self, now: &GateState) -> (Option<GateState>, GateState, Option<Forecast>) {
        let same = |gate: &&GateState| {
            (&gate.phase, &gate.metric, &gate.target) == (&now.phase, &now.metric, &now.target)
        };
        let before = self.before().and_then(|before| before.gates.iter().find(same)).cloned();
        let forecast = now.number().map(|target| {
            let is_met = now.holds == Some(true);
            forecast(&self.series(&now.metric), target, is_met)
        });
        (before, now.clone(), forecast)
    }

    /// The packages of today, each with its domain and what changed for it:
    /// every metric that says something of it, in the order of the metrics.
    #[must_use]
    pub fn scorecards(&self) -> Vec<(&str, Option<&str>, Vec<Movement>)> {
        let Some(last) = self.last().map(|point| &point.measured) else { return Vec::new() };
        let cards = last.packages.iter().map(|(name, line)| {
            let movements = last.measures.iter().filter_map(|measure| {
                let now = of_package(last, measure, name);
                let before = self.before().and_then(|before| {
                    let measure = before.measure(&measure.metric)?;
                    of_package(before, measure, name)
                });
                let (metric, better) = (measure.metric.clone(), measure.better);
                now.is_some().then_some(Movement { metric, better, before, now })
            });
            (name.as_str(), line.domain.as_deref(), movements.collect())
        });
        cards.collect()
    }

    /// The packages that came and those that went, by name.
    #[must_use]
    pub fn packages_changed(&self) -> (Vec<&str>, Vec<&str>) {
        let (Some(before), Some(last)) = (self.before(), self.last()) else {
            return (Vec::new(), Vec::new());
        };
        let names =
            |measured: &'_ Measured| -> BTreeSet<String> { measured.packages.keys().cloned().collect() };
        let (old, new) = (names(before), names(&last.measured));
        let come = last.measured.packages.keys().filter(|name| !old.contains(*name)).map(String::as_str);
        let gone = before.packages.keys().filter(|name| !new.contains(*name)).map(String::as_str);
        (come.collect(), gone.collect())
    }
}

/// What `measure` says of a package: what counts says nothing of packages in
/// which there is nothing to count, and that is 0.
fn of_package(measured: &Measured, measure: &Measure, package: &str) -> Option<f64> {
    let counts_packages = !measure.by_package.is_empty() || measure.value == Some(0.0);
    match measure.by_package.get(package) {
        Some(value) => Some(*value),
        None if measure.better == Better::Lower && counts_packages => {
            measured.packages.contains_key(package).then_some(0.0)
        }
        None => None,
    }
}

impl Claim {
    /// What was measured of what the claim is about.
    #[must_use]
    pub fn measured(&self, measured: &Measured) -> Option<f64> {
        let measure = measured.measure(&self.metric)?;
        match &self.scope {
            Scope::Whole => measure.value,
            Scope::Package(name) => of_package(measured, measure, name),
        }
    }
}

impl GateState {
    /// The number that the target names; `None` where it is none.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        self.target.split(' ').rev().find_map(|word| word.parse().ok())
    }
}

#[cfg(test)]
mod tests;
