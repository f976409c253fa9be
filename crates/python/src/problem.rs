//! What is wrong with a file: a value, never an error that stops a run.

use repot_change::Span;
use tree_sitter::Node;

use crate::lines::Lines;
use crate::scan::is_word;
use crate::{encoding, tree};

/// One place of a file that cannot be read as Python.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The bytes that do not fit; empty where something is missing.
    pub span: Span,
    /// The line where the span begins, counted from 1.
    pub line: usize,
    /// What is wrong, as a phrase without a full stop.
    pub message: String,
}

/// The problems of a file, in order.
pub(crate) fn problems(bytes: &[u8], root: Node<'_>, lines: &Lines) -> Vec<Problem> {
    let mut found: Vec<(Span, String)> = encoding::problem(bytes).into_iter().collect();
    if let Some(at) = memchr::memchr(0, bytes) {
        found.push((Span::new(at, at + 1), "a NUL byte".to_owned()));
    }
    if root.has_error() {
        let conflicts = conflicts(bytes);
        let is_inside = |span: Span| conflicts.iter().any(|conflict| conflict.contains(span));
        found.extend(errors(root).into_iter().filter(|(span, _)| !is_inside(*span)));
        found.extend(conflicts.iter().map(|span| (*span, "an unresolved merge conflict".to_owned())));
    }
    found.extend(old_statements(bytes, root));
    found.sort();
    found
        .into_iter()
        .map(|(span, message)| Problem { span, line: lines.number(span.start), message })
        .collect()
}

/// What git left between conflict markers: neither side is known to be meant,
/// though the parser may make sense of some lines. In a file that parses such
/// lines stand in a string and mean nothing.
fn conflicts(bytes: &[u8]) -> Vec<Span> {
    let mut found = Vec::new();
    let mut begin = None;
    let mut start = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let end = start + line.len();
        if line.starts_with(b"<<<<<<< ") && begin.is_none() {
            begin = Some(start);
        } else if line.starts_with(b">>>>>>> ") {
            found.extend(begin.take().map(|begin| Span::new(begin, end)));
        }
        start = end;
    }
    found.extend(begin.map(|begin| Span::new(begin, bytes.len())));
    found
}

/// The outermost errors of the tree.
fn errors(root: Node<'_>) -> Vec<(Span, String)> {
    let mut found: Vec<(Span, String)> = Vec::new();
    let mut work = vec![root];
    while let Some(node) = work.pop() {
        if node.is_missing() {
            found.push((tree::span(node), missing(node.kind())));
        } else if node.is_error() && !(node == root && node.child_count() > 0) {
            found.push((tree::span(node), "syntax error".to_owned()));
        } else if node.is_error() {
            found.extend(broken_runs(node).into_iter().map(|span| (span, "syntax error".to_owned())));
        } else if node.has_error() {
            let children: Vec<Node<'_>> = node.children(&mut node.walk()).collect();
            if children.iter().any(Node::has_error) {
                work.extend(children);
            } else {
                found.push((unended(node, &children), "a line end is missing".to_owned()));
            }
        }
    }
    found
}

/// The grammar hides the ends of lines, and so a missing one is no node: it is
/// where one child begins on the line on which the other ends.
fn unended(node: Node<'_>, children: &[Node<'_>]) -> Span {
    let follows = |pair: &&[Node<'_>]| {
        let is_end = |node: Node<'_>| node.kind() == ";" || node.is_extra();
        pair[0].is_named()
            && pair[0].end_position().row == pair[1].start_position().row
            && !is_end(pair[0])
            && !is_end(pair[1])
    };
    let gap = children.windows(2).find(follows);
    gap.map_or_else(|| tree::span(node), |pair| Span::new(pair[0].end_byte(), pair[1].start_byte()))
}

/// A file that makes no module at all still has whole statements: what lies
/// between them is broken.
fn broken_runs(root: Node<'_>) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    let mut is_running = false;
    let mut cursor = root.walk();
    for child in root.children(&mut cursor) {
        let kind = child.kind();
        let is_statement = kind.ends_with("_statement") || kind.ends_with("_definition");
        if child.is_extra() && !child.is_error() {
            continue;
        }
        if is_statement && !child.has_error() {
            is_running = false;
        } else if let Some(run) = runs.last_mut().filter(|_| is_running) {
            run.end = child.end_byte();
        } else {
            runs.push(tree::span(child));
            is_running = true;
        }
    }
    runs
}

fn missing(kind: &str) -> String {
    if kind.starts_with('_') { "something is missing".to_owned() } else { format!("`{kind}` is missing") }
}

/// The grammar reads `print x` and `exec x`; Python 3 does not.
fn old_statements(bytes: &[u8], root: Node<'_>) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    for word in ["print", "exec"] {
        for at in memchr::memmem::find_iter(bytes, word) {
            let rest = &bytes[at + word.len()..];
            let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            let is_candidate = match rest.get(blanks) {
                Some(byte) if blanks > 0 => is_word(*byte) || matches!(byte, b'"' | b'\'' | b'`'),
                Some(byte) => matches!(byte, b'"' | b'\'' | b'`'),
                None => false,
            };
            if !is_candidate {
                continue;
            }
            let node = root.descendant_for_byte_range(at, at + word.len());
            let statement = node.and_then(|node| node.parent());
            let statement = statement.filter(|node| node.kind().strip_suffix("_statement") == Some(word));
            found.extend(
                statement.map(|node| (tree::span(node), format!("a `{word}` statement of Python 2"))),
            );
        }
    }
    found
}
