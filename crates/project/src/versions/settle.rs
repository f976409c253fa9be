//! One specifier for what several take in together.
//!
//! It is made of the clauses that people wrote. Which of them are needed is asked
//! of the sets of versions, never of the letters.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::{Operator, Version, VersionSpecifier, VersionSpecifiers};
use repot_roadmap::VersionRange;

/// Specifiers that somebody wrote.
#[derive(Debug, Clone)]
pub(super) struct Written<'a> {
    /// Who, as an index.
    pub by: usize,
    pub specifiers: &'a VersionSpecifiers,
    pub range: VersionRange,
}

/// The text for `joint`, which is what all of `written` take in together, and who
/// wrote each of its clauses.
pub(super) fn joined(joint: &VersionRange, written: &[Written<'_>]) -> (String, Vec<usize>) {
    if let Some(habit) = habit(joint, written) {
        return habit;
    }
    let mut pool = pool(joint, written);
    // Clauses that say two things at once go first.
    pool.sort_by_key(|(clause, _)| match clause.operator() {
        Operator::TildeEqual | Operator::EqualStar | Operator::ExactEqual => 0,
        _ => 1,
    });
    let mut at = 0;
    while at < pool.len() {
        let rest =
            pool.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, (clause, _))| clause.clone());
        if range(rest.collect()).as_ref() == Some(joint) {
            pool.remove(at);
        } else {
            at += 1;
        }
    }
    pool.sort_by(|(a, _), (b, _)| place(a).cmp(&place(b)).then_with(|| a.version().cmp(b.version())));
    let by: BTreeSet<usize> = pool.iter().map(|(_, by)| *by).collect();
    let texts: Vec<String> = pool.iter().map(|(clause, _)| clause.to_string()).collect();
    (texts.join(","), by.into_iter().collect())
}

fn range(clauses: Vec<VersionSpecifier>) -> Option<VersionRange> {
    VersionRange::of(&clauses.into_iter().collect())
}

/// What most write for exactly this set; the shortest of several.
fn habit(joint: &VersionRange, written: &[Written<'_>]) -> Option<(String, Vec<usize>)> {
    let mut texts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for own in written.iter().filter(|own| own.range == *joint) {
        texts.entry(compact(own.specifiers)).or_default().push(own.by);
    }
    let best = |(text, by): &(String, Vec<usize>)| (by.len(), std::cmp::Reverse(text.len()));
    let (text, by) = texts.into_iter().max_by_key(best)?;
    Some((text, by.into_iter().take(1).collect()))
}

/// Specifiers without blanks, each clause as it was.
pub(super) fn compact(specifiers: &VersionSpecifiers) -> String {
    specifiers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Every clause once, with the bounds that `~=` and `==1.*` imply.
fn pool(joint: &VersionRange, written: &[Written<'_>]) -> Vec<(VersionSpecifier, usize)> {
    let mut pool: Vec<(VersionSpecifier, usize)> = Vec::new();
    for own in written {
        for clause in own.specifiers.iter() {
            let implied = implied(clause)
                .into_iter()
                .filter(|implied| range(vec![implied.clone()]).is_some_and(|range| joint.is_within(&range)));
            for clause in [clause.clone()].into_iter().chain(implied) {
                if !pool.iter().any(|(known, _)| *known == clause) {
                    pool.push((clause, own.by));
                }
            }
        }
    }
    pool
}

fn implied(clause: &VersionSpecifier) -> Vec<VersionSpecifier> {
    let version = clause.version();
    let kept = match clause.operator() {
        Operator::TildeEqual => version.release().len().saturating_sub(1),
        Operator::EqualStar => version.release().len(),
        _ => 0,
    };
    let mut upper = version.release().get(..kept).unwrap_or_default().to_vec();
    let Some(last) = upper.last_mut() else { return Vec::new() };
    *last = last.saturating_add(1);
    let upper = VersionSpecifier::less_than_version(Version::new(upper).with_epoch(version.epoch()));
    let lower = (*clause.operator() == Operator::TildeEqual)
        .then(|| VersionSpecifier::greater_than_equal_version(version.clone()));
    lower.into_iter().chain([upper]).collect()
}

/// Lower bounds, upper bounds, exclusions.
fn place(clause: &VersionSpecifier) -> u8 {
    match clause.operator() {
        Operator::LessThan | Operator::LessThanEqual => 1,
        Operator::NotEqual | Operator::NotEqualStar => 2,
        _ => 0,
    }
}
