//! The metric `test-coverage`: what other tools' reports say of the packages.
//!
//! Nothing is run. A report is believed only where it can be about this tree;
//! otherwise the figure is unknown, and a note names the file and the reason.

mod cobertura;
mod json;
mod lcov;
mod lines;
mod place;

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Note, RelPath};
use repot_roadmap::Coverage;
use repot_workspace::{NamedFile, PackageId, Workspace};

use crate::figure::{Shares, shared};
use crate::measure::Measured;
use crate::place::in_roadmap;
use crate::{Figure, Finding, Unit, figure};
use lines::{Lines, Measures, share};

/// The name of the metric, and of the rule behind its findings.
pub const TEST_COVERAGE: &str = "test-coverage";

/// What the roadmap says of coverage, and the reports that it names.
#[derive(Debug, Clone, Copy)]
pub struct CoverageAsked<'a> {
    /// `[coverage]`.
    pub settings: &'a Coverage,
    /// The files that its patterns name.
    pub files: &'a [NamedFile],
}

/// A report as it was read: the lines of each file, by its path as written.
#[derive(Debug, Default)]
struct Report {
    /// The folders to which paths may be relative.
    sources: Vec<String>,
    files: BTreeMap<String, Lines>,
}

/// The findings, one for each package that is covered less than it should be,
/// the figure, and notes about reports that cannot be used.
pub fn test_coverage(workspace: &Workspace, asked: CoverageAsked<'_>) -> Measured {
    let mut notes = Vec::new();
    let mut covered: BTreeMap<RelPath, Lines> = BTreeMap::new();
    let mut is_whole = !asked.files.is_empty();
    if asked.files.is_empty() {
        let message = "`files` in `[coverage]` matches no report, so that test coverage is unknown";
        notes.push(Note { path: None, line: None, message: message.to_owned() });
    }
    for file in asked.files {
        let read = file.content.as_deref().map_err(Clone::clone).and_then(read);
        match read.and_then(|report| place::placed(workspace, &file.path, report)) {
            Ok(placed) => {
                notes.extend(placed.note.map(|message| about(&file.path, message)));
                for (path, lines) in placed.files {
                    covered.entry(path).or_default().unite(&lines);
                }
            }
            Err(reason) => {
                is_whole = false;
                notes.push(about(&file.path, format!("{reason}, so that test coverage is unknown")));
            }
        }
    }
    let figure = figure_of(workspace, &covered, is_whole);
    let findings = below(workspace, asked.settings, &figure);
    Measured { findings, figure, notes }
}

fn about(path: &str, message: String) -> Note {
    match RelPath::new(path) {
        Ok(path) => Note::about(&path, message),
        Err(_) => Note { path: None, line: None, message: format!("{path}: {message}") },
    }
}

/// Tells the format by the content: the name of a file says little.
fn read(bytes: &[u8]) -> Result<Report, String> {
    let text = bytes.trim_ascii_start();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let report = match text.first() {
        None => return Err("is empty".to_owned()),
        Some(b'{') => json::read(text)?,
        Some(b'<') => cobertura::read(text)?,
        Some(_) => lcov::read(text)?,
    };
    // A report that measured nothing says nothing, least of all 100 %.
    if report.files.values().all(Lines::is_empty) {
        return Err("measures no line of any file".to_owned());
    }
    Ok(report)
}

fn figure_of(workspace: &Workspace, covered: &BTreeMap<RelPath, Lines>, is_whole: bool) -> Figure {
    let mut shares = Shares::new();
    let mut all = Measures::default();
    for (path, lines) in covered {
        let measures = lines.measures();
        all.add(measures);
        let Some(package) = workspace.package_at(path).map(|id| workspace.package(id)) else { continue };
        let share = shares.entry(package.name.clone()).or_default();
        *share = (share.0 + measures.part(), share.1 + measures.whole());
    }
    // A package in which nothing can be covered is neither at 0 nor at 100.
    shares.retain(|_, (_, whole)| *whole > 0);
    let parts = [
        ("covered lines", all.covered_lines),
        ("lines", all.lines),
        ("covered branches", all.covered_branches),
        ("branches", all.branches),
        ("files", covered.len()),
    ];
    if all.whole() == 0 {
        return figure::unknown(TEST_COVERAGE, Unit::Percent);
    }
    let figure = shared(workspace, TEST_COVERAGE, (all.part(), all.whole()), &parts, &shares, share);
    // What one report knows of its packages stays true without the others; of
    // the whole, and of a domain, it is a part of the truth.
    if is_whole { figure } else { Figure { value: None, by_domain: BTreeMap::new(), ..figure } }
}

/// The packages that owe more than they have, each at its line in the roadmap.
fn below(workspace: &Workspace, settings: &Coverage, figure: &Figure) -> Vec<Finding> {
    let mut judged = BTreeSet::new();
    let mut findings = Vec::new();
    for (meant, floor) in &settings.at_least {
        let packages: Vec<PackageId> = workspace.packages_meant(&meant.value);
        for id in packages.into_iter().filter(|id| judged.insert(*id)).collect::<Vec<_>>() {
            let package = workspace.package(id);
            let (name, floor) = (&package.name, floor.value());
            let message = match figure.by_package.get(name) {
                Some(value) if *value >= floor => continue,
                Some(value) => format!("`{name}` is covered {value} % and should be at least {floor} %"),
                None => format!("the coverage of `{name}` is unknown and should be at least {floor} %"),
            };
            let Some((path, line)) = in_roadmap(workspace, meant.span.as_ref()) else { continue };
            let hint = "run more of it under the tests, and make the report anew".to_owned();
            findings.push(Finding::on_line(TEST_COVERAGE, &path, line, message, Some(hint)));
        }
    }
    findings
}

#[cfg(test)]
mod tests;
