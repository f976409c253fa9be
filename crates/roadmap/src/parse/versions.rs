//! `[versions]`: what every package asks of a distribution.
//!
//! Names and specifiers are read by the model of PEP 440 and PEP 508; whether
//! any package asks for the distribution is not known here.

use std::collections::HashMap;
use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};
use pep508_rs::{MarkerTree, PackageName};

use super::Reader;
use crate::reader::Table;
use crate::{RoadmapProblem, Spanned, VersionRange, VersionRule};

impl Reader<'_> {
    /// `None` when there is no `[versions]`.
    pub(super) fn versions(&mut self, root: &Table<'_>) -> Option<Vec<VersionRule>> {
        let table = root.table("versions", &mut self.problems)?;
        let table = Table::open_unchecked(table, format!("`[{}versions]`", self.prefix), &[]);
        let mut rules = Vec::new();
        let mut first: HashMap<PackageName, Option<std::ops::Range<usize>>> = HashMap::new();
        for key in table.keys() {
            let distribution = Spanned::new(key.to_owned(), table.key_span(key));
            let Some(name) = self.distribution(&distribution) else { continue };
            if let Some(earlier) = first.get(&name) {
                let message = format!("the distribution `{name}` has two entries");
                let problem = RoadmapProblem::new(&self.problems.file, distribution.span.clone(), message);
                self.problems.push(problem.related(earlier.clone(), "first here"));
            }
            first.insert(name, distribution.span.clone());
            for text in table.one_or_more("versions of a distribution", key, &mut self.problems) {
                rules.extend(self.version_rule(&distribution, &text));
            }
        }
        Some(rules)
    }

    /// The distribution that `text` names.
    pub(super) fn distribution(&mut self, text: &Spanned<String>) -> Option<PackageName> {
        let name = PackageName::from_str(&text.value);
        if name.is_err() {
            let message = format!("`{}` is no name of a distribution", text.value);
            let own = text.value.split(['[', '<', '>', '=', '!', '~', ' ', ';']).next().unwrap_or_default();
            let hint = match PackageName::from_str(own) {
                Ok(_) => format!("write only the name: `{own}`"),
                Err(_) => {
                    "a name has letters, digits, `-`, `_` and `.`, and begins and ends with one of the first two"
                        .to_owned()
                }
            };
            self.problems.add(text.span.clone(), message, Some(hint));
        }
        name.ok()
    }

    /// `SPECIFIERS`, or `SPECIFIERS; MARKER`.
    fn version_rule(
        &mut self,
        distribution: &Spanned<String>,
        text: &Spanned<String>,
    ) -> Option<VersionRule> {
        let (versions, marker) = match text.value.split_once(';') {
            Some((versions, marker)) => (versions.trim(), Some(marker.trim())),
            None => (text.value.trim(), None),
        };
        let specifiers = self.specifiers(versions, text);
        let marker = match marker {
            None => Some(MarkerTree::default()),
            Some(marker) => self.marker(marker, text),
        };
        let (versions, distribution) = (versions.to_owned(), distribution.clone());
        Some(VersionRule { distribution, versions, specifiers: specifiers?, marker: marker? })
    }

    /// The specifiers `versions`, which `text` holds.
    pub(super) fn specifiers(&mut self, versions: &str, text: &Spanned<String>) -> Option<VersionSpecifiers> {
        let specifiers = match VersionSpecifiers::from_str(versions) {
            Ok(specifiers) if !specifiers.is_empty() => specifiers,
            _ => {
                let message = format!("`{versions}` is no version specifier");
                self.problems.add(text.span.clone(), message, Some(remedy(versions)));
                return None;
            }
        };
        if VersionRange::of(&specifiers).is_none_or(|range| range.is_empty()) {
            let message = format!("no version is `{versions}`");
            let hint = "its bounds and exclusions leave nothing between them".to_owned();
            self.problems.add(text.span.clone(), message, Some(hint));
        }
        Some(specifiers)
    }

    fn marker(&mut self, marker: &str, text: &Spanned<String>) -> Option<MarkerTree> {
        let mut is_odd = false;
        let read = MarkerTree::parse_reporter(marker, &mut |_, _: String| is_odd = true);
        if read.is_err() || is_odd {
            let message = format!("`{marker}` is no environment marker");
            let hint = "write one as PEP 508 says, such as `python_version < '3.12'`".to_owned();
            self.problems.add(text.span.clone(), message, Some(hint));
        }
        read.ok().filter(|_| !is_odd)
    }
}

/// What would be right instead of `text`, which is no specifier.
fn remedy(text: &str) -> String {
    let is_version = |text: &str| Version::from_str(text).is_ok();
    let offer = match text.trim_start_matches(['^', '~', '=', '>', '<', ' ']) {
        _ if text.is_empty() || text == "*" => {
            return "to ask for agreement alone, leave the distribution out".to_owned();
        }
        version if !is_version(version) => None,
        version if text.starts_with('^') => next(version, 0).map(|next| format!(">={version},<{next}")),
        version if text.starts_with('~') => next(version, 1).map(|next| format!(">={version},<{next}")),
        version if text.starts_with("=>") => Some(format!(">={version}")),
        version if text.starts_with("=<") => Some(format!("<={version}")),
        version => Some(format!("=={version}")),
    };
    match offer {
        Some(offer) => format!("write `{offer}`"),
        None => "write it as PEP 440 says, such as `>=2.5,<3`".to_owned(),
    }
}

/// The release with one more at the place `at`, or at the first that is not
/// zero behind it, as Poetry reads `^` and `~`.
fn next(version: &str, at: usize) -> Option<String> {
    let version = Version::from_str(version).ok()?;
    let release = version.release();
    let last = release.len() - 1;
    let at = match at {
        0 => release.iter().position(|part| *part != 0).unwrap_or(last),
        at => at.min(last),
    };
    let mut upper = release.get(..=at)?.to_vec();
    upper[at] = upper[at].checked_add(1)?;
    Some(Version::new(upper).to_string())
}
