//! Of two requirements for one distribution, the one that both fulfil.
//!
//! By the same sets of versions as an agreement of the whole workspace, and in
//! the clauses that people wrote.

use pep440_rs::VersionSpecifiers;
use repot_roadmap::VersionRange;

use super::settle::{Written, joined};
use super::{Asks, Stated, spell};
use crate::Key;

/// Two requirements as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joined {
    /// What fulfils both.
    Text(String),
    /// Nothing does.
    Clash,
}

impl Stated {
    /// The requirement that `text` is, as PEP 508 writes it, without a place in
    /// a file.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Self::item(text, Key::new([]), 1)
    }

    /// Whether both ask for one distribution, on the same machines.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.name == other.name && self.marker == other.marker
    }

    /// The requirement for the distribution `name` instead: the extras and the
    /// marker stay, the version does not.
    #[must_use]
    pub fn called(&self, name: &str) -> String {
        let plain = spell::plain(&self.text).unwrap_or_default();
        let rest = spell::parts(&plain).map_or("", |parts| &plain[parts.name.end..]);
        format!("{name}{rest}")
    }

    /// What fulfils both; the wording is this one's where it is enough.
    #[must_use]
    pub fn join(&self, other: &Self) -> Joined {
        let text = match (&self.asks, &other.asks) {
            (Asks::Versions(own), Asks::Versions(theirs)) => self.versions_of_both(own, theirs),
            (own, theirs) => (own == theirs).then(|| self.text.clone()),
        };
        let united = text.and_then(|text| spell::with_extras(&text, &other.text));
        united.map_or(Joined::Clash, Joined::Text)
    }

    fn versions_of_both(&self, own: &VersionSpecifiers, theirs: &VersionSpecifiers) -> Option<String> {
        let written = |by, specifiers| Some(Written { by, specifiers, range: VersionRange::of(specifiers)? });
        let (Some(one), Some(two)) = (written(0, own), written(1, theirs)) else {
            return (own == theirs).then(|| self.text.clone());
        };
        let both = one.range.and(&two.range);
        if both == one.range {
            return Some(self.text.clone());
        }
        let versions = joined(&both, &[one, two]).0;
        if both.is_empty() { None } else { spell::asking(&self.text, &versions) }
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use pep440_rs::Version;
    use proptest::prelude::*;

    use super::*;

    fn both(one: &str, other: &str) -> Joined {
        Stated::read(one).unwrap().join(&Stated::read(other).unwrap())
    }

    #[test]
    fn what_is_stricter_is_kept() {
        for (one, other, expected) in [
            ("a>=1", "a>=2", "a>=2"),
            ("a >= 2", "a>=1", "a >= 2"),
            ("a >= 1", "a>=2", "a >= 2"),
            ("a", "a>=1,<2", "a>=1,<2"),
            ("a~=1.4", "a>=1", "a~=1.4"),
            ("a>=1", "a<3", "a>=1,<3"),
            ("a[x]>=2", "A[y]", "a[x,y]>=2"),
            ("a [x] >=2", "A[X]", "a [x] >=2"),
            ("a==1.5", "a>=1,<2", "a==1.5"),
            ("a>=1; os_name == 'nt'", "a[x]>=2; os_name == 'nt'", "a[x]>=2; os_name == 'nt'"),
            ("a @ file:///x", "a @ file:///x", "a @ file:///x"),
        ] {
            assert_eq!(both(one, other), Joined::Text(expected.to_owned()), "{one} {other}");
        }
        assert_eq!(both("a<2", "a>=2"), Joined::Clash);
        assert_eq!(both("a==1", "a==2"), Joined::Clash);
        assert_eq!(both("a @ file:///x", "a>=2"), Joined::Clash);
    }

    #[test]
    fn another_name_takes_the_extras_and_the_marker() {
        for (text, expected) in [
            ("old>=1", "new"),
            ("old[a,b] >= 1 ; os_name == 'nt'", "new[a,b]; os_name == 'nt'"),
            ("old @ file:///x ; os_name == 'nt'", "new; os_name == 'nt'"),
        ] {
            assert_eq!(Stated::read(text).unwrap().called("new"), expected);
        }
    }

    proptest! {
        #[test]
        fn what_is_joined_takes_in_exactly_what_both_do(a in 0u64..6, b in 0u64..6, c in 0u64..6, d in 0u64..6) {
            let texts = [format!(">={a},<{b}"), format!(">={c},<{d}")];
            let takes = |text: &str, version: u64| {
                VersionSpecifiers::from_str(text.trim_start_matches('p')).unwrap().contains(&Version::new([version]))
            };
            for version in 0..7 {
                let expected = texts.iter().all(|text| takes(text, version));
                match both(&format!("p{}", texts[0]), &format!("p{}", texts[1])) {
                    Joined::Text(text) => prop_assert_eq!(takes(&text, version), expected, "{}", text),
                    Joined::Clash => prop_assert!(!expected),
                }
            }
        }
    }
}
