//! Versions and requirements, as PEP 440 and PEP 508 read them.

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};
use pep508_rs::{Requirement, VerbatimUrl};

use crate::{Asks, Stated};

/// The name of a distribution or an extra as PEP 503 compares it.
#[must_use]
pub fn normal(name: &str) -> String {
    let mut normal = String::new();
    for char in name.chars() {
        match char {
            '-' | '_' | '.' if normal.ends_with('-') => {}
            '-' | '_' | '.' => normal.push('-'),
            _ => normal.extend(char.to_lowercase()),
        }
    }
    normal
}

/// A requirement that PEP 508 accepts.
pub(crate) fn requirement(text: &str) -> Option<Requirement<VerbatimUrl>> {
    Requirement::from_str(text).ok()
}

/// Whether the requirement names a place and not a version; one that hatchling
/// fills in, such as `{root:uri}`, is a place as well.
pub(crate) fn is_direct(text: &str) -> bool {
    Stated::read(text).is_some_and(|found| matches!(found.asks, Asks::Place(_)))
}

/// The versions of Python that could be meant, each by its first and a late
/// release.
pub(crate) fn pythons() -> impl Iterator<Item = Version> {
    let minors = (0..=40).flat_map(|minor| [0, 1, 2, 3, 5, 9, 30].map(|patch| [3, minor, patch]));
    [[2, 7, 0], [2, 7, 18]].into_iter().chain(minors).chain([[4, 0, 0], [4, 1, 0]]).map(Version::new)
}

/// The Pythons that `specifiers` take in.
fn taken(specifiers: &VersionSpecifiers) -> Vec<Version> {
    pythons().filter(|version| specifiers.contains(version)).collect()
}

/// What `requires-python` has to be, so that it is at least as strict as
/// `wanted`; `None` when it is already.
///
/// # Errors
///
/// When one of them is no specifier, or when no Python is left.
pub(crate) fn raised(stated: &str, wanted: &str) -> Result<Option<String>, String> {
    let read = |text: &str| {
        VersionSpecifiers::from_str(text).map_err(|_| format!("`{text}` is no version specifier"))
    };
    let (own, all) = (read(stated)?, taken(&read(wanted)?));
    let is_taken = |clauses: &VersionSpecifiers| all.iter().all(|version| clauses.contains(version));
    if taken(&own).iter().all(|version| all.contains(version)) && !taken(&own).is_empty() {
        return Ok(None);
    }
    // What the wanted range implies need not be said again.
    let mut clauses = vec![wanted.trim().to_owned()];
    let parts = stated.split(',').map(str::trim).filter(|part| !part.is_empty());
    clauses.extend(parts.filter(|part| !read(part).is_ok_and(|part| is_taken(&part))).map(str::to_owned));
    let joined = clauses.join(",");
    if taken(&read(&joined)?).is_empty() {
        return Err(format!("no Python fits both `{stated}` and `{wanted}`"));
    }
    Ok(Some(joined))
}

/// The minor versions of Python 3 that `specifiers` take in, up to the newest
/// that is out.
pub(crate) fn minors(specifiers: &str) -> Option<Vec<u64>> {
    let specifiers = VersionSpecifiers::from_str(specifiers).ok()?;
    let takes = |minor: &u64| {
        [0, 1, 9, 30].iter().any(|patch| specifiers.contains(&Version::new([3, *minor, *patch])))
    };
    Some((0..=NEWEST).filter(takes).collect())
}

/// The newest minor version that PyPI has a classifier for.
pub(crate) const NEWEST: u64 = 14;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_stricter_python_is_never_lowered() {
        let raise = |stated: &str| raised(stated, ">=3.11").unwrap();
        assert_eq!(raise(">= 3.11"), None);
        assert_eq!(raise(">=3.12,<4"), None);
        assert_eq!(raise("~=3.12.2"), None);
        assert_eq!(raise(">=3.9"), Some(">=3.11".to_owned()));
        assert_eq!(raise(">=3.9,<4"), Some(">=3.11,<4".to_owned()));
        assert_eq!(raise(">=3.8,!=3.11.1"), Some(">=3.11,!=3.11.1".to_owned()));
        assert!(raised("<3.10", ">=3.11").is_err());
        assert!(raised("^3.9", ">=3.11").is_err());
    }

    proptest! {
        #[test]
        fn what_is_raised_takes_in_exactly_what_both_do(low in 5u64..14, high in 8u64..16, wanted in 6u64..15) {
            let (stated, wanted) = (format!(">=3.{low},<3.{high}"), format!(">=3.{wanted}"));
            let read = |text: &str| taken(&VersionSpecifiers::from_str(text).unwrap());
            let both: Vec<Version> = read(&stated).into_iter().filter(|version| read(&wanted).contains(version)).collect();
            match raised(&stated, &wanted) {
                Ok(None) => prop_assert_eq!(both, read(&stated)),
                Ok(Some(text)) => prop_assert_eq!(both, read(&text)),
                Err(_) => prop_assert!(both.is_empty()),
            }
        }
    }
}
