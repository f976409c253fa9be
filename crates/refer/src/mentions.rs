//! Where a text spells old names, as dotted names or as paths.
//!
//! One search over the text finds the words that hold a needle; each of these
//! is then read as a dotted name or as a path. What a place means in its format
//! is not known here.

mod path;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::collections::HashSet;

use aho_corasick::{AhoCorasick, MatchKind};
use repot_change::{RelPath, Span};
use repot_workspace::Workspace;

use crate::{Known, Mention, Renames, Spelling};

/// Stands for a byte that is no UTF-8, and is never the end of a word.
const UNREADABLE: char = '\u{7f}';

/// No name or path is longer; what is, would only cost time.
const LONGEST_WORD: usize = 512;

/// One automaton for all old names, and the folders that module paths may be
/// relative to.
#[derive(Debug)]
pub(crate) struct Needles {
    automaton: Option<AhoCorasick>,
    /// What a `from` statement begins with that names what moves in two parts.
    parents: Option<AhoCorasick>,
    pub(crate) source_folders: Vec<RelPath>,
}

impl Needles {
    pub(crate) fn new<'a>(
        workspace: &Workspace,
        modules: impl Iterator<Item = &'a String>,
        symbols: impl Iterator<Item = &'a String>,
        paths: impl Iterator<Item = &'a RelPath>,
    ) -> Self {
        let modules: HashSet<&str> = modules.map(String::as_str).collect();
        let above = |name: &str| {
            name.match_indices('.').any(|(dot, _)| name.get(..dot).is_some_and(|name| modules.contains(name)))
        };
        // A module below another that moves is found by the other's name.
        let mut needles: BTreeSet<String> =
            modules.iter().filter(|name| !above(name)).map(|name| (*name).to_owned()).collect();
        let mut parents: BTreeSet<String> = modules.iter().filter_map(|name| statement(name)).collect();
        for symbol in symbols {
            parents.extend(statement(symbol));
            needles.extend(symbol.rsplit_once('.').map(|(module, name)| format!("{module}:{name}")));
            needles.insert(symbol.clone());
        }
        needles.extend(paths.flat_map(path::needles));
        let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&needles).ok();
        let trees = workspace.packages().iter().flat_map(|package| &package.trees);
        let source_folders: BTreeSet<RelPath> = trees.map(|tree| tree.root.clone()).collect();
        Self {
            automaton: automaton.filter(|_| !needles.is_empty()),
            parents: AhoCorasick::new(&parents).ok().filter(|_| !parents.is_empty()),
            source_folders: source_folders.into_iter().collect(),
        }
    }
}

fn statement(name: &str) -> Option<String> {
    name.rsplit_once('.').map(|(parent, _)| format!("from {parent} import "))
}

impl Renames<'_> {
    /// Every place of `text`, a file in the folder `base`, that spells an old
    /// name, whole at both ends; sorted. A word that may be a name as well as a
    /// path is given as both.
    #[must_use]
    pub fn mentions(&self, base: &RelPath, text: &[u8]) -> Vec<Mention> {
        let Some(automaton) = &self.needles.automaton else { return Vec::new() };
        let (mut readable, mut found, mut end) = (None, Vec::new(), 0);
        for hit in automaton.find_iter(text) {
            if hit.start() < end {
                continue;
            }
            let text: &Cow<'_, str> = readable.get_or_insert_with(|| same_length(text));
            let word = Word::around(text, hit.start(), hit.end());
            end = word.span.end;
            self.read(base, &word, &mut found);
        }
        found
    }

    /// Whether [`Renames::mentions`] would look closer at `text`.
    pub(crate) fn is_needle_in(&self, text: &[u8]) -> bool {
        self.needles.automaton.as_ref().is_some_and(|automaton| automaton.is_match(text))
    }

    /// Whether `text` has a `from` statement of a parent of what moves.
    pub(crate) fn is_parent_in(&self, text: &[u8]) -> bool {
        self.needles.parents.as_ref().is_some_and(|automaton| automaton.is_match(text))
    }

    fn read(&self, base: &RelPath, word: &Word<'_>, found: &mut Vec<Mention>) {
        if word.text.len() > LONGEST_WORD
            || word.before == Some(UNREADABLE)
            || word.after.starts_with(UNREADABLE)
        {
            return;
        }
        if word.text.contains('/') {
            // What stands behind the host of an address is not in this tree.
            let is_address = word.is_variable() && word.before == Some('@');
            for piece in word.pieces().filter(|_| !is_address).filter(|piece| piece.text.contains('/')) {
                found.extend(self.path_mention(base, &piece));
            }
        } else {
            found.extend(self.dotted_mention(word));
            found.extend(self.path_mention(base, word));
        }
    }

    /// The mention that `word` is when it is read as a dotted name, or else
    /// what stands behind one of its colons: `error:::shop.cart`.
    fn dotted_mention(&self, word: &Word<'_>) -> Option<Mention> {
        if word.is_variable() {
            return None;
        }
        let colons = word.text.match_indices(':').map(|(at, _)| at + 1);
        std::iter::once(0).chain(colons).find_map(|at| self.dotted_from(word, at))
    }

    fn dotted_from(&self, word: &Word<'_>, at: usize) -> Option<Mention> {
        let text = word.text.get(at..)?;
        let text = text.split("::").next().unwrap_or(text).trim_end_matches(['.', ':', '-']);
        let start = word.span.start + at;
        let is_open = start + text.len() == word.span.end && word.goes_on();
        if text.starts_with(['.', ':']) || text.contains('-') || (is_open && !word.after.starts_with('*')) {
            return None;
        }
        let (len, new, known) = self.dotted(text)?;
        let old = text.get(..len)?;
        let new = match (old.contains(':'), new.rsplit_once('.')) {
            (true, Some((module, name))) => format!("{module}:{name}"),
            _ => new.to_owned(),
        };
        // A single word that goes on with something unknown is the name of a
        // file, a host or an image.
        if new == old
            || (known == Known::Stranger && !old.contains(['.', ':']))
            || (is_open && len < text.len())
        {
            return None;
        }
        Some(Mention {
            span: Span::new(start, start + len),
            token: Span::new(start, start + text.len()),
            new,
            spelling: Spelling::Dotted,
            known,
            // What a wildcard goes on with is whole only where names are listed.
            bare: is_open || !text.contains(['.', ':']),
            rooted: false,
        })
    }
}

/// A longest run of the characters that names and paths are made of.
pub(crate) struct Word<'t> {
    text: &'t str,
    span: Span,
    before: Option<char>,
    /// What stands in front of the word on its line, and behind it.
    left: &'t str,
    after: &'t str,
}

impl<'t> Word<'t> {
    fn around(text: &'t str, start: usize, end: usize) -> Self {
        let outside = |c: char| !is_inside(c);
        let left = text.get(..start).unwrap_or_default();
        let right = text.get(end..).unwrap_or_default();
        let start = left.char_indices().rfind(|(_, c)| outside(*c)).map_or(0, |(at, c)| at + c.len_utf8());
        let end = right.find(outside).map_or(text.len(), |at| end + at);
        Self::at(text, Span::new(start, end))
    }

    fn at(text: &'t str, span: Span) -> Self {
        let left = text.get(..span.start).unwrap_or_default();
        Self {
            text: text.get(span.range()).unwrap_or_default(),
            span,
            before: left.chars().next_back(),
            left,
            after: text.get(span.end..).unwrap_or_default(),
        }
    }

    /// The parts between colons: `src/shop:/app/shop`, `shop/cart.py:12`.
    fn pieces(&self) -> impl Iterator<Item = Word<'t>> {
        let mut start = self.span.start;
        self.text.split(':').map(move |text| {
            let span = Span::new(start, start + text.len());
            let after = self.text.get(span.end - self.span.start..).unwrap_or_default();
            let is_last = span.end == self.span.end;
            let first = start == self.span.start;
            start = span.end + 1;
            Word {
                text,
                span,
                before: if first { self.before } else { Some(':') },
                left: if first { self.left } else { ":" },
                after: if is_last { self.after } else { after },
            }
        })
    }

    /// Whether this is the name of a shell or template variable, or what
    /// stands behind the `@` of an address.
    fn is_variable(&self) -> bool {
        match self.before {
            Some('$' | '\\' | '%') => true,
            Some('{') => self.left.ends_with("${"),
            Some('@') => self.left.chars().rev().nth(1).is_some_and(char::is_alphanumeric),
            _ => false,
        }
    }

    /// Whether the last component goes on with something that is not spelled
    /// out: a wildcard, a variable.
    fn goes_on(&self) -> bool {
        let mut after = self.after.chars();
        let (first, second) = (after.next(), after.next());
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        match first {
            Some('*') => self.before != Some('*') || second.is_some_and(is_name),
            Some('?') => second.is_some_and(|c| is_name(c) || c == '.'),
            Some('{') => true,
            Some('$') => second.is_some_and(|c| is_name(c) || c == '{' || c == '('),
            _ => false,
        }
    }
}

fn is_inside(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '/' | '-')
}

/// `bytes` as text in which every byte has its offset: one that is no UTF-8 is
/// [`UNREADABLE`].
pub(crate) fn same_length(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| UNREADABLE));
    }
    Cow::Owned(text)
}
