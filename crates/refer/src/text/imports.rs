//! `from shop import cart` in the examples of documents, where no name is
//! spelled in full.
//!
//! An example is rarely a program that could be resolved, so that a statement
//! follows as a whole or not at all.

use repot_change::{Applicability, Class, Span};

use super::command::lines;
use crate::{Follow, Known, Renames, Unhandled};

/// A statement, by what it names.
struct Statement<'t> {
    module: (&'t str, Span),
    /// Each name with its place, and whether it gets another name here.
    names: Vec<(&'t str, Span, bool)>,
}

/// Adds to `follows` what follows in the `from` statements of a document.
pub(super) fn follow(
    text: &str,
    renames: &Renames<'_>,
    (follows, unhandled): (&mut Vec<Follow>, &mut Vec<Unhandled>),
) {
    for statement in lines(text).filter_map(|line| Statement::at(text, line)) {
        let (module, span) = statement.module;
        let targets: Vec<_> =
            statement.names.iter().map(|(name, ..)| target(renames, module, name)).collect();
        let Some(Some((parent, _))) = targets.iter().find(|target| target.is_some()) else { continue };
        if targets.iter().any(|target| target.as_ref().is_none_or(|(other, _)| other != parent)) {
            let reason = "some of its names move and others stay".to_owned();
            follows.retain(|one| !one.span.overlaps(span));
            unhandled.push(Unhandled { span, class: Class::Docs, subject: module.to_owned(), reason });
            continue;
        }
        follows.retain(|one| !one.span.overlaps(span));
        let edit = |span: Span, new: String, subject: String| Follow {
            span,
            new,
            class: Class::Docs,
            applicability: Applicability::Review,
            subject,
            rule: "an example imports it".to_owned(),
        };
        if parent != module {
            follows.push(edit(span, parent.clone(), module.to_owned()));
        }
        for ((old, span, is_aliased), target) in statement.names.iter().zip(&targets) {
            let Some((_, new)) = target.as_ref().filter(|(_, new)| new != old) else { continue };
            let new = if *is_aliased { new.clone() } else { format!("{new} as {old}") };
            follows.push(edit(*span, new, format!("{module}.{old}")));
        }
    }
    follows.sort_by_key(|follow| follow.span);
}

/// Where `name` of `module` is found afterwards; `None` when neither moves.
fn target(renames: &Renames<'_>, module: &str, name: &str) -> Option<(String, String)> {
    let full = format!("{module}.{name}");
    let (len, new, known) = renames.dotted(&full)?;
    if known == Known::Stranger {
        return None;
    }
    let new = format!("{new}{}", full.get(len..)?);
    new.rsplit_once('.').map(|(parent, last)| (parent.to_owned(), last.to_owned()))
}

impl<'t> Statement<'t> {
    fn at(text: &'t str, line: Span) -> Option<Self> {
        let raw = text.get(line.range())?;
        let code =
            raw.trim_start().trim_start_matches(">>> ").trim_start_matches("... ").strip_prefix("from ")?;
        let start = line.end - code.len();
        let (module, names) = code.split_once(" import ")?;
        let is_name = |text: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
        };
        if !is_name(module) {
            return None;
        }
        let names_start = line.end - names.len();
        let end = match names.trim_start().starts_with('(') {
            true => names_start + text.get(names_start..)?.find(')')?,
            false => names_start + names.find(['#', ';', '`']).unwrap_or(names.len()),
        };
        let listed = text.get(names_start..end)?;
        let names: Vec<_> = words(listed, names_start).filter(|(name, ..)| is_name(name)).collect();
        (!names.is_empty())
            .then_some(Self { module: (module, Span::new(start, start + module.len())), names })
    }
}

/// The names of a list with their places, and whether each has an alias.
fn words(listed: &str, start: usize) -> impl Iterator<Item = (&str, Span, bool)> {
    let inside = listed.trim_start_matches([' ', '(']);
    let mut at = start + listed.len() - inside.len();
    inside.split(',').map(move |item| {
        let begin = at;
        at += item.len() + 1;
        // A comment behind one name stands in front of the next.
        let code = match item.rfind('\n') {
            Some(end) if item.contains('#') => item.get(end..).unwrap_or_default(),
            _ => item,
        };
        let word = code.split_whitespace().next().unwrap_or_default();
        let begin = begin + item.len() - code.len() + code.find(word).unwrap_or(0);
        (word, Span::new(begin, begin + word.len()), code.contains(" as "))
    })
}
