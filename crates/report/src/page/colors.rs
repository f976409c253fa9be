//! The colours of code: kinds of tokens, never colours themselves; a page says
//! how a kind looks, in the dark and in the light.
//!
//! The grammars are those of `two-face`, read by `syntect`. Only what is shown
//! is read, with as much above it as is needed to know where a line stands.
//! Where that is not enough, a line may have the wrong colour: a colour is a
//! help for the eye and says nothing of a plan.

use std::sync::LazyLock;

use repot_change::RelPath;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::text::units;
use crate::diff::opens_definition;

/// How many lines above a hunk are read, at most.
const REACH: usize = 150;

/// Longer lines have no colours, and are not read at all.
const LONGEST: usize = 500;

/// The kind of a token that looks like the text around it.
const PLAIN: char = 'p';

static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// What scopes look like, the first that fits; a scope that is not listed
/// looks like the one around it.
static KINDS: LazyLock<Vec<(Scope, char)>> = LazyLock::new(|| {
    let kinds = [
        ("comment", 'c'),
        ("source", PLAIN),
        ("meta.interpolation", PLAIN),
        ("constant.character.escape", 'n'),
        ("constant.other.placeholder", 'n'),
        ("string", 's'),
        ("markup.raw", 's'),
        ("markup.underline.link", 's'),
        ("constant", 'n'),
        ("variable.language", 'n'),
        ("keyword.operator.logical", 'k'),
        ("keyword.operator.word", 'k'),
        ("keyword.operator", PLAIN),
        ("keyword", 'k'),
        ("storage", 'k'),
        ("markup.heading", 'k'),
        ("entity.name.function", 'f'),
        ("variable.function", 'f'),
        ("variable.annotation", 'f'),
        ("support.function", 'f'),
        ("entity.name.section", 'f'),
        ("entity.name", 't'),
        ("entity.other", 't'),
        ("support", 't'),
    ];
    kinds.iter().filter_map(|(scope, kind)| Some((Scope::new(scope).ok()?, *kind))).collect()
});

/// Reads lines one after the other and says what stands in them.
#[derive(Clone, PartialEq)]
pub(crate) struct Pen {
    state: ParseState,
    stack: ScopeStack,
    is_python: bool,
}

impl Pen {
    /// A pen for the file `path`; `None` where no grammar is known.
    pub(crate) fn of(path: &RelPath) -> Option<Self> {
        let extension = path.extension().unwrap_or_else(|| path.file_name());
        let grammar = GRAMMARS.find_syntax_by_extension(match extension {
            "pyi" | "pyw" => "py",
            "lock" => "toml",
            other => other,
        })?;
        (grammar.name != "Plain Text").then(|| Self::new(grammar))
    }

    fn new(grammar: &SyntaxReference) -> Self {
        let is_python = grammar.name == "Python";
        Self { state: ParseState::new(grammar), stack: ScopeStack::new(), is_python }
    }

    /// The pen where the last of `lines` ends. When they are many, it starts
    /// at a definition among the last of them, as `fresh`.
    pub(crate) fn after(self, lines: &[&[u8]], fresh: &Self) -> Self {
        let (mut pen, lines) = match lines.len().checked_sub(REACH) {
            None | Some(0) => (self, lines),
            Some(far) => {
                let near = &lines[far..];
                let start = near.iter().position(|line| opens_definition(line)).unwrap_or(near.len());
                (fresh.clone(), &near[start..])
            }
        };
        for line in lines {
            // In Python only these leave more behind than the end of a line.
            if !pen.is_python || line.iter().any(|byte| b"\"'()[]{}\\".contains(byte)) {
                pen.line(&String::from_utf8_lossy(line));
            }
        }
        pen
    }

    /// The tokens of the next line, which may end with a line feed: the letter
    /// of each kind and its length in UTF-16 code units, as in `k4p10k6`. What
    /// is plain at the end is left out.
    pub(crate) fn line(&mut self, line: &str) -> String {
        if line.len() > LONGEST {
            return String::new();
        }
        let whole = format!("{}\n", line.trim_end_matches(['\n', '\r']));
        let Ok(ops) = self.state.parse_line(&whole, &GRAMMARS) else { return String::new() };
        let mut tokens: Vec<(char, usize)> = Vec::new();
        let mut push = |kind: char, text: &str| match tokens.last_mut() {
            _ if text.is_empty() => {}
            Some((last, length)) if *last == kind => *length += units(text),
            _ => tokens.push((kind, units(text))),
        };
        let mut at = 0;
        for (next, op) in &ops {
            push(self.kind(), &whole[at..*next]);
            at = *next;
            // An operation that does not fit the stack is one of a broken grammar.
            let _ = self.stack.apply(op);
        }
        push(self.kind(), whole[at..].trim_end_matches('\n'));
        if tokens.last().is_some_and(|(kind, _)| *kind == PLAIN) {
            tokens.pop();
        }
        tokens.iter().map(|(kind, length)| format!("{kind}{length}")).collect()
    }

    fn kind(&self) -> char {
        let known = |scope: &Scope| KINDS.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope));
        self.stack.as_slice().iter().rev().find_map(known).map_or(PLAIN, |(_, kind)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::path;

    fn tokens(file: &str, lines: &[&str]) -> Vec<String> {
        let mut pen = Pen::of(&path(file)).unwrap();
        lines.iter().map(|line| pen.line(line)).collect()
    }

    #[test]
    fn kinds_are_letters_with_lengths() {
        let lines = ["from a import b  # é𝄞", "x = 'y'", "class A:", "    def f(self): return 1"];
        assert_eq!(tokens("a.py", &lines)[0], "k4p3k6p4c6");
        assert_eq!(tokens("a.py", &lines)[1], "p4s3");
        assert_eq!(tokens("a.py", &lines)[2], "k5p1t1");
        assert_eq!(tokens("pyproject.toml", &["name = \"x\""])[0], "t4p3s3");
    }

    #[test]
    fn a_docstring_is_one_from_its_first_line_on() {
        let lines = ["\"\"\"One.", "import this", "\"\"\"", "import that"];
        let seen = tokens("a.py", &lines);
        assert_eq!(seen[1], "c11");
        assert_eq!(seen[3], "k6");
        let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
        let fresh = Pen::of(&path("a.py")).unwrap();
        assert_eq!(fresh.clone().after(&lines[..2], &fresh).line("import this"), "c11");
        assert_eq!(fresh.clone().after(&lines[..3], &fresh).line("import that"), "k6");
    }

    #[test]
    fn far_down_a_definition_is_where_reading_starts() {
        let mut text = vec![b"'''never closed".as_slice()];
        text.extend(std::iter::repeat_n(b"  x".as_slice(), REACH));
        text.push(b"def f():");
        let fresh = Pen::of(&path("a.py")).unwrap();
        assert_eq!(fresh.clone().after(&text, &fresh).line("import a"), "k6");
    }

    #[test]
    fn a_file_of_no_known_language_has_no_colours() {
        assert!(Pen::of(&path("a.bin")).is_none());
        assert!(Pen::of(&path("notes.txt")).is_none());
        assert!(Pen::of(&path("Makefile")).is_some());
    }
}
