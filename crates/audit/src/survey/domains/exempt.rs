//! What a boundary file lets pass, as exceptions of a roadmap.
//!
//! A roadmap's exception has an owner, a reason and a last day. What says less,
//! or speaks of no package here, is not carried: nobody is made up who would
//! answer for it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use repot_roadmap::Pattern;
use repot_workspace::Package;

use super::place::Places;
use super::{Rule, Rules};
use crate::survey::SurveyedException;

/// An exception in the file's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Exempt {
    /// Who imports: a place, or the name of a domain.
    pub from: String,
    /// What is imported, likewise.
    pub to: String,
    pub owner: Option<String>,
    pub reason: Option<String>,
    pub expires: Option<String>,
}

/// The exceptions of a file, and a sentence for each that is not carried.
pub(super) fn carried(
    rules: &Rules,
    places: &Places<'_>,
    packages: &[Package],
) -> (Vec<SurveyedException>, Vec<String>) {
    let (mut exceptions, mut sentences) = (Vec::new(), Vec::new());
    for exempt in &rules.exempt {
        match exempt.as_exceptions(&rules.rules, places, packages) {
            Ok(found) => exceptions.extend(found),
            Err(why) => sentences.push(format!(
                "`{}` lets `{}` import `{}`, which counts as a violation here: {why}",
                rules.file, exempt.from, exempt.to
            )),
        }
    }
    (exceptions, sentences)
}

impl Exempt {
    /// One exception for each place that imports.
    fn as_exceptions(
        &self,
        rules: &[Rule],
        places: &Places<'_>,
        packages: &[Package],
    ) -> Result<Vec<SurveyedException>, String> {
        let parts = [("owner", &self.owner), ("reason", &self.reason), ("expires", &self.expires)];
        let missing: Vec<&str> =
            parts.iter().filter(|(_, part)| part.is_none()).map(|(key, _)| *key).collect();
        let ([(_, Some(owner)), (_, Some(reason)), (_, Some(expires))], []) = (parts, missing.as_slice())
        else {
            return Err(format!("it has no {}", missing.join(" and no ")));
        };
        let expires: Date =
            expires.parse().map_err(|_| format!("`{expires}` is no day such as 2026-12-31"))?;
        let imports = import_names(&meant(&self.to, rules, places)?, packages)
            .ok_or("nothing there is imported by name")?;
        let exception = |within| SurveyedException {
            within: format!("{within}/**"),
            imports: imports.clone(),
            owner: owner.clone(),
            reason: reason.clone(),
            expires,
        };
        Ok(meant(&self.from, rules, places)?.into_iter().map(exception).collect())
    }
}

/// Globs of the packages that a place, or a domain by its name, means.
fn meant(place: &str, rules: &[Rule], places: &Places<'_>) -> Result<Vec<String>, String> {
    let of_domain = || rules.iter().filter(|rule| rule.name == place).flat_map(|rule| &rule.places);
    let mut globs = places.globs(place);
    if globs.is_empty() {
        globs = of_domain().flat_map(|place| places.globs(place)).collect();
    }
    if globs.is_empty() { Err(format!("`{place}` is no package here")) } else { Ok(globs) }
}

/// A pattern over dotted names for all that the packages of `globs` ship.
fn import_names(globs: &[String], packages: &[Package]) -> Option<String> {
    let patterns: Vec<Pattern> = globs.iter().filter_map(|glob| Pattern::new(glob).ok()).collect();
    let is_meant = |package: &&Package| patterns.iter().any(|it| it.matches(package.folder.as_str()));
    let names = packages.iter().filter(is_meant).flat_map(crate::survey::import_names);
    let names: BTreeSet<String> = names.map(|name| format!("{name},{name}.**")).collect();
    let names: Vec<String> = names.into_iter().collect();
    (!names.is_empty()).then(|| format!("{{{}}}", names.join(",")))
}
