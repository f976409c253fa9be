//! What commit messages say of figures and of completion.
//!
//! A small grammar, line by line; what it does not know, it does not hear. A
//! line makes a claim of a metric when it names the metric's subject
//! ([`subject`]) together with one of these:
//!
//! - `A → B`, `A -> B` or `from A to B`: the figure before and after;
//! - `zero`, `no` or `0` before the subject: there is none left;
//! - a number before the subject and a verb of removal before the number
//!   (`fixed 15 violations`): so many are gone;
//! - a number before the subject (`3,266 violations`), or a share
//!   (`35% template compliance`): so many there are;
//! - a word of totality and a word of removal (`complete elimination of`, `all
//!   … resolved`): there is none left.
//!
//! Lines that speak of one file or of what shall be are passed over. A line, or
//! else the message's first one, that names a package speaks of this package.
//! What is claimed is compared with what was measured, and nobody is judged.

mod subject;
mod words;

use std::collections::BTreeMap;

use subject::{Mention, find};
pub use subject::{Subjects, related};
use words::{Word, words};

use crate::Better;

/// What a claim says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Claimed {
    /// The figure before and after.
    Change {
        /// Before.
        before: f64,
        /// After.
        after: f64,
    },
    /// The figure, before or after.
    Figure(f64),
    /// By how much the figure went down.
    Removed(f64),
    /// There is nothing left.
    Complete,
}

/// What a claim is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The whole workspace.
    Whole,
    /// The package of this name.
    Package(String),
}

/// One claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The metric that it is about.
    pub metric: String,
    /// The package that it is about.
    pub scope: Scope,
    /// What it says.
    pub claimed: Claimed,
    /// The line that says so.
    pub line: String,
}

/// The words of removal, by how they begin.
const REMOVAL: &[&str] =
    &["eliminat", "resolv", "fix", "remov", "replac", "clean", "migrat", "correct", "address"];
/// The words of totality.
const TOTALITY: &[&str] = &[
    "all",
    "every",
    "complete",
    "completed",
    "completes",
    "completely",
    "completing",
    "entire",
    "final",
    "last",
    "fully",
];
/// The words of lines that speak of what shall be, or of looking for it.
const ELSEWHEN: &[&str] = &[
    "will", "should", "todo", "prevent", "prevents", "detect", "detects", "plan", "next", "toward",
    "towards", "need", "needs",
];

/// The claims of a commit message, in its order; of equal ones the first.
#[must_use]
pub fn claims(message: &str, subjects: &Subjects) -> Vec<Claim> {
    let of_message = message.lines().next().and_then(|line| subjects.package_in(line));
    let mut found: Vec<Claim> = Vec::new();
    for line in message.lines() {
        let scope = subjects.package_in(line).or_else(|| of_message.clone());
        let scope = scope.map_or(Scope::Whole, Scope::Package);
        for (metric, claimed) in of_line(line, subjects) {
            let is_new = |claim: &Claim| {
                (&claim.metric, &claim.scope) != (&metric, &scope) || claim.claimed != claimed
            };
            if found.iter().all(is_new) {
                found.push(Claim { metric, scope: scope.clone(), claimed, line: line.trim().to_owned() });
            }
        }
    }
    found
}

fn of_line(line: &str, subjects: &Subjects) -> BTreeMap<String, Claimed> {
    let words = words(line);
    let is_one_file = words.iter().take(2).any(|word| word.text.ends_with(".py"));
    if is_one_file || words.iter().any(|word| ELSEWHEN.contains(&word.text.as_str())) {
        return BTreeMap::new();
    }
    let found = find(&words, subjects);
    if let Some((at, before, after)) = change(&words) {
        // Of several subjects, the change is that of the nearest.
        let distance = |mentions: &[Mention]| mentions.iter().map(|it| it.start.abs_diff(at)).min();
        let nearest = found.into_iter().min_by_key(|(_, mentions)| distance(mentions));
        return nearest.map(|(metric, _)| (metric, Claimed::Change { before, after })).into_iter().collect();
    }
    let said = |(metric, mentions): (String, Vec<Mention>)| {
        let is_share = subjects.metrics.get(&metric) == Some(&Better::Higher);
        said(&words, &mentions, is_share).map(|claimed| (metric, claimed))
    };
    found.into_iter().filter_map(said).collect()
}

/// What is said of one metric, which `mentions` name.
fn said(words: &[Word], mentions: &[Mention], is_share: bool) -> Option<Claimed> {
    let number = mentions.iter().find_map(|mention| number_before(words, mention.start, is_share));
    match number {
        Some((_, 0.0)) if !is_share => Some(Claimed::Complete),
        Some((at, count)) if is_removed(words.get(..at)?) => Some(Claimed::Removed(count)),
        Some((_, count)) => Some(Claimed::Figure(count)),
        None => (!is_share && is_complete(words)).then_some(Claimed::Complete),
    }
}

/// `A → B`, with the unit behind `A` or not, and `from A to B`.
fn change(words: &[Word]) -> Option<(usize, f64, f64)> {
    let arrow = words.iter().position(|word| matches!(word.text.as_str(), "→" | "->" | "=>"));
    let to = words.iter().position(|word| word.text == "to").filter(|to| {
        let from = to.saturating_sub(3);
        words.get(from..*to).unwrap_or_default().iter().any(|word| word.text == "from")
    });
    let at = arrow.or(to)?;
    let before = words.get(at.saturating_sub(3)..at)?.iter().rev().find_map(|word| word.number)?;
    let after = words.get(at + 1)?.number?;
    Some((at, before, after))
}

/// The number directly before the place `start`, or with up to two words of
/// description between, and where it stands.
fn number_before(words: &[Word], start: usize, is_share: bool) -> Option<(usize, f64)> {
    for back in 1..=3 {
        let at = start.checked_sub(back)?;
        let word = words.get(at)?;
        // Another thing, or the end of what is said.
        if word.ends {
            return None;
        }
        let number = if matches!(word.text.as_str(), "zero" | "no") { Some(0.0) } else { word.number };
        if let Some(number) = number {
            // `top 5` are those of a list, and a share is no count.
            let is_rank =
                at.checked_sub(1).and_then(|at| words.get(at)).is_some_and(|word| word.text == "top");
            return (!is_rank && word.is_share() == is_share).then_some((at, number));
        }
        if !word.is_plain() {
            return None;
        }
    }
    None
}

fn is_removed(before: &[Word]) -> bool {
    before.iter().any(|word| starts(word, REMOVAL))
}

fn is_complete(words: &[Word]) -> bool {
    let total = words.iter().any(|word| TOTALITY.contains(&word.text.as_str()));
    total && words.iter().any(|word| starts(word, REMOVAL))
}

fn starts(word: &Word, beginnings: &[&str]) -> bool {
    beginnings.iter().any(|beginning| word.text.starts_with(beginning))
}

#[cfg(test)]
mod tests;
