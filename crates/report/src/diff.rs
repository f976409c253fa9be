//! One file before and after, as `git diff` prints it.
//!
//! The `index` line is left out: it names blobs, and a preview has none. The
//! bytes of the lines pass through untouched, whatever their encoding.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;

use repot_change::{Content, FileDelta, RelPath};

use crate::lines::{Change, Comparison};
use crate::quote::git_path;
use crate::style::{Role, Style};

/// How many unchanged lines stand around a change.
const CONTEXT: usize = 3;

/// How many bytes of the enclosing definition stand behind a hunk's range.
const FUNCTION_BYTES: usize = 80;

/// A binary file has a NUL in this many first bytes, as for git.
const BINARY_PROBE: usize = 8000;

/// The delta as `git diff` prints it; nothing when it changes nothing.
#[must_use]
pub fn diff(delta: &FileDelta, style: Style) -> Vec<u8> {
    let mut out = Vec::new();
    if delta.old == delta.new {
        return out;
    }
    let (old, new) = (bytes(delta.old.as_ref()), bytes(delta.new.as_ref()));
    for line in header(delta) {
        style.line(&mut out, Role::Strong, format!("{line}\n").as_bytes());
    }
    let (a, b) = (label("a/", delta.old.as_ref()), label("b/", delta.new.as_ref()));
    if old == new {
        return out;
    }
    if is_binary(delta) {
        out.extend_from_slice(format!("Binary files {a} and {b} differ\n").as_bytes());
        return out;
    }
    for (sign, name) in [("---", a), ("+++", b)] {
        // Git ends a name with blanks by a tab, so that `patch` finds its end.
        let tab = if name.contains(' ') { "\t" } else { "" };
        style.line(&mut out, Role::Strong, format!("{sign} {name}{tab}\n").as_bytes());
    }
    hunks(&mut out, &Comparison::of(old, new), style);
    out
}

/// Whether git would show either side as binary.
pub(crate) fn is_binary(delta: &FileDelta) -> bool {
    let probe = |text: &[u8]| memchr::memchr(0, &text[..text.len().min(BINARY_PROBE)]).is_some();
    probe(bytes(delta.old.as_ref())) || probe(bytes(delta.new.as_ref()))
}

/// The bytes of one side; none where the file does not exist.
pub(crate) fn bytes(side: Option<&(RelPath, Content)>) -> &[u8] {
    side.map_or(&[], |(_, content)| &content.bytes)
}

fn label(prefix: &str, side: Option<&(RelPath, Content)>) -> String {
    side.map_or_else(|| "/dev/null".to_owned(), |(path, _)| git_path(&format!("{prefix}{path}")).into_owned())
}

/// The lines of a diff above those that name the two files.
pub(crate) fn header(delta: &FileDelta) -> Vec<String> {
    let (old, new) = (delta.old.as_ref(), delta.new.as_ref());
    let Some((old_path, new_path)) = old.or(new).zip(new.or(old)) else { return Vec::new() };
    let (a, b) = (label("a/", Some(old_path)), label("b/", Some(new_path)));
    let mut lines = vec![format!("diff --git {a} {b}")];
    match (old, new) {
        (None, Some((_, content))) => lines.push(format!("new file mode {}", mode(content))),
        (Some((_, content)), None) => lines.push(format!("deleted file mode {}", mode(content))),
        (Some((from, before)), Some((to, after))) => {
            if before.executable != after.executable {
                lines.push(format!("old mode {}", mode(before)));
                lines.push(format!("new mode {}", mode(after)));
            }
            if from != to {
                lines.push(format!("similarity index {}%", similarity(&before.bytes, &after.bytes)));
                lines.push(format!("rename from {}", git_path(from.as_str())));
                lines.push(format!("rename to {}", git_path(to.as_str())));
            }
        }
        (None, None) => {}
    }
    lines
}

fn mode(content: &Content) -> &'static str {
    if content.executable { "100755" } else { "100644" }
}

/// How much of the larger file the two have in common, in percent rounded down.
///
/// As git measures a rename: bytes in pieces that end at a line feed or after
/// 64 bytes, counted wherever they stand.
fn similarity(old: &[u8], new: &[u8]) -> usize {
    let larger = old.len().max(new.len());
    if old == new || larger == 0 {
        return 100;
    }
    let mut left: BTreeMap<&[u8], usize> = BTreeMap::new();
    for piece in pieces(old) {
        *left.entry(piece).or_default() += 1;
    }
    let mut common = 0;
    for piece in pieces(new) {
        if let Some(count) = left.get_mut(piece).filter(|count| **count > 0) {
            *count -= 1;
            common += piece.len();
        }
    }
    common * 100 / larger
}

fn pieces(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').flat_map(|line| line.chunks(64))
}

/// Changes that lie near each other, with the lines around them.
#[derive(Debug)]
pub(crate) struct Hunk<'a> {
    /// Its lines before.
    pub old: Range<usize>,
    /// Its lines after.
    pub new: Range<usize>,
    /// The line that the hunk is said to belong to; empty for none.
    pub function: &'a [u8],
    /// What changes in it, from the front to the end.
    pub changes: &'a [Change],
}

impl<'a> Hunk<'a> {
    /// The hunks of `compared`, from the front to the end.
    pub(crate) fn all(compared: &'a Comparison<'_>) -> Vec<Self> {
        let mut function: &[u8] = b"";
        let mut searched = 0;
        let hunk = |changes: &'a [Change]| {
            let (first, last) = (changes.first()?, changes.last()?);
            let lead = first.old.start.min(CONTEXT);
            let trail = (compared.old.len() - last.old.end).min(CONTEXT);
            let old = first.old.start - lead..last.old.end + trail;
            let new = first.new.start - lead..last.new.end + trail;
            let above = compared.old[searched..old.start].iter().rev();
            function = above.copied().find(|line| opens_definition(line)).unwrap_or(function);
            searched = old.start;
            Some(Hunk { old, new, function: shorten(function), changes })
        };
        compared.hunks(CONTEXT).filter_map(hunk).collect()
    }

    /// `@@ -1,3 +1,4 @@`
    pub(crate) fn range(&self) -> String {
        format!("@@ -{} +{} @@", range(&self.old), range(&self.new))
    }
}

fn hunks(out: &mut Vec<u8>, compared: &Comparison<'_>, style: Style) {
    for hunk in Hunk::all(compared) {
        style.line(out, Role::Range, hunk.range().as_bytes());
        if !hunk.function.is_empty() {
            out.push(b' ');
            out.extend_from_slice(hunk.function);
        }
        out.push(b'\n');
        body(out, compared, hunk.changes, hunk.old, style);
    }
}

/// A hunk's range as `first,count`: from 1, `,1` left out, and an empty range
/// named by the line above it.
fn range(lines: &Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        count => format!("{},{count}", lines.start + 1),
    }
}

/// Git's default rule for the line that a hunk is said to belong to.
pub(crate) fn opens_definition(line: &[u8]) -> bool {
    line.first().is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$'))
}

/// The first bytes of `line`, without blanks at their end and without half a
/// character.
fn shorten(line: &[u8]) -> &[u8] {
    let head = &line[..line.len().min(FUNCTION_BYTES)];
    let whole = match std::str::from_utf8(head) {
        Err(error) if error.error_len().is_none() => &head[..error.valid_up_to()],
        _ => head,
    };
    whole.trim_ascii_end()
}

fn body(out: &mut Vec<u8>, compared: &Comparison<'_>, changes: &[Change], old: Range<usize>, style: Style) {
    let mut at = old.start;
    for change in changes {
        compared.old[at..change.old.start].iter().for_each(|line| push(out, None, b' ', line, style));
        for line in &compared.old[change.old.clone()] {
            push(out, Some(Role::Removed), b'-', line, style);
        }
        for line in &compared.new[change.new.clone()] {
            push(out, Some(Role::Added), b'+', line, style);
        }
        at = change.old.end;
    }
    compared.old[at..old.end].iter().for_each(|line| push(out, None, b' ', line, style));
}

fn push(out: &mut Vec<u8>, role: Option<Role>, sign: u8, line: &[u8], style: Style) {
    match role.filter(|_| style.color) {
        None => {
            out.push(sign);
            out.extend_from_slice(line);
        }
        Some(role) => style.line(out, role, &[&[sign], line].concat()),
    }
    if !line.ends_with(b"\n") {
        writeln!(out, "\n\\ No newline at end of file").expect("a vector takes any bytes");
    }
}

#[cfg(test)]
mod tests;
