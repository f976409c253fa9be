//! What IPython understands and Python does not, masked so that the rest of a
//! cell parses: <https://ipython.readthedocs.io/en/stable/interactive/reference.html>.
//!
//! A mask is as long as what it covers, and covers as little as it can: the
//! sign in front of a magic, and the whole of nothing. What follows a sign that
//! became `#` is a comment, in which names may be looked for as in any other.

use repot_workspace::is_identifier;

use crate::opening::Open;

/// The bytes that stand at `at` of a cell in the place of its own.
pub(super) struct Mask {
    pub(super) at: usize,
    pub(super) text: String,
}

/// Cell magics behind whose line Python goes on.
const PYTHON_CELLS: [&str; 8] = ["capture", "memit", "prun", "pypy", "python", "python3", "time", "timeit"];
/// Line magics that are followed by a statement.
const PYTHON_LINES: [&str; 4] = ["memit", "prun", "time", "timeit"];
/// Statements that cannot stand behind a semicolon.
const COMPOUND: [&str; 9] = ["async", "class", "def", "for", "if", "match", "try", "while", "with"];

/// The masks of one cell, in order.
pub(super) fn masks(cell: &str) -> Vec<Mask> {
    let mut masks = Vec::new();
    let mut lines = Vec::new();
    let mut at = 0;
    for line in cell.split_inclusive('\n') {
        lines.push((at, line));
        at += line.len();
    }
    let first = lines.iter().position(|(_, line)| !line.trim().is_empty()).unwrap_or(0);
    let mut from = first;
    if let Some(magic) = lines.get(first).and_then(|(_, line)| line.strip_prefix("%%")) {
        let is_python = PYTHON_CELLS.contains(&magic.split_whitespace().next().unwrap_or_default());
        from = if is_python { first + 1 } else { lines.len() };
        masks.extend(lines[first..from].iter().filter_map(|(at, line)| comment(*at, line)));
    }
    let mut open = Open::default();
    let mut goes_on = false;
    for (at, line) in &lines[from..] {
        let mask = match (goes_on, open.is_statement()) {
            (true, _) => comment(*at, line),
            (false, true) => magic(line).map(|mask| Mask { at: at + mask.at, ..mask }),
            (false, false) => None,
        };
        let content = line.trim_end();
        let hides = mask.as_ref().is_some_and(|mask| mask.text.contains('#'));
        goes_on = hides && content.ends_with('\\');
        if !hides {
            open.read(line);
        }
        masks.extend(mask);
    }
    masks
}

/// The line as a comment.
fn comment(at: usize, line: &str) -> Option<Mask> {
    let indent = line.len() - line.trim_start().len();
    let first = line[indent..].chars().next()?;
    Some(Mask { at: at + indent, text: format!("#{}", " ".repeat(first.len_utf8() - 1)) })
}

/// The mask of a line at which a statement begins.
fn magic(line: &str) -> Option<Mask> {
    let indent = line.len() - line.trim_start().len();
    let content = line.trim();
    // A comment alone is no block, so an indented line keeps a statement.
    let hidden = || match indent {
        0 => comment(0, line),
        _ => content.get(..2).map(|_| Mask { at: indent, text: "0#".to_owned() }),
    };
    let name = content.trim_start_matches('%');
    match content.as_bytes().first()? {
        b'%' if name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_') => {
            timed(line, indent).or_else(hidden)
        }
        b'!' if content.len() > 1 => hidden(),
        b'?' if is_dotted(content.trim_start_matches('?')) => {
            let signs = content.len() - content.trim_start_matches('?').len();
            Some(Mask { at: indent, text: "+".repeat(signs) })
        }
        b'?' => hidden(),
        _ if content.ends_with('?') => asked(indent, content, hidden),
        _ => assigned(line),
    }
}

/// `%time shop.cart.add()` as `0;    shop.cart.add()`.
fn timed(line: &str, indent: usize) -> Option<Mask> {
    let magic = line[indent..].strip_prefix('%')?;
    let name = PYTHON_LINES
        .iter()
        .find(|name| magic.strip_prefix(**name).is_some_and(|rest| rest.starts_with(' ')))?;
    let mut rest = magic[name.len()..].trim_start();
    while rest.starts_with('-') {
        let (option, behind) = rest.split_once(' ')?;
        rest = behind.trim_start();
        if option.len() == 2 && "nrtplsTD".contains(&option[1..]) {
            rest = rest.split_once(' ')?.1.trim_start();
        }
    }
    let word = rest.split(|char: char| !char.is_alphanumeric() && char != '_').next()?;
    if rest.trim().is_empty() || COMPOUND.contains(&word) {
        return None;
    }
    let len = line.len() - indent - rest.len();
    Some(Mask { at: indent, text: format!("0;{}", " ".repeat(len - 2)) })
}

/// `shop.cart?` as `shop.cart `; a pattern is hidden.
fn asked(indent: usize, content: &str, hidden: impl FnOnce() -> Option<Mask>) -> Option<Mask> {
    let subject = content.trim_end_matches('?');
    let signs = content.len() - subject.len();
    if signs > 2 {
        return None;
    }
    if is_dotted(subject) {
        return Some(Mask { at: indent + subject.len(), text: " ".repeat(signs) });
    }
    let is_pattern = subject.chars().all(|char| char.is_alphanumeric() || "_.*[]%".contains(char));
    is_pattern.then(hidden).flatten()
}

/// `files = !ls` as `files = 0#s`.
fn assigned(line: &str) -> Option<Mask> {
    let (targets, value) = line.split_once('=')?;
    let is_target = |char: char| char.is_alphanumeric() || "_ \t,.*()[]".contains(char);
    let at = line.len() - value.trim_start().len();
    let value = value.trim();
    let is_magic = match value.strip_prefix('%') {
        Some(name) => name.starts_with(|char: char| char.is_ascii_alphabetic()),
        None => value.starts_with('!') && !value.starts_with("!="),
    };
    let is_whole = value.len() > 1 && value.is_char_boundary(2);
    (is_magic && is_whole && targets.chars().all(is_target)).then(|| Mask { at, text: "0#".to_owned() })
}

fn is_dotted(text: &str) -> bool {
    text.split('.').all(is_identifier)
}
