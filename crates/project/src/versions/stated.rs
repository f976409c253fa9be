//! One requirement of a project file, and its place in it.

use std::convert::Infallible;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

use pep440_rs::VersionSpecifiers;
use pep508_rs::{MarkerTree, Pep508Url, Requirement, VersionOrUrl};
use serde_json::Value;

use super::spell;
use crate::{Change, Key};

/// One requirement of a project file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The list that it is in; of Poetry's, the key of the constraint.
    pub key: Key,
    /// The line, counted from 1.
    pub line: usize,
    /// What the file says: the requirement, or Poetry's constraint.
    pub text: String,
    /// The distribution, as PEP 503 compares names.
    pub name: String,
    /// The distribution, as the file spells it.
    pub spelled: String,
    /// Where it holds.
    pub marker: MarkerTree,
    /// What it asks for.
    pub asks: Asks,
    /// Whether it is Poetry's, and not one of PEP 508.
    pub is_poetry: bool,
}

/// What a requirement asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asks {
    /// These versions; none for any.
    Versions(VersionSpecifiers),
    /// What lies in this place.
    Place(String),
}

impl Stated {
    /// The requirement `text` of PEP 508; `None` when it is none.
    pub(super) fn item(text: &str, key: Key, line: usize) -> Option<Self> {
        let requirement = Requirement::<Verbatim>::from_str(text).ok()?;
        let name = spell::parts(text)?.name;
        let asks = match requirement.version_or_url {
            None => Asks::Versions(VersionSpecifiers::empty()),
            Some(VersionOrUrl::VersionSpecifier(specifiers)) => Asks::Versions(specifiers),
            Some(VersionOrUrl::Url(Verbatim(place))) => Asks::Place(place),
        };
        Some(Self {
            key,
            line,
            text: text.to_owned(),
            name: requirement.name.to_string(),
            spelled: text[name].to_owned(),
            marker: requirement.marker,
            asks,
            is_poetry: false,
        })
    }

    /// The change that makes it ask for `versions`; `None` where a place is
    /// named.
    #[must_use]
    pub fn asking(&self, versions: &str) -> Option<Change> {
        if matches!(self.asks, Asks::Place(_)) {
            return None;
        }
        if self.is_poetry {
            return Some(Change::Set(self.key.clone(), Value::from(versions)));
        }
        Some(self.replaced(spell::asking(&self.text, versions)?))
    }

    /// The change that makes it name no place; `None` where it is Poetry's.
    #[must_use]
    pub fn plain(&self) -> Option<Change> {
        (!self.is_poetry).then(|| spell::plain(&self.text)).flatten().map(|text| self.replaced(text))
    }

    fn replaced(&self, to: String) -> Change {
        Change::Replace { list: self.key.clone(), from: self.text.clone(), to }
    }

    /// Its versions as a person reads them; `any` for all.
    #[must_use]
    pub fn versions(&self) -> String {
        let text = match (self.is_poetry, spell::parts(&self.text)) {
            (false, Some(parts)) => &self.text[parts.body],
            _ => &self.text,
        };
        let compact: String =
            text.chars().filter(|char| !char.is_whitespace() && !"()".contains(*char)).collect();
        if compact.is_empty() { "any".to_owned() } else { compact }
    }
}

/// A place as the file says it. Reading one must not depend on the environment,
/// and `${PROJECT_ROOT}` is no URL.
#[derive(Debug, Clone)]
struct Verbatim(String);

impl Pep508Url for Verbatim {
    type Err = Infallible;

    fn parse_url(url: &str, _: Option<&Path>) -> Result<Self, Infallible> {
        Ok(Self(url.to_owned()))
    }
}

impl fmt::Display for Verbatim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
