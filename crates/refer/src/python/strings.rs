//! Strings of Python code that are wholly a dotted name, or a path.
//!
//! How sure it is that a string refers is told by what stands around it. What
//! is put together at run time, escaped, or joined from several literals is
//! reported and stays.

mod anchor;
mod listed;
mod open;
mod role;
#[cfg(test)]
mod tests;

use repot_change::{Applicability, Class, RelPath, Span};
use repot_python::{SourceFile, StringLiteral};
use repot_workspace::{Module, Workspace, is_identifier};

pub(super) use listed::listed;
#[cfg(test)]
pub(super) use tests::workspace;

use crate::{Follow, Known, Renames, Spelling, Unhandled};
use role::{Role, Surroundings};

/// What follows among the strings of `source`, and what cannot.
///
/// A string that a checker reads as a type is among them; where it is also a
/// use of an import, that comes first.
pub(super) fn follow(
    workspace: &Workspace,
    renames: &Renames<'_>,
    importer: &Module,
    source: &SourceFile,
) -> (Vec<Follow>, Vec<Unhandled>) {
    let mut reader = Reader { workspace, renames, importer, follows: Vec::new(), unhandled: Vec::new() };
    if reader.may_refer(source) {
        reader.read(source);
    }
    (reader.follows, reader.unhandled)
}

/// One pass over the strings of a file.
struct Reader<'a> {
    workspace: &'a Workspace,
    renames: &'a Renames<'a>,
    importer: &'a Module,
    follows: Vec<Follow>,
    unhandled: Vec<Unhandled>,
}

impl Reader<'_> {
    /// Whether a string of `source` spells anything that moves, whatever stands
    /// around it; no tree is needed to see that.
    fn may_refer(&self, source: &SourceFile) -> bool {
        let bytes = source.bytes();
        let imports = ["import_module", "resolve_name", "find_spec", "__getattr__"];
        let is_relative = imports.iter().any(|word| repot_python::mentions(bytes, word.as_bytes()));
        let is_near = |text: &str| {
            (is_relative && text.starts_with('.') && is_dotted(text.trim_start_matches('.')))
                || open::unescaped(text).is_some_and(|text| self.renames.dotted(name_at(&text)).is_some())
                || entries(text).any(|(_, name)| self.renames.dotted(name).is_some())
                || ((text.contains('/') || text.contains("import"))
                    && self.renames.is_needle_in(text.as_bytes()))
        };
        let literals = source.literals();
        let texts = literals.iter().filter_map(|one| std::str::from_utf8(&bytes[one.content.range()]).ok());
        let joined = literals.chunk_by(|one, next| is_gap(&bytes[one.span.end..next.span.start]));
        let is_joined = |parts: &[repot_python::Literal]| {
            let whole: Vec<u8> = parts.iter().flat_map(|one| &bytes[one.content.range()]).copied().collect();
            parts.len() > 1 && std::str::from_utf8(&whole).is_ok_and(&is_near)
        };
        texts.into_iter().any(is_near)
            || joined.into_iter().any(is_joined)
            || open::names(bytes).any(|name| name.starts_with('.') || self.leads_to_moved(name))
    }

    fn read(&mut self, source: &SourceFile) {
        let surroundings = Surroundings::of(source, self.importer);
        let strings = source.strings();
        let is_one = |one: &StringLiteral<'_>, next: &StringLiteral<'_>| {
            one.is_joined && next.is_joined && is_gap(&source.bytes()[one.span.end..next.span.start])
        };
        let mut before = None;
        for parts in strings.chunk_by(is_one) {
            let (first, last) = (&parts[0], &parts[parts.len() - 1]);
            let role = surroundings.role(first, before);
            let role = role.filter(|_| !first.is_docstring && !is_binary(source, first));
            before = Some(last);
            let Some(role) = role else { continue };
            if parts.len() > 1 || is_escaped(source, first) {
                self.spelled_apart(parts, Span::new(first.span.start, last.span.end), role);
            } else if let Ok(text) = std::str::from_utf8(first.bytes) {
                self.literal(source, &strings, first, text, role);
            }
        }
        for template in source.templates() {
            let head = std::str::from_utf8(template.bytes).map(open::head).unwrap_or_default();
            if let Some(role) = surroundings.role(&template, None) {
                self.open_name(template.content, head, role);
            }
        }
    }

    fn literal(
        &mut self,
        source: &SourceFile,
        strings: &[StringLiteral<'_>],
        literal: &StringLiteral<'_>,
        text: &str,
        role: Role,
    ) {
        let relative = text.trim_start_matches('.');
        if is_path_of_names(text) {
            self.name(literal.content, text, role);
        } else if relative.len() < text.len() && is_dotted(relative) {
            self.relative(source, strings, literal, role);
        } else if let Some(open) = open::unfinished(text) {
            self.open_name(literal.content, open, role);
        } else if role.holds_entries {
            for (at, name) in entries(text) {
                let start = literal.content.start + at;
                self.name(Span::new(start, start + name.len()), name, role);
            }
        } else {
            self.code(literal.content, text);
        }
        if text.contains('/') && !role.is_route {
            self.path(literal.content, text);
        }
    }

    /// A text at `span` that is wholly a dotted name.
    fn name(&mut self, span: Span, text: &str, role: Role) {
        let Some((len, new, known)) = self.renames.dotted(text) else { return };
        if !role.is_single && !text.contains(['.', ':']) {
            return;
        }
        let old = &text[..len];
        // A patch may bring the name that it replaces.
        if known == Known::Stranger && !role.is_looked_up {
            if role.applicability == Applicability::Certain {
                let reason =
                    format!("`{old}` moves, but has no `{}`", text[len..].trim_start_matches(['.', ':']));
                self.leave(span, text, reason);
            }
            return;
        }
        let new = match new.rsplit_once('.') {
            Some((module, name)) if old.contains(':') => format!("{module}:{name}"),
            _ => new.to_owned(),
        };
        // Where a name that is looked up in a module was defined is not where
        // it will be looked up.
        let is_symbol = role.is_looked_up && self.workspace.named(&old.replace(':', ".")).is_empty();
        let is_open = is_symbol || known == Known::Stranger;
        let applicability = if is_open { Applicability::Review } else { role.applicability };
        let role = Role { applicability, ..role };
        self.follow(Span::new(span.start, span.start + len), new, text, role);
    }

    /// Literals that are one string, or an escaped one, when that names what
    /// moves.
    fn spelled_apart(&mut self, parts: &[StringLiteral<'_>], span: Span, role: Role) {
        let texts = parts.iter().map(|part| std::str::from_utf8(part.bytes).ok().and_then(open::unescaped));
        let Some(text) = texts.collect::<Option<String>>() else { return };
        let is_named = role.is_single || text.contains(['.', ':']);
        let known = self.renames.dotted(&text).filter(|_| is_named && is_path_of_names(&text));
        if known.is_some_and(|(.., known)| known != Known::Stranger) {
            let reason = if parts.len() > 1 { "it is joined from several literals" } else { "it is escaped" };
            self.leave(span, &text, reason.to_owned());
        }
    }

    /// A text at `span` that may be wholly a path.
    /// Code in a string: what it imports would be missed, and is no prose.
    fn code(&mut self, span: Span, text: &str) {
        const IMPORTS: [&str; 5] = ["import ", "from ", "__import__('", "__import__(\"", "import_module("];
        if !text.contains("import") {
            return;
        }
        for one in self.renames.mentions(&self.importer.folder(), text.as_bytes()) {
            let imports = |word: &&str| text[..one.token.start].ends_with(*word);
            if one.spelling == Spelling::Dotted && IMPORTS.iter().any(imports) {
                let place = Span::new(span.start + one.span.start, span.start + one.span.end);
                let name = &text[one.token.range()];
                self.leave(place, name, "code in a string imports it".to_owned());
            }
        }
    }

    fn path(&mut self, span: Span, text: &str) {
        let body = text.trim_end_matches('/');
        if !body.contains('/') {
            return;
        }
        for one in self.renames.mentions(&self.importer.folder(), text.as_bytes()) {
            let is_whole = matches!(&text[..one.token.start], "" | "./") && one.token.end == body.len();
            let is_known = one.known != Known::Stranger && !one.bare && !one.rooted;
            if one.spelling == Spelling::Path && is_whole && is_known && self.is_surely_path(text) {
                let place = Span::new(span.start + one.span.start, span.start + one.span.end);
                self.follow(place, one.new, text, role::PATH);
            }
        }
    }

    /// Whether `text` says by its form that it is a path, or is one from the
    /// root of the workspace; names with a slash between them are many things.
    fn is_surely_path(&self, text: &str) -> bool {
        let body = text.trim_end_matches('/');
        let from_root = |text: &str| RelPath::new(text).is_ok_and(|path| self.renames.path(&path).is_some());
        text.starts_with('.')
            || body.ends_with(".py")
            || body.ends_with(".pyi")
            || from_root(body)
            || (body == text && from_root(&format!("{body}.py")))
    }

    fn follow(&mut self, span: Span, new: String, subject: &str, role: Role) {
        self.follows.push(Follow {
            span,
            new,
            class: Class::Strings,
            applicability: role.applicability,
            subject: subject.to_owned(),
            rule: role.rule.to_owned(),
        });
    }

    fn leave(&mut self, span: Span, subject: &str, reason: String) {
        self.unhandled.push(Unhandled { span, class: Class::Strings, subject: subject.to_owned(), reason });
    }
}

/// Whether nothing but blanks, backslashes and comments stands in `between`.
fn is_gap(between: &[u8]) -> bool {
    between.split(|byte| matches!(byte, b'\n' | b'\r')).all(|line| {
        let rest = line.trim_ascii();
        rest.is_empty() || rest == b"\\" || rest.starts_with(b"#")
    })
}

/// Whether the bytes of a literal are not its text.
fn is_escaped(source: &SourceFile, literal: &StringLiteral<'_>) -> bool {
    let prefix = &source.bytes()[literal.span.start..literal.content.start];
    literal.bytes.contains(&b'\\') && !prefix.iter().any(|byte| matches!(byte, b'r' | b'R'))
}

/// Whether a literal is one of bytes: no import takes such a name, and what looks
/// like one is a salt, a magic number, or part of a protocol.
fn is_binary(source: &SourceFile, literal: &StringLiteral<'_>) -> bool {
    let prefix = &source.bytes()[literal.span.start..literal.content.start];
    prefix.iter().any(|byte| matches!(byte, b'b' | b'B'))
}

/// Whether `text` is `a`, `a.b` or the like.
fn is_dotted(text: &str) -> bool {
    text.split('.').all(is_identifier)
}

/// Whether `text` is wholly `a.b` or `a.b:c.d`.
fn is_path_of_names(text: &str) -> bool {
    match text.split_once(':') {
        Some((module, name)) => is_dotted(module) && is_dotted(name),
        None => is_dotted(text),
    }
}

/// The dotted name that `text` begins with.
fn name_at(text: &str) -> &str {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | ':');
    let end = text.find(|letter| !is_part(letter)).unwrap_or(text.len());
    text[..end].trim_end_matches(['.', ':'])
}

/// The names in `command = module:function`, line by line, and where they
/// stand.
fn entries(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('=').filter_map(|(at, _)| {
        let rest = text[at + 1..].trim_start_matches([' ', '\t']);
        let name = name_at(rest);
        (!name.is_empty()).then(|| (text.len() - rest.len(), name))
    })
}
