//! Comments and docstrings: prose is offered, the code of doctests follows.
//!
//! A sentence may speak of what was; whether it should speak of what is, only a
//! reader knows.

use repot_change::{Applicability, Class, RelPath, Span};
use repot_python::{ImportKind, ImportStmt, SourceFile, scan_imports};

use crate::statement::rewrite_statement;
use crate::{Fate, Fates, Follow, Known, NewImport, Renames, Spelling, Unhandled};

/// What the comments and docstrings of `source`, a file in `folder`, name, and
/// what cannot follow.
///
/// Type comments are code and are not read here.
pub(super) fn follow(
    renames: &Renames<'_>,
    folder: &RelPath,
    source: &SourceFile,
) -> (Vec<Follow>, Vec<Unhandled>) {
    let bytes = source.bytes();
    let mut reader = Reader { renames, folder, bytes, follows: Vec::new(), unhandled: Vec::new() };
    for comment in source.comments() {
        let text = bytes[comment.range()].trim_ascii_start();
        let about = text.trim_ascii_start().strip_prefix(b"#").unwrap_or(text).trim_ascii_start();
        if !about.starts_with(b"type:") {
            reader.prose(comment, "a comment names it");
        }
    }
    let mut literals = source.literals().into_iter();
    if literals.any(|one| reader.may_name(&bytes[one.content.range()])) {
        for literal in source.strings().iter().filter(|one| one.is_docstring) {
            reader.docstring(literal.content);
        }
    }
    (reader.follows, reader.unhandled)
}

/// What a text is there for.
#[derive(Clone, Copy)]
struct Genre {
    class: Class,
    applicability: Applicability,
    rule: &'static str,
}

const DOCTEST: Genre =
    Genre { class: Class::Strings, applicability: Applicability::Review, rule: "a doctest runs it" };

struct Reader<'a> {
    renames: &'a Renames<'a>,
    folder: &'a RelPath,
    bytes: &'a [u8],
    follows: Vec<Follow>,
    unhandled: Vec<Unhandled>,
}

impl Reader<'_> {
    /// Whether `text` may name what moves, also where a doctest names it in
    /// two parts.
    fn may_name(&self, text: &[u8]) -> bool {
        self.renames.is_needle_in(text) || memchr::memmem::find(text, b">>> from ").is_some()
    }

    fn prose(&mut self, span: Span, rule: &'static str) {
        let genre = Genre { class: Class::Prose, applicability: Applicability::Offered, rule };
        self.mentions(span, genre, &[]);
    }

    /// The mentions in `span`, but those in one of the spans of `settled`.
    fn mentions(&mut self, span: Span, genre: Genre, settled: &[Span]) {
        let at = |inner: Span| Span::new(span.start + inner.start, span.start + inner.end);
        let mut end = span.start;
        for one in self.renames.mentions(self.folder, &self.bytes[span.range()]) {
            let place = at(one.span);
            let token = &self.bytes[at(one.token).range()];
            let is_spelled_out =
                one.spelling == Spelling::Dotted || token.strip_suffix(b"/").unwrap_or(token).contains(&b'/');
            let is_name = is_spelled_out && one.known != Known::Stranger && !one.bare && !one.rooted;
            // A word that may be a name as well as a path is taken for a name.
            if !is_name || place.start < end || settled.iter().any(|other| other.overlaps(place)) {
                continue;
            }
            end = place.end;
            let subject = String::from_utf8_lossy(token).into_owned();
            self.follow(place, one.new, subject, genre);
        }
    }

    /// A docstring: prose, and between it lines of code.
    fn docstring(&mut self, content: Span) {
        if !self.may_name(&self.bytes[content.range()]) {
            return;
        }
        let (mut start, mut is_code) = (content.start, false);
        while start < content.end {
            let rest = &self.bytes[start..content.end];
            let end = start + memchr::memchr2(b'\n', b'\r', rest).map_or(rest.len(), |at| at + 1);
            let line = &self.bytes[start..end];
            let code = line.trim_ascii_start();
            is_code = code.starts_with(b">>> ") || (is_code && code.starts_with(b"... "));
            if is_code {
                self.code(Span::new(end - code.len() + b">>> ".len(), end));
            } else {
                self.prose(Span::new(start, end), "a docstring names it");
            }
            start = end;
        }
    }

    /// A line of a doctest: its imports, and what it names in full.
    fn code(&mut self, line: Span) {
        let text = &self.bytes[line.range()];
        let mut settled = Vec::new();
        for stmt in scan_imports(text) {
            let fates = self.fates(&stmt);
            if fates.is_empty() {
                continue;
            }
            let span = Span::new(line.start + stmt.span.start, line.start + stmt.span.end);
            settled.push(span);
            let edits = rewrite_statement(text, &stmt, &fates);
            let subject = String::from_utf8_lossy(&self.bytes[span.range()]).into_owned();
            if edits.iter().any(|edit| edit.new.contains(&b'\n')) {
                let reason = "the names of a doctest's import go different ways".to_owned();
                self.unhandled.push(Unhandled { span, class: Class::Strings, subject, reason });
                continue;
            }
            for edit in edits {
                let place = Span::new(line.start + edit.span.start, line.start + edit.span.end);
                let new = String::from_utf8_lossy(&edit.new).into_owned();
                self.follow(place, new, subject.clone(), DOCTEST);
            }
        }
        self.mentions(line, DOCTEST, &settled);
    }

    /// What becomes of the names of a `from` statement; a plain import names
    /// its modules in full.
    fn fates(&self, stmt: &ImportStmt) -> Fates {
        let ImportKind::From(from) = &stmt.kind else { return Fates::new() };
        let Some(module) = from.module.as_ref().filter(|_| from.level == 0) else { return Fates::new() };
        let head = self.renamed(&module.text);
        let fate = |(index, name): (usize, &str)| {
            let whole = self.renamed(&format!("{}.{name}", module.text));
            let split = whole.as_deref().and_then(|new| new.rsplit_once('.'));
            let by_head = || Some((head.as_deref()?, name));
            let (module, name) = split.or_else(by_head)?;
            let new = NewImport::From { module: module.to_owned(), name: name.to_owned() };
            Some((index, Fate::Goes { new, alias: None }))
        };
        stmt.items().iter().map(|item| item.name.text.as_str()).enumerate().filter_map(fate).collect()
    }

    /// What the dotted name `text` as a whole is called now.
    fn renamed(&self, text: &str) -> Option<String> {
        let (len, new, known) = self.renames.dotted(text)?;
        (known != Known::Stranger).then(|| format!("{new}{}", &text[len..]))
    }

    fn follow(&mut self, span: Span, new: String, subject: String, genre: Genre) {
        let Genre { class, applicability, rule } = genre;
        self.follows.push(Follow { span, new, class, applicability, subject, rule: rule.to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::strings::workspace;
    use super::*;
    use crate::Move;
    use crate::relocation::Relocation;

    fn followed(moves: &[(&str, &str)], source: &[u8]) -> (Vec<Follow>, Vec<Unhandled>) {
        let workspace = workspace("shop/user.py", source);
        let moves: Vec<Move> = moves.iter().map(|(from, to)| Move::parse(from, to).unwrap()).collect();
        let relocation = Relocation::new(&workspace, &moves).unwrap();
        let folder = RelPath::new("shop").unwrap();
        follow(&relocation.renames(), &folder, &SourceFile::parse(source.into()))
    }

    /// `source` after what follows; `?` stands before what is offered, `!`
    /// before what is for review, and what is left stands between `«»`.
    fn after(moves: &[(&str, &str)], source: &str) -> String {
        let (follows, unhandled) = followed(moves, source.as_bytes());
        let mut edits: Vec<_> = follows
            .into_iter()
            .map(|one| match (one.class, one.applicability) {
                (Class::Prose, Applicability::Offered) => (one.span, format!("?{}", one.new)),
                (Class::Strings, Applicability::Review) => (one.span, format!("!{}", one.new)),
                other => panic!("{other:?}"),
            })
            .collect();
        edits.extend(unhandled.iter().map(|one| (one.span, format!("«{}»", &source[one.span.range()]))));
        edits.sort();
        let mut text = source.to_owned();
        for (span, new) in edits.into_iter().rev() {
            text.replace_range(span.range(), &new);
        }
        text
    }

    const CART: &[(&str, &str)] = &[("shop.cart", "store.basket")];

    #[test]
    fn prose_is_offered() {
        for (source, expected) in [
            ("# see shop.cart.\n", "# see ?store.basket.\n"),
            ("x = 1  # shop.cart:add, shop/cart.py\n", "x = 1  # ?store.basket:add, ?store/basket.py\n"),
            ("# src: ./cart.py or /shop/cart.py\n", "# src: ?../store/basket.py or /shop/cart.py\n"),
            ("# my.shop.cart, shop.carts, the cart, shop\n", "# my.shop.cart, shop.carts, the cart, shop\n"),
            ("# shop.cart.gone, cart.py, sub/\n", "# shop.cart.gone, cart.py, sub/\n"),
            ("x = []  # type: shop.cart.Cart\n", "x = []  # type: shop.cart.Cart\n"),
            ("'''Of shop.cart.'''\nx = 'shop.cart'\n", "'''Of ?store.basket.'''\nx = 'shop.cart'\n"),
            (
                "def f():\n  r'''See :mod:`shop.cart`,\r\n  :func:`~shop.cart.add`.\n  '''\n",
                "def f():\n  r'''See :mod:`?store.basket`,\r\n  :func:`~?store.basket.add`.\n  '''\n",
            ),
        ] {
            assert_eq!(after(CART, source), expected, "{source}");
        }
    }

    #[test]
    fn the_code_of_doctests_follows() {
        for (code, expected) in [
            (">>> from shop.cart import add", ">>> from !store.basket import add"),
            (">>> import shop.cart; shop.cart.add()", ">>> import !store.basket; !store.basket.add()"),
            (">>> from shop import cart  # c", ">>> !from store import basket as cart  # c"),
            (">>> from shop.cart import *", ">>> from !store.basket import *"),
            (">>> from shop import cart, sub", ">>> «from shop import cart, sub»"),
            (">>> from shop import sub", ">>> from shop import sub"),
            (
                ">>> if x:\n...     shop.cart.add()\n'shop.cart'",
                ">>> if x:\n...     !store.basket.add()\n'?store.basket'",
            ),
            ("... shop.cart", "... ?store.basket"),
        ] {
            let wrap = |code: &str| format!("'''Title.\n\n{code}\n'''\n");
            assert_eq!(after(CART, &wrap(code)), wrap(expected), "{code}");
        }
        let moves = [("shop.cart:add", "shop.sub.deep:plus")];
        let source = "'''\n>>> from shop.cart import add\n'''\n";
        assert_eq!(after(&moves, source), "'''\n>>> !from shop.sub.deep import plus as add\n'''\n");
    }

    proptest! {
        #[test]
        fn any_source_is_read(text in "(#|'''|\n>>> |\n\\.\\.\\. |from shop import |shop\\.cart|cart|[a-z ,.;é\\\\]){0,24}") {
            let (follows, unhandled) = followed(CART, text.as_bytes());
            let all = follows.iter().map(|one| one.span).chain(unhandled.iter().map(|one| one.span));
            prop_assert!(all.into_iter().all(|span| text.get(span.range()).is_some()));
        }
    }
}
