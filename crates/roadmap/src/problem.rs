//! What is wrong with a roadmap, and how a person is told.
//!
//! A problem is a value: a place, a message, a hint. Rendering it is a pure
//! function; nothing is printed here.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The file that a roadmap was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoadmapFile {
    /// Its name as the user would type it.
    pub name: Arc<str>,
    /// Its text, as it was read.
    pub text: Arc<str>,
}

impl RoadmapFile {
    /// A file with its text.
    #[must_use]
    pub fn new(name: &str, text: &str) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// The line and column of a byte offset, both from 1; the column counts
    /// characters. An offset behind the end is taken as the end.
    #[must_use]
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let before = &self.text[..floor(&self.text, offset)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before[line_start..].chars().filter(|char| *char != BYTE_ORDER_MARK).count();
        (before.matches('\n').count() + 1, column + 1)
    }
}

/// One thing that is wrong with a roadmap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoadmapProblem {
    /// Where it was read.
    pub file: RoadmapFile,
    /// The offending text, a byte range within the file; `None` when the
    /// problem is that something is not there at all.
    pub span: Option<Range<usize>>,
    /// What is wrong.
    pub message: String,
    /// What is said under the offending text, if more than the message.
    pub label: Option<String>,
    /// Another place that belongs to the problem, and what it has to do with it.
    pub related: Option<(Range<usize>, String)>,
    /// What would be right.
    pub hint: Option<String>,
}

impl RoadmapProblem {
    /// A problem at `span`, which is cut to what lies within the file.
    #[must_use]
    pub fn new(file: &RoadmapFile, span: Option<Range<usize>>, message: impl Into<String>) -> Self {
        Self {
            file: file.clone(),
            span: span.map(|span| fitted(&file.text, &span)),
            message: message.into(),
            label: None,
            related: None,
            hint: None,
        }
    }

    /// The problem with `label` under the offending text.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The problem with a hint, if there is one.
    #[must_use]
    pub fn hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }

    /// The problem with another place that belongs to it.
    #[must_use]
    pub fn related(mut self, span: Option<Range<usize>>, label: &str) -> Self {
        self.related = span.map(|span| (fitted(&self.file.text, &span), label.to_owned()));
        self
    }

    /// The line and column where the offending text begins, both from 1.
    #[must_use]
    pub fn position(&self) -> Option<(usize, usize)> {
        self.span.as_ref().map(|span| self.file.position(span.start))
    }

    /// The problem as rustc would show it: title, place, the line with the
    /// offending text underlined, hint. No newline at the end.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        // The mark has no width, so it is left out and the ranges move up.
        let shift = if self.file.text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
        let source = &self.file.text[shift..];
        let shown = |span: &Range<usize>| span.start.saturating_sub(shift)..span.end.saturating_sub(shift);
        let title = Level::ERROR.primary_title(self.message.as_str());
        let mut group = match &self.span {
            None => title.element(Origin::path(&*self.file.name)),
            Some(span) => {
                let related = self
                    .related
                    .iter()
                    .map(|(span, label)| AnnotationKind::Context.span(shown(span)).label(label.as_str()));
                let snippet = Snippet::source(source)
                    .path(&*self.file.name)
                    .annotation(AnnotationKind::Primary.span(shown(span)).label(self.label.as_deref()))
                    .annotations(related);
                title.element(snippet)
            }
        };
        if let Some(hint) = &self.hint {
            group = group.element(Level::HELP.message(hint.as_str()));
        }
        renderer.render(&[group])
    }
}

impl fmt::Display for RoadmapProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for RoadmapProblem {}

/// Everything that is wrong with a roadmap, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoadmapErrors {
    /// The problems; at least one.
    pub problems: Vec<RoadmapProblem>,
}

impl RoadmapErrors {
    /// The problems in the order of the file; those without a place come last.
    #[must_use]
    pub fn new(mut problems: Vec<RoadmapProblem>) -> Self {
        problems.sort_by_key(|problem| problem.span.as_ref().map_or(usize::MAX, |span| span.start));
        Self { problems }
    }

    /// All problems, an empty line between two. No newline at the end.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let rendered: Vec<String> = self.problems.iter().map(|problem| problem.render(color)).collect();
        rendered.join("\n\n")
    }
}

impl From<RoadmapProblem> for RoadmapErrors {
    fn from(problem: RoadmapProblem) -> Self {
        Self { problems: vec![problem] }
    }
}

impl fmt::Display for RoadmapErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for RoadmapErrors {}

/// The range cut to the text and to whole characters.
fn fitted(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = floor(text, span.start);
    start..floor(text, span.end).max(start)
}

/// The last character boundary at or before `offset`.
fn floor(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    (0..=offset).rev().find(|offset| text.is_char_boundary(*offset)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_problem_shows_its_place_its_relative_and_its_hint() {
        let file = RoadmapFile::new("repot.toml", "a = 1\nb = 2\n");
        let problem = RoadmapProblem::new(&file, Some(6..7), "`b` is not `a`")
            .label("this one")
            .related(Some(0..1), "that one")
            .hint(Some("write `a`".to_owned()));
        let expected = "\
error: `b` is not `a`
 --> repot.toml:2:1
  |
1 | a = 1
  | - that one
2 | b = 2
  | ^ this one
  |
  = help: write `a`";
        assert_eq!(problem.to_string(), expected);
        assert!(problem.render(true).contains("\u{1b}["));
    }

    #[test]
    fn a_problem_without_a_place_names_the_file() {
        let file = RoadmapFile::new("repot.toml", "a = 1\n");
        let problem = RoadmapProblem::new(&file, None, "nothing here");
        assert_eq!(problem.to_string(), "error: nothing here\n--> repot.toml");
        assert_eq!(problem.position(), None);
    }

    #[test]
    fn a_byte_order_mark_and_windows_line_ends_count_for_nothing() {
        let file = RoadmapFile::new("repot.toml", "\u{feff}a = 1\r\nb = 2\r\n");
        assert_eq!(file.position(3), (1, 1));
        assert_eq!(file.position(10), (2, 1));
        let first = RoadmapProblem::new(&file, Some(3..4), "x").to_string();
        assert_eq!(first, "error: x\n --> repot.toml:1:1\n  |\n1 | a = 1\n  | ^");
        let second = RoadmapProblem::new(&file, Some(10..11), "x").to_string();
        assert_eq!(second, "error: x\n --> repot.toml:2:1\n  |\n2 | b = 2\n  | ^");
    }

    proptest! {
        #[test]
        fn any_range_of_any_text_can_be_shown(
            text in "[a-zé\u{1F600}\u{feff}\r\n\t =]{0,40}", start in 0_usize..60, end in 0_usize..60
        ) {
            let file = RoadmapFile::new("repot.toml", &text);
            let problem = RoadmapProblem::new(&file, Some(start..end), "x").related(Some(end..start), "y");
            let span = problem.span.clone().unwrap();
            prop_assert!(text.get(span).is_some());
            prop_assert!(problem.render(false).starts_with("error: x\n"));
            let (line, column) = problem.position().unwrap();
            prop_assert!(line >= 1 && column >= 1);
        }
    }
}
