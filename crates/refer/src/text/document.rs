//! Documents: Markdown, reStructuredText and plain text.

use repot_change::{Applicability, Class, Span};

use super::command::lines;
use super::region::{Meaning, Region};
use super::{imports, layout};
use crate::Renames;
use crate::python::Followed;

/// What stands in front of an import name, whatever else is on the line.
const DIRECTIVES: &[&str] = &[
    "::: ",
    ".. automodule:: ",
    ".. module:: ",
    ".. py:module:: ",
    ".. currentmodule:: ",
    ".. py:currentmodule:: ",
    ".. autosummary:: ",
    ".. automodapi:: ",
    ".. autopackagesummary:: ",
    "```{automodule} ",
    "```{py:module} ",
    "```{currentmodule} ",
    ":::{automodule} ",
    "{mod}`",
    "{py:mod}`",
    ":mod:`",
    ":py:mod:`",
    ":package: ",
    ":module: ",
    "$ python -m ",
];

/// What kind of document it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Document {
    /// Whether it tells the history of the project. Such a document names what
    /// things were called at the time, and is prose, whatever it looks like.
    pub(super) is_history: bool,
    /// Whether it is laid out as reStructuredText.
    pub(super) is_restructured: bool,
}

/// What a document needs besides the names that it spells in full.
pub(super) fn complete(text: &str, document: Document, renames: &Renames<'_>, followed: &mut Followed) {
    let Followed { places, unhandled, .. } = followed;
    imports::follow(text, renames, (places, unhandled));
    if document.is_restructured {
        layout::keep(text, places, unhandled);
    }
    if document.is_history {
        unhandled.clear();
        for place in places {
            (place.class, place.applicability) = (Class::Prose, Applicability::Offered);
        }
    }
}

/// The parts of a document that may refer.
pub(super) fn regions(text: &str) -> Vec<Region> {
    let mut regions = Vec::new();
    let mut fence: Option<&str> = None;
    for line in lines(text) {
        let raw = text.get(line.range()).unwrap_or_default();
        let trimmed = raw.trim_start();
        let opening = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
        match (fence, opening) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark && trimmed.trim_end().len() == 3 => fence = None,
            _ => {}
        }
        regions.extend(in_line(raw, line.start, fence.is_some() || raw.len() > trimmed.len()));
    }
    regions.into_iter().map(|region| region.at_most(Applicability::Review)).collect()
}

fn in_line(line: &str, start: usize, is_code: bool) -> Vec<Region> {
    let expected = DIRECTIVES.iter().filter_map(|mark| line.find(mark).map(|at| at + mark.len())).min();
    let rest = match expected {
        Some(at) => at + line.get(at..).and_then(|name| name.find(['`', ' '])).unwrap_or(line.len() - at),
        None => 0,
    };
    let mut regions = Vec::new();
    if let Some(at) = expected {
        let before = Span::new(start, start + at);
        regions.push(Region::new(before, Meaning::Text, "a document names it"));
        let named = Span::new(start + at, start + rest);
        regions.push(Region::new(named, Meaning::Names, "a document refers to a module"));
    }
    let (meaning, rule) = match is_code {
        true => (Meaning::Example, "an example names it"),
        false => (Meaning::Text, "a document names it"),
    };
    regions.push(Region::new(Span::new(start + rest, start + line.len()), meaning, rule));
    regions
}
