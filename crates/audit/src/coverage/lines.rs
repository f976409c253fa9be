//! The measured lines of one file, how two measurements unite, and what they
//! come to.

use std::collections::BTreeMap;

use crate::figure::as_figure;

/// What was measured of one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lines {
    /// Whether each line with a statement was run, by its number from 1.
    lines: BTreeMap<u32, bool>,
    /// The branches that leave a line: how many were taken, of how many.
    branches: BTreeMap<u32, (usize, usize)>,
}

/// Sums over lines and branches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Measures {
    pub covered_lines: usize,
    pub lines: usize,
    pub covered_branches: usize,
    pub branches: usize,
}

impl Lines {
    /// Notes that the line `number` has a statement, and whether it was run.
    pub fn line(&mut self, number: u32, is_covered: bool) {
        *self.lines.entry(number).or_default() |= is_covered;
    }

    /// Notes that of `all` branches that leave a line, `taken` were taken.
    pub fn branches(&mut self, number: u32, taken: usize, all: usize) {
        let known = self.branches.entry(number).or_default();
        *known = (known.0.max(taken), known.1.max(all));
    }

    /// Adds one branch that leaves a line.
    pub fn branch(&mut self, number: u32, is_taken: bool) {
        let known = self.branches.entry(number).or_default();
        *known = (known.0 + usize::from(is_taken), known.1 + 1);
    }

    /// Takes what another report knows of the same file: a line is covered when
    /// either covers it. Which branches of a line were taken is not known
    /// everywhere, so the larger number of them counts.
    pub fn unite(&mut self, other: &Self) {
        other.lines.iter().for_each(|(number, is_covered)| self.line(*number, *is_covered));
        other.branches.iter().for_each(|(number, (taken, all))| self.branches(*number, *taken, *all));
    }

    /// Whether nothing was measured.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.branches.is_empty()
    }

    /// The last line that was measured.
    pub fn last(&self) -> u32 {
        self.lines.keys().chain(self.branches.keys()).max().copied().unwrap_or_default()
    }

    /// The sums.
    pub fn measures(&self) -> Measures {
        Measures {
            covered_lines: self.lines.values().filter(|is_covered| **is_covered).count(),
            lines: self.lines.len(),
            covered_branches: self.branches.values().map(|(taken, _)| taken).sum(),
            branches: self.branches.values().map(|(_, all)| all).sum(),
        }
    }
}

impl Measures {
    /// Adds the sums of another file.
    pub fn add(&mut self, other: Self) {
        self.covered_lines += other.covered_lines;
        self.lines += other.lines;
        self.covered_branches += other.covered_branches;
        self.branches += other.branches;
    }

    /// What is covered, lines and branches alike, as coverage.py counts.
    pub fn part(self) -> usize {
        self.covered_lines + self.covered_branches
    }

    /// All that could be.
    pub fn whole(self) -> usize {
        self.lines + self.branches
    }
}

/// A share as `coverage report --precision=1` shows it: to the nearest tenth,
/// but 0 and 100 only where it is nothing and all.
pub fn share(part: usize, whole: usize) -> f64 {
    let share = as_figure(part) * 100.0 / as_figure(whole.max(1));
    if part == 0 || part >= whole {
        return share;
    }
    let rounded = format!("{share:.1}").parse().unwrap_or(share);
    f64::clamp(rounded, 0.1, 99.9)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(lines: &[(u32, bool)], branches: &[(u32, bool)]) -> Lines {
        let mut made = Lines::default();
        lines.iter().for_each(|(number, is_covered)| made.line(*number, *is_covered));
        branches.iter().for_each(|(number, is_taken)| made.branch(*number, *is_taken));
        made
    }

    #[test]
    fn a_share_is_rounded_as_coverage_does() {
        let shares = [(0, 9), (1, 3), (2, 3), (1, 2000), (1999, 2000), (9, 9), (1, 16), (3, 16)];
        let shown = shares.map(|(part, whole)| share(part, whole));
        assert_eq!(shown, [0.0, 33.3, 66.7, 0.1, 99.9, 100.0, 6.2, 18.8]);
    }

    proptest! {
        #[test]
        fn uniting_never_loses_and_knows_no_order(
            one in prop::collection::vec((1..9_u32, any::<bool>()), 0..9),
            other in prop::collection::vec((1..9_u32, any::<bool>()), 0..9),
        ) {
            let (a, b) = (lines(&one, &one), lines(&other, &other));
            let (mut ab, mut ba, mut aa) = (a.clone(), b.clone(), a.clone());
            ab.unite(&b);
            ba.unite(&a);
            aa.unite(&a);
            prop_assert_eq!(&ab, &ba);
            prop_assert_eq!(&aa, &a);
            prop_assert!(ab.measures().part() >= a.measures().part().max(b.measures().part()));
            prop_assert!(ab.measures().part() <= ab.measures().whole());
        }
    }
}
