//! Names that a string only begins, and text that is not its bytes.

use repot_change::{Applicability, Span};
use repot_workspace::below;

use super::role::Role;
use super::{Reader, is_dotted};
use crate::Known;

impl Reader<'_> {
    /// A name that begins with `text` and goes on at run time. What is whole so
    /// far follows; it deserves a look all the same.
    pub(super) fn open_name(&mut self, span: Span, text: &str, role: Role) {
        let name = text.trim_end_matches('.');
        let dots = text.len() - text.trim_start_matches('.').len();
        let whole = self.renames.dotted(name).filter(|(.., known)| *known != Known::Stranger);
        if let Some((len, new, _)) = whole.filter(|_| text.ends_with('.') && name.contains('.')) {
            let rule = "the name it begins with, completed at run time";
            let role = Role { applicability: Applicability::Review, rule, ..role };
            self.follow(Span::new(span.start, span.start + len), new.to_owned(), name, role);
            return;
        }
        let is_reference = role.applicability == Applicability::Certain;
        let names_moved = if dots > 0 {
            role.is_import && self.own_package(dots).is_some_and(|own| self.leads_to_moved(&own))
        } else {
            text.ends_with('.') && is_dotted(name) && { is_reference && self.leads_to_moved(name) }
        };
        if names_moved {
            let reason = "its name is put together at run time".to_owned();
            self.leave(span, text, reason);
        }
    }

    /// Whether `name`, or any module below it, moves.
    pub(super) fn leads_to_moved(&self, name: &str) -> bool {
        let name = name.trim_end_matches('.');
        let is_below = |other: &str| below(other, name).is_some_and(|rest| !rest.is_empty());
        let mut names = self.workspace.modules().iter().filter_map(|(_, module)| module.name.as_deref());
        self.renames.dotted(name).is_some()
            || (is_dotted(name) && names.any(|other| is_below(other) && self.renames.dotted(other).is_some()))
    }
}

/// What an f-string spells before its first interpolation.
pub(super) fn head(text: &str) -> &str {
    &text[..text.find('{').unwrap_or(text.len())]
}

/// What `text` begins, when it is a name with something to be filled in or
/// added: `a.b.`, `a.b.%s`, `a.b.{}`.
pub(super) fn unfinished(text: &str) -> Option<&str> {
    let head = &text[..text.find(['%', '{']).unwrap_or(text.len())];
    (head.ends_with('.') && is_dotted(head.trim_matches('.'))).then_some(head)
}

/// The names of `source` that stand between a quote and a `{`.
pub(super) fn names(source: &[u8]) -> impl Iterator<Item = &str> {
    memchr::memchr_iter(b'{', source).filter_map(|at| {
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
        let len = source[..at].iter().rev().take_while(is_part).count();
        let is_start = at.checked_sub(len + 1).is_some_and(|quote| matches!(source[quote], b'"' | b'\''));
        std::str::from_utf8(&source[at - len..at]).ok().filter(|name| is_start && name.ends_with('.'))
    })
}

/// `text` without its escapes, as far as these stand for letters of names;
/// `None` when there is any other.
pub(super) fn unescaped(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        let digits = match rest.as_bytes().get(at + 1)? {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            b'\n' => {
                rest = &rest[at + 2..];
                continue;
            }
            _ => return None,
        };
        let code = u32::from_str_radix(rest.get(at + 2..at + 2 + digits)?, 16).ok()?;
        plain.push(char::from_u32(code)?);
        rest = &rest[at + 2 + digits..];
    }
    plain.push_str(rest);
    Some(plain)
}
