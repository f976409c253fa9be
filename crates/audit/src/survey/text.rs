//! A survey as the text of a `repot.toml`.
//!
//! The text is for a person who will edit it: what the survey found stands
//! beside the key that it led to, and what it only suspects is a comment.

mod comments;
mod four_phases;
mod phases;
mod toml;

use std::collections::BTreeSet;

use repot_change::RelPath;

pub use four_phases::four_phases_text;

use comments::{Comments, count, listed, on_one_line, shown};
use toml::{array, key, string};

use super::{DomainOrigin, LegacyReason, LegacyRoot, Missing, Survey, SurveyedDomain};

/// So many names are spelled out in a comment.
const MOST_NAMES: usize = 8;

/// The commented roadmap that a survey leads to. It can be read as a roadmap
/// and planned at once; the same survey gives the same text.
#[must_use]
pub fn roadmap_text(survey: &Survey) -> String {
    let sections = [
        head(survey),
        workspace(survey),
        domains(survey),
        duplicates(survey),
        template(survey),
        phases::imports(survey),
        phases::packages(survey),
    ];
    joined(sections.to_vec())
}

/// Sections with an empty line between; those that say nothing are left out.
fn joined(sections: Vec<String>) -> String {
    sections.into_iter().filter(|section| !section.is_empty()).collect::<Vec<_>>().join("\n")
}

fn head(survey: &Survey) -> String {
    let files = survey.packages.iter().map(|package| package.modules).sum();
    let mut found = vec![count(survey.packages.len(), "package"), count(files, "Python file")];
    found.extend(Some(count(survey.domains.len(), "domain")).filter(|_| !survey.domains.is_empty()));
    let mut comments = Comments::default();
    comments.paragraph(&format!(
        "The roadmap of this repository as `repot init` found it: {}. Change what is wrong; `repot plan` shows what \
         would be done, and writes nothing.",
        found.join(", ")
    ));
    comments.text()
}

fn workspace(survey: &Survey) -> String {
    let mut text = String::from("[workspace]\n");
    text += &array("members", &survey.members);
    if !survey.exclude.is_empty() {
        text += "# No part of the living code: neither counted nor changed.\n";
        text += &array("exclude", &survey.exclude);
    }
    let names: Vec<String> = survey.legacy_roots.iter().map(|root| root.name.clone()).collect();
    text + &legacy_comments(survey) + &array("legacy-roots", &names) + &name_comments(survey)
}

fn legacy_comments(survey: &Survey) -> String {
    let mut comments = Comments::default();
    if survey.legacy_roots.is_empty() {
        comments.paragraph("Top-level names that must disappear from imports; none was found.");
    }
    let root = |root: &LegacyRoot| {
        let why = match root.reason {
            LegacyReason::Named => "named to be one",
            LegacyReason::ImportedOften => "defined nowhere and declared by no dependency",
        };
        let (statements, files) = (count(root.statements, "import"), count(root.files, "file"));
        format!("`{}`: {statements} in {files}, {why}.", shown(&root.name))
    };
    survey.legacy_roots.iter().for_each(|legacy| comments.paragraph(&root(legacy)));
    comments.text()
}

/// What else is imported and leads nowhere.
fn name_comments(survey: &Survey) -> String {
    let mut comments = Comments::default();
    let names = |counts: &[super::NameCount]| {
        let shown = counts.iter().map(|count| format!("`{}` ({})", shown(&count.name), count.statements));
        listed(shown.collect(), MOST_NAMES)
    };
    if !survey.unsettled.is_empty() {
        let names = names(&survey.unsettled);
        comments.paragraph(&format!("Imported often as well, but perhaps somebody else's: {names}."));
    }
    if !survey.dangling_roots.is_empty() {
        let names = names(&survey.dangling_roots);
        comments.paragraph(&format!(
            "Names that are here and are no legacy roots, with imports that lead nowhere: {names}."
        ));
    }
    comments.text()
}

fn domains(survey: &Survey) -> String {
    if survey.domains.is_empty() {
        return no_domains(survey);
    }
    let mut comments = Comments::default();
    let files: BTreeSet<String> = survey.domains.iter().filter_map(file_of).collect();
    let source = match files.first() {
        Some(file) => format!("as `{file}` has them"),
        None => "one for each group of packages".to_owned(),
    };
    comments.paragraph(&format!(
        "Domains, {source}. A package may import its own domain and those that `may-import` names; what it imports \
         beyond that today is counted."
    ));
    survey.carried.iter().for_each(|sentence| comments.item(&format!("{}.", on_one_line(sentence))));
    let tables: Vec<String> = survey.domains.iter().map(domain).collect();
    format!("{}\n{}", comments.text(), tables.join("\n"))
}

fn file_of(domain: &SurveyedDomain) -> Option<String> {
    match &domain.origin {
        DomainOrigin::File(path) => Some(shown(path.as_str())),
        DomainOrigin::Tree => None,
    }
}

fn domain(domain: &SurveyedDomain) -> String {
    let mut text = format!("[domains.{}]\n{}", key(&domain.name), array("members", &domain.members));
    if !domain.imports_today.is_empty() {
        let names =
            domain.imports_today.iter().map(|(name, count)| format!("{} ({count})", shown(name))).collect();
        let mut comments = Comments::default();
        comments.paragraph(&format!("Today also {}.", listed(names, MOST_NAMES)));
        text += &comments.text();
    }
    text + &array("may-import", &domain.may_import)
}

/// Domains as an example, with a folder that is there.
fn no_domains(survey: &Survey) -> String {
    let mut comments = Comments::default();
    comments
        .paragraph("Domains say which packages may import which others. There are none yet; one would be:");
    let folder = survey.packages.iter().find(|package| !package.folder.is_root());
    let member =
        folder.map_or_else(|| "packages/shared".to_owned(), |package| super::glob::exactly(&package.folder));
    let text = format!("[domains.shared]\n{}{}", array("members", &[member]), array("may-import", &[]));
    text.lines().for_each(|line| comments.line(line));
    survey.carried.iter().for_each(|sentence| comments.item(&format!("{}.", on_one_line(sentence))));
    comments.text()
}

fn duplicates(survey: &Survey) -> String {
    if survey.duplicates.is_empty() {
        return String::new();
    }
    let mut comments = Comments::default();
    comments.paragraph(
        "Each of these pairs may be one package twice; `repot merge FROM INTO` shows what merging the first into the \
         second would do. What both have of what the smaller one has:",
    );
    for pair in survey.duplicates.iter().take(MOST_NAMES) {
        let counts =
            [(pair.modules, "modules"), (pair.symbols, "classes and functions"), (pair.files, "files alike")];
        let common: Vec<String> = counts
            .into_iter()
            .filter(|((both, _), _)| *both > 0)
            .map(|((both, all), what)| format!("{both} of {all} {what}"))
            .collect();
        let common = if common.is_empty() { "no more than the name".to_owned() } else { common.join(", ") };
        let (from, into) = if pair.into_second { (&pair.a, &pair.b) } else { (&pair.b, &pair.a) };
        comments.item(&format!("`{}` into `{}`: {common}", folder(from), folder(into)));
    }
    let more = survey.duplicates.len().saturating_sub(MOST_NAMES);
    if more > 0 {
        comments.item(&format!("and {more} more"));
    }
    comments.text()
}

fn template(survey: &Survey) -> String {
    let template = &survey.template;
    let line = |key: &str, value: &Option<String>| {
        value.as_ref().map(|value| format!("{key} = {}\n", string(value))).unwrap_or_default()
    };
    let some = |key: &str, items: &[String]| if items.is_empty() { String::new() } else { array(key, items) };
    let mut table = line("build-backend", &template.build_backend);
    table += &line("requires-python", &template.requires_python);
    table += &some("groups", &template.groups);
    table += &line("groups-in", &template.groups_in);
    table += &some("tools", &template.tools);
    if template.classifiers {
        table += "classifiers = true\n";
    }
    table += &some("layers", &template.layers);
    let layered: Vec<String> = template.layered.iter().map(|glob| glob.value.clone()).collect();
    table += &some("layered", &layered);
    let gaps = gaps(survey);
    match (table.is_empty(), gaps.is_empty()) {
        (true, true) => String::new(),
        (true, false) => format!("# What packages lack:\n{gaps}"),
        _ => format!("# What every package should have, as most of them have it.\n{gaps}[template]\n{table}"),
    }
}

/// How many packages lack what, and the first of them.
fn gaps(survey: &Survey) -> String {
    let mut comments = Comments::default();
    for (missing, what) in MISSING {
        let lacking = survey.gaps.iter().filter(|gap| gap.missing.contains(missing));
        let names: Vec<String> = lacking.map(|gap| folder(&gap.package)).collect();
        if !names.is_empty() {
            comments.item(&format!(
                "{what} {}: {}.",
                count(names.len(), "package"),
                listed(names, MOST_NAMES)
            ));
        }
    }
    comments.text()
}

const MISSING: &[(Missing, &str)] = &[
    (Missing::Pyproject, "No `pyproject.toml` in"),
    (Missing::BuildSystem, "No `[build-system]` in"),
    (Missing::RequiresPython, "No `requires-python` in"),
    (Missing::DependencyGroups, "No dependency group for development, tests or documentation in"),
    (Missing::Layers, "None of the layers in"),
];

/// A package's folder by its last two names, which is how people speak of it.
fn folder(folder: &RelPath) -> String {
    let names: Vec<&str> = folder.components().rev().take(2).collect();
    let names: Vec<&str> = names.into_iter().rev().collect();
    if names.is_empty() { "the root".to_owned() } else { shown(&names.join("/")) }
}
