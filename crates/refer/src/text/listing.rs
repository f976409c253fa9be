//! Files of paths and patterns, one a line: `MANIFEST.in`, `CODEOWNERS`,
//! `.gitignore` and its relatives, and requirements.

use repot_change::Span;

use super::command::lines;
use super::region::{Meaning, Region};

/// The parts of a list of paths in which `#` begins a comment line.
pub(super) fn regions(text: &str) -> Vec<Region> {
    let region = |line: Span| {
        let is_comment = text.get(line.range()).unwrap_or_default().trim_start().starts_with('#');
        match is_comment {
            true => Region::new(line, Meaning::Prose, "a comment names it"),
            false => Region::new(line, Meaning::Rooted, "a list of paths names it"),
        }
    };
    lines(text).map(region).collect()
}

/// Requirements name distributions, which are nobody's import names; only what
/// is installed from a path refers.
pub(super) fn requirements(text: &str) -> Vec<Region> {
    let region = |line: Span| {
        let words = text.get(line.range()).unwrap_or_default().trim_start();
        let is_path = ["-e", "-r", "-c", "--editable", "--requirement", "--constraint", ".", "file:"];
        if words.starts_with('#') {
            Some(Region::new(line, Meaning::Prose, "a comment names it"))
        } else {
            let refers = is_path.iter().any(|start| words.starts_with(start));
            refers.then(|| Region::new(line, Meaning::Paths, "a requirement is a path"))
        }
    };
    lines(text).filter_map(region).collect()
}
