//! Sets of versions, as PEP 440 orders and compares them.
//!
//! The intersection of two specifiers is a specifier again, but whether it
//! leaves any version, and whether one takes in the other, only their sets tell.
//! Local versions (`1.0+cpu`) are passed over, as PEP 440 wants for ranges. A set
//! between two neighbours, such as `>1.0rc1,<1.0rc2.dev0`, counts as one that
//! leaves something.

use std::ops::Bound;

use pep440_rs::{Version, VersionSpecifier, VersionSpecifiers};
use version_ranges::Ranges;

/// A set of versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRange(Ranges<Version>);

impl Default for VersionRange {
    /// All versions.
    fn default() -> Self {
        Self(Ranges::full())
    }
}

impl VersionRange {
    /// The versions that `specifiers` take in; `None` when a number in them is so
    /// large that there is none behind it.
    #[must_use]
    pub fn of(specifiers: &VersionSpecifiers) -> Option<Self> {
        specifiers
            .iter()
            .try_fold(Self::default(), |range, clause| Some(range.and(&Self::of_clause(clause)?)))
    }

    fn of_clause(clause: &VersionSpecifier) -> Option<Self> {
        let version = clause.version();
        let pre = version.pre().map(|pre| pre.number);
        let mut numbers =
            version.release().iter().copied().chain(pre).chain(version.post()).chain(version.dev());
        if numbers.any(|number| number == u64::MAX) {
            return None;
        }
        let ranges = Ranges::<Version>::from(clause.clone());
        Some(Self(ranges.iter().map(|(low, high)| (low.clone(), first_of(high))).collect()))
    }

    /// The versions in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0))
    }

    /// Whether there is no version in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every version in it is in `other`.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.subset_of(&other.0)
    }

    /// Whether `version` is in it.
    #[must_use]
    pub fn contains(&self, version: &Version) -> bool {
        self.0.contains(version)
    }
}

/// A bound below all of a version's releases ends at the first of them, so that
/// `<3` and the end of `==2.*` are one bound.
fn first_of(high: &Bound<Version>) -> Bound<Version> {
    match high {
        Bound::Excluded(version) if version.min().is_some() => {
            Bound::Excluded(version.clone().with_min(None).with_dev(Some(0)))
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> VersionSpecifiers {
        VersionSpecifiers::from_str(text).unwrap()
    }

    fn range(text: &str) -> VersionRange {
        VersionRange::of(&read(text)).unwrap()
    }

    /// Every version that the specifiers below could tell apart.
    fn versions() -> Vec<Version> {
        let stems = (0..6).flat_map(|major| (0..5).map(move |minor| format!("{major}.{minor}")));
        let forms =
            ["", ".dev0", "a1", "rc1", "rc2", ".post1", ".post2", ".0.1", ".1rc1", ".1", ".1.post1", ".7"];
        let texts = stems.flat_map(|stem| forms.map(|form| format!("{stem}{form}")));
        texts.map(|text| Version::from_str(&text).unwrap()).collect()
    }

    fn clause() -> impl Strategy<Value = String> {
        let version = (1..5u64, 1..4u64, prop::sample::select(vec!["", "", "", ".1", ".0", "rc1", ".post1"]))
            .prop_map(|(major, minor, form)| format!("{major}.{minor}{form}"));
        let sign = prop::sample::select(vec![">=", "<=", "==", "!=", "~="]);
        let plain = (prop::sample::select(vec![">", "<"]), 1..5u64, 1..4u64)
            .prop_map(|(sign, major, minor)| format!("{sign}{major}.{minor}"));
        let star = (prop::sample::select(vec!["==", "!="]), 1..5u64, prop::option::of(1..4u64)).prop_map(
            |(sign, major, minor)| match minor {
                Some(minor) => format!("{sign}{major}.{minor}.*"),
                None => format!("{sign}{major}.*"),
            },
        );
        prop_oneof![
            4 => (sign, version).prop_map(|(sign, version)| format!("{sign}{version}")),
            2 => plain,
            1 => star,
        ]
    }

    fn specifiers() -> impl Strategy<Value = String> {
        prop::collection::vec(clause(), 0..4).prop_map(|clauses| clauses.join(","))
    }

    #[test]
    fn one_set_may_be_said_in_several_ways() {
        for (one, other) in
            [("~=2.5", ">=2.5,<3"), ("==2.*", ">=2.dev0,<3"), (">=1.0", ">= 1"), ("~=2.5.0", "==2.5.*,>=2.5")]
        {
            assert_eq!(range(one), range(other), "{one} {other}");
        }
        assert_eq!(VersionRange::of(&read("==18446744073709551615.*")), None);
    }

    proptest! {
        /// The model against the plain reading of each clause.
        #[test]
        fn a_set_holds_what_its_clauses_take_in(text in specifiers()) {
            let (specifiers, range) = (read(&text), range(&text));
            for version in versions() {
                prop_assert_eq!(range.contains(&version), specifiers.contains(&version), "{} {}", &text, version);
            }
        }

        #[test]
        fn sets_compare_as_their_versions_do(one in specifiers(), other in specifiers()) {
            let (left, right) = (range(&one), range(&other));
            let held = |text: &str| -> Vec<Version> {
                let specifiers = read(text);
                versions().into_iter().filter(|version| specifiers.contains(version)).collect()
            };
            let (in_left, in_right) = (held(&one), held(&other));
            let both = in_left.iter().filter(|version| in_right.contains(version)).count();
            prop_assert_eq!(left.and(&right).is_empty(), both == 0, "{} and {}", &one, &other);
            prop_assert_eq!(left.is_within(&right), both == in_left.len(), "{} within {}", &one, &other);
        }
    }
}
