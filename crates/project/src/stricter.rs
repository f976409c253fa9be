//! Of two requirements for one distribution, the one that both fulfil.
//!
//! Specifiers are compared as PEP 440 compares versions, on the versions that
//! they name and those right beside them.

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};
use pep508_rs::{Requirement, VerbatimUrl, VersionOrUrl};

use crate::requirement::{normal, requirement};

/// One requirement.
#[derive(Debug, Clone)]
pub struct Need {
    /// The name of the distribution, as PEP 503 compares it.
    pub name: String,
    requirement: Requirement<VerbatimUrl>,
    text: String,
}

/// Two requirements as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joined {
    /// What fulfils both.
    Text(String),
    /// Nothing does.
    Clash,
}

impl Need {
    /// The requirement that `text` is, as PEP 508 writes it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let requirement = requirement(text)?;
        let name = normal(requirement.name.as_ref());
        Some(Self { name, requirement, text: text.to_owned() })
    }

    /// Whether both ask for one distribution, on the same machines.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.name == other.name && self.requirement.marker == other.requirement.marker
    }

    /// The requirement for the distribution `name` instead: the extras and the
    /// marker stay, the version does not.
    #[must_use]
    pub fn called(&self, name: &str) -> String {
        let marker = self.text.split_once(';').map(|(_, marker)| format!("; {}", marker.trim()));
        format!("{name}{}{}", self.extras(None), marker.unwrap_or_default())
    }

    /// What fulfils both; the wording is this one's where it is enough.
    #[must_use]
    pub fn join(&self, other: &Self) -> Joined {
        let [own, theirs] = [self, other].map(Self::specifiers);
        let (Some(own), Some(theirs)) = (own, theirs) else {
            let is_equal = self.requirement.version_or_url == other.requirement.version_or_url;
            return if is_equal { Joined::Text(self.text.clone()) } else { Joined::Clash };
        };
        let versions = samples(&[&own, &theirs]);
        let takes = |specifiers: &VersionSpecifiers| -> Vec<bool> {
            versions.iter().map(|version| specifiers.contains(version)).collect()
        };
        let (one, two) = (takes(&own), takes(&theirs));
        let within = |one: &[bool], two: &[bool]| one.iter().zip(two).all(|(one, two)| !one || *two);
        let has_more = other.requirement.extras.iter().any(|extra| !self.requirement.extras.contains(extra));
        let specifier = match (within(&one, &two), within(&two, &one)) {
            (true, _) if !has_more => return Joined::Text(self.text.clone()),
            (true, _) => own.to_string(),
            (false, true) => theirs.to_string(),
            _ if one.iter().zip(&two).any(|(one, two)| *one && *two) => format!("{own},{theirs}"),
            _ => return Joined::Clash,
        };
        let marker = self.text.split_once(';').map(|(_, marker)| format!("; {}", marker.trim()));
        let extras = self.extras(Some(other));
        let specifier = specifier.replace(", ", ",");
        Joined::Text(format!("{}{extras}{specifier}{}", self.requirement.name, marker.unwrap_or_default()))
    }

    fn extras(&self, other: Option<&Self>) -> String {
        let mut extras: Vec<String> = self.requirement.extras.iter().map(ToString::to_string).collect();
        let more = other.into_iter().flat_map(|other| &other.requirement.extras).map(ToString::to_string);
        extras.extend(more);
        extras.sort();
        extras.dedup();
        if extras.is_empty() { String::new() } else { format!("[{}]", extras.join(",")) }
    }

    fn specifiers(&self) -> Option<VersionSpecifiers> {
        match &self.requirement.version_or_url {
            None => VersionSpecifiers::from_str("").ok(),
            Some(VersionOrUrl::VersionSpecifier(specifiers)) => Some(specifiers.clone()),
            Some(VersionOrUrl::Url(_)) => None,
        }
    }
}

/// The versions that specifiers name, with those right below and above.
fn samples(all: &[&VersionSpecifiers]) -> Vec<Version> {
    let mut versions = vec![Version::new([0]), Version::new([9999])];
    for specifier in all.iter().flat_map(|specifiers| specifiers.iter()) {
        let release: Vec<u64> = specifier.version().release().to_vec();
        versions.push(specifier.version().clone());
        for at in 0..release.len() {
            let mut above = release.clone();
            above[at] += 1;
            versions.push(Version::new(above[..=at].iter().copied()));
            versions.push(Version::new(above));
            if release[at] > 0 {
                let mut under = release[..=at].to_vec();
                under[at] -= 1;
                under.push(9999);
                versions.push(Version::new(under));
            }
        }
        versions.push(Version::new(release.iter().copied().chain([0, 1])));
    }
    versions
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn joined(one: &str, other: &str) -> Joined {
        Need::read(one).unwrap().join(&Need::read(other).unwrap())
    }

    #[test]
    fn what_is_stricter_is_kept() {
        for (one, other, both) in [
            ("a>=1", "a>=2", "a>=2"),
            ("a >= 2", "a>=1", "a >= 2"),
            ("a", "a>=1,<2", "a>=1,<2"),
            ("a~=1.4", "a>=1", "a~=1.4"),
            ("a>=1", "a<3", "a>=1,<3"),
            ("a[x]>=2", "A[y]", "a[x,y]>=2"),
            ("a==1.5", "a>=1,<2", "a==1.5"),
        ] {
            assert_eq!(joined(one, other), Joined::Text(both.to_owned()), "{one} {other}");
        }
        assert_eq!(joined("a<2", "a>=2"), Joined::Clash);
        assert_eq!(joined("a==1", "a==2"), Joined::Clash);
        assert_eq!(joined("a @ file:///x", "a>=2"), Joined::Clash);
    }

    proptest! {
        #[test]
        fn what_is_joined_takes_in_exactly_what_both_do(a in 0u64..6, b in 0u64..6, c in 0u64..6, d in 0u64..6) {
            let (one, other) = (format!("p>={a},<{b}"), format!("p>={c},<{d}"));
            let takes = |text: &str, version: u64| {
                let specifiers = Need::read(text).unwrap().specifiers().unwrap();
                specifiers.contains(&Version::new([version]))
            };
            for version in 0..7 {
                let both = takes(&one, version) && takes(&other, version);
                match joined(&one, &other) {
                    Joined::Text(text) => prop_assert_eq!(takes(&text, version), both, "{}", text),
                    Joined::Clash => prop_assert!(!both),
                }
            }
        }
    }
}
