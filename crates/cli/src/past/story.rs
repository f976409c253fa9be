//! What happened between the samples: the commits at which metrics got worse,
//! and what commit messages said beside what was measured.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use repot_git::Commit;
use repot_trend::{CheckedClaim, Claim, Measured, Moment, Regression, Search, Subjects, claims, searches};

use super::Past;
use super::window::Window;
use crate::error::Failure;
use crate::progress::Counted;

/// The commits of a window and what is known of them so far.
pub struct Story<'a> {
    past: &'a Past<'a>,
    window: &'a Window,
    progress: &'a Counted,
    known: HashMap<String, Arc<Measured>>,
}

impl<'a> Story<'a> {
    /// The story of `window`, whose samples are measured now.
    ///
    /// # Errors
    ///
    /// [`Failure`] when git stops answering.
    pub fn new(past: &'a Past<'a>, window: &'a Window, progress: &'a Counted) -> Result<Self, Failure> {
        let mut story = Self { past, window, progress, known: HashMap::new() };
        story.measure(window.samples.iter().copied())?;
        Ok(story)
    }

    /// What was measured at a place, if it could be.
    pub fn at(&self, place: usize) -> Option<&Measured> {
        self.known.get(&self.window.commits.get(place)?.id).map(AsRef::as_ref)
    }

    /// The commit at a place, as a report names it.
    pub fn moment(&self, place: usize) -> Moment {
        self.window.commits.get(place).map_or_else(no_moment, moment)
    }

    /// Where metrics got worse from one sample of the stretch to the next, and
    /// at which commit.
    ///
    /// # Errors
    ///
    /// [`Failure`] when git stops answering.
    pub fn regressions(&mut self) -> Result<Vec<Regression>, Failure> {
        let places: Vec<usize> =
            self.window.samples.iter().copied().filter(|place| *place >= self.window.from).collect();
        let mut found: Vec<Search> =
            places.windows(2).flat_map(|pair| self.worse(pair[0], pair[1])).collect();
        loop {
            let wanted = searches(&found);
            if wanted.is_empty() {
                break;
            }
            self.measure(wanted)?;
            for search in &mut found {
                if let Some(place) = search.next() {
                    let value = self.at(place).and_then(|measured| measured.value(&search.metric));
                    search.tell(place, value);
                }
            }
        }
        // Several stretches may lead to one commit; it is told once.
        found.sort_by(|a, b| (a.bad, &a.metric).cmp(&(b.bad, &b.metric)));
        found.dedup_by(|a, b| (a.bad, &a.metric) == (b.bad, &b.metric));
        Ok(found.iter().filter_map(|search| self.regression(search)).collect())
    }

    fn worse(&self, good: usize, bad: usize) -> Vec<Search> {
        let (Some(before), Some(after)) = (self.at(good), self.at(bad)) else { return Vec::new() };
        let search = |measure: &repot_trend::Measure| {
            let (base, now) = (before.value(&measure.metric)?, measure.value?);
            let search = || Search::new(&measure.metric, measure.better, base, (good, bad));
            measure.better.is_worse(base, now).then(search)
        };
        after.measures.iter().filter_map(search).collect()
    }

    fn regression(&self, search: &Search) -> Option<Regression> {
        let value = |place: usize| self.at(place)?.value(&search.metric);
        Some(Regression {
            metric: search.metric.clone(),
            better: search.better,
            before: value(search.good)?,
            after: value(search.bad)?,
            at: search.found().map(|place| self.moment(place)),
            between: (self.moment(search.good), self.moment(search.bad)),
        })
    }

    /// What the commits of the stretch claim, beside what was measured at each
    /// and at its parent.
    ///
    /// # Errors
    ///
    /// [`Failure`] when git stops answering.
    pub fn claims(&mut self, subjects: &Subjects) -> Result<Vec<CheckedClaim>, Failure> {
        let commits = self.window.commits.iter().enumerate().skip(self.window.from + 1);
        let heard: Vec<(usize, Claim)> = commits
            .flat_map(|(place, commit)| {
                claims(&commit.message, subjects).into_iter().map(move |it| (place, it))
            })
            .collect();
        self.measure(heard.iter().flat_map(|(place, _)| [place - 1, *place]).collect::<BTreeSet<_>>())?;
        let checked = heard.into_iter().map(|(place, claim)| {
            CheckedClaim::new(claim, self.moment(place), self.at(place - 1), self.at(place))
        });
        Ok(checked.collect())
    }

    fn measure(&mut self, places: impl IntoIterator<Item = usize>) -> Result<(), Failure> {
        let commits = places.into_iter().filter_map(|place| self.window.commits.get(place));
        let new: Vec<&Commit> = commits.filter(|commit| !self.known.contains_key(&commit.id)).collect();
        self.known.extend(self.past.measure(&new, self.progress)?);
        Ok(())
    }
}

fn moment(commit: &Commit) -> Moment {
    let subject = commit.message.lines().next().unwrap_or_default().to_owned();
    Moment { id: Some(commit.id.clone()), time: Some(commit.time), subject }
}

/// The tree as it lies.
pub fn no_moment() -> Moment {
    Moment { id: None, time: None, subject: String::new() }
}
