//! The commit at which a metric got worse.
//!
//! Between two commits that were measured, of which the later is worse, there
//! is at least one step at which the metric passes the earlier figure. Halving
//! the commits between finds one such step with few measurements; where there
//! are several, one of them.

use std::collections::BTreeSet;

use crate::Better;

/// The search for one step: all that lies before `good` is not asked, `good`
/// is not worse than the figure `base`, and `bad` is.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// The metric.
    pub metric: String,
    /// Which way it should go.
    pub better: Better,
    /// The figure at the beginning.
    pub base: f64,
    /// The place of a commit that is as good as the beginning, or better.
    pub good: usize,
    /// The place of a later one that is worse.
    pub bad: usize,
}

impl Search {
    /// The place of the commit that is to be measured next; `None` when the
    /// step is found: it is the commit at `bad`.
    #[must_use]
    pub fn next(&self) -> Option<usize> {
        (self.bad > self.good + 1).then(|| usize::midpoint(self.good, self.bad))
    }

    /// Takes in what was measured at [`next`](Self::next). What could not be
    /// measured counts as good: the step lies behind it, or is it not known.
    pub fn tell(&mut self, place: usize, value: Option<f64>) {
        match value {
            Some(value) if self.better.is_worse(self.base, value) => self.bad = place,
            _ => self.good = place,
        }
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
        let mut search = Search { metric: "x".to_owned(), better, base, good: 0, bad: last };
        let mut asked = 0;
        while let Some(place) = search.next() {
            search.tell(place, Some(values[place]));
            asked += 1;
        }
        (search.bad, asked)
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
