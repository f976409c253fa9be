//! The commit at which a metric got worse.
//!
//! Between two commits that were measured, of which the later is worse, there
//! is at least one step at which the metric passes the earlier figure. Halving
//! the commits between finds one such step with few measurements; where there
//! are several, one of them.

use std::collections::BTreeSet;

use crate::Better;

/// The search for one step.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// The metric.
    pub metric: String,
    /// Which way it should go.
    pub better: Better,
    /// The figure at the beginning.
    pub base: f64,
    /// The place of a commit that is known to be as good as the beginning, or
    /// better.
    pub good: usize,
    /// The place of a later one that is worse.
    pub bad: usize,
    /// Where the search goes on: at `good`, or behind it where commits could not
    /// be measured.
    from: usize,
}

impl Search {
    /// The search between the places `good` and `bad`, of which the first has
    /// the figure `base`.
    #[must_use]
    pub fn new(metric: &str, better: Better, base: f64, (good, bad): (usize, usize)) -> Self {
        Self { metric: metric.to_owned(), better, base, good, bad, from: good }
    }

    /// The place of the commit that is to be measured next; `None` when nothing
    /// is left to be asked.
    #[must_use]
    pub fn next(&self) -> Option<usize> {
        (self.bad > self.from + 1).then(|| usize::midpoint(self.from, self.bad))
    }

    /// Takes in what was measured at [`next`](Self::next).
    pub fn tell(&mut self, place: usize, value: Option<f64>) {
        match value {
            Some(value) if self.better.is_worse(self.base, value) => self.bad = place,
            Some(_) => (self.good, self.from) = (place, place),
            None => self.from = place,
        }
    }

    /// The place of the commit that is worse while the one before it is not;
    /// `None` while there are commits between of which nothing is known.
    #[must_use]
    pub fn found(&self) -> Option<usize> {
        (self.bad == self.good + 1).then_some(self.bad)
    }
}

/// The places that all of `searches` want to be measured next.
#[must_use]
pub fn searches(searches: &[Search]) -> BTreeSet<usize> {
    searches.iter().filter_map(Search::next).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(values: &[f64], better: Better) -> (usize, usize) {
        let (base, last) = (values[0], values.len() - 1);
        let mut search = Search::new("x", better, base, (0, last));
        let mut asked = 0;
        while let Some(place) = search.next() {
            search.tell(place, Some(values[place]));
            asked += 1;
        }
        (search.found().unwrap(), asked)
    }

    #[test]
    fn what_cannot_be_measured_is_between() {
        let mut search = Search::new("x", Better::Lower, 3.0, (0, 8));
        let unknown = |place: usize| (3..6).contains(&place);
        while let Some(place) = search.next() {
            let value = if place < 6 { 3.0 } else { 4.0 };
            search.tell(place, (!unknown(place)).then_some(value));
        }
        assert_eq!((search.found(), search.bad), (None, 6));
        assert!(search.good < 3);
    }

    #[test]
    fn the_step_is_found_with_few_questions() {
        let mut values = vec![3.0; 1000];
        values[617..].fill(4.0);
        let (place, asked) = found(&values, Better::Lower);
        assert_eq!(place, 617);
        assert!(asked <= 10);
    }

    proptest! {
        #[test]
        fn what_is_found_is_a_step(values in prop::collection::vec(0u8..4, 2..60), is_share: bool) {
            let better = if is_share { Better::Higher } else { Better::Lower };
            let mut values: Vec<f64> = values.into_iter().map(f64::from).collect();
            let base = values[0];
            *values.last_mut().unwrap() = if is_share { base - 1.0 } else { base + 1.0 };
            let (place, _) = found(&values, better);
            prop_assert!(better.is_worse(base, values[place]));
            prop_assert!(!better.is_worse(base, values[place - 1]));
        }
    }
}
