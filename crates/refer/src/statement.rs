//! Statements: an import statement whose names go to other modules.
//!
//! A statement whose names all go to one module changes in the module's name
//! only. Otherwise it is taken apart: one statement for each module, in the
//! order in which the names stood, each name with its comments.

use std::collections::BTreeMap;

use repot_change::Edit;
use repot_python::{FromImport, FromNames, ImportKind, ImportStmt, ImportedName};

use crate::layout::{Piece, Seat, is_directive, pieces};

/// How the new statement imports what the old one did.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum NewImport {
    /// `from module import name`
    From {
        /// The module as it is written, dots included.
        module: String,
        /// The name imported from it.
        name: String,
    },
    /// `import module`
    Import {
        /// The dotted module.
        module: String,
    },
}

/// What becomes of one name of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is imported in another way.
    Goes {
        /// The way.
        new: NewImport,
        /// The name that it is bound to, where the statement does not say so.
        /// Without one a `from` import keeps the name that it bound, and a plain
        /// import binds what it imports.
        alias: Option<String>,
    },
    /// It goes, since another statement brings the same or nobody uses it.
    Repeated,
}

/// What becomes of the names of one statement, by their place in it; names that
/// are not listed stay. A star is at place 0.
pub type Fates = BTreeMap<usize, Fate>;

/// The edits that turn `statement` into what `fates` say; none when `fates` is
/// empty.
#[must_use]
pub fn rewrite_statement(source: &[u8], statement: &ImportStmt, fates: &Fates) -> Vec<Edit> {
    match &statement.kind {
        _ if fates.is_empty() => Vec::new(),
        ImportKind::From(from) => rewrite_from(source, statement, from, fates),
        ImportKind::Import(items) => rewrite_import(source, statement, items, fates),
    }
}

fn rewrite_from(source: &[u8], statement: &ImportStmt, from: &FromImport, fates: &Fates) -> Vec<Edit> {
    let names: &[ImportedName] = match &from.names {
        FromNames::Star(_) => &[],
        FromNames::Names { names, .. } => names,
    };
    if let Some(module) = the_one_module(names, fates) {
        return vec![Edit::replace(from.module_span, module.as_bytes())];
    }
    let parentheses = match &from.names {
        FromNames::Names { parentheses, .. } => *parentheses,
        FromNames::Star(_) => None,
    };
    let seat = Seat::of(source, statement.span);
    let (pieces, header) = pieces(source, names, parentheses);
    let groups = group(source, from, names, pieces, fates);
    if groups.is_empty() {
        return vec![Edit::delete(seat.gap(source).unwrap_or(statement.span))];
    }
    let is_tall = parentheses
        .is_some_and(|list| source[list.range()].contains(&b'\n') || source[list.range()].contains(&b'\r'));
    let page = Page { source, seat: &seat, is_tall, header };
    vec![Edit::replace(statement.span, page.write(&groups))]
}

/// The module that every name goes to under its own name, if there is one.
fn the_one_module<'a>(names: &[ImportedName], fates: &'a Fates) -> Option<&'a str> {
    let mut modules = fates.iter().map(|(item, fate)| match fate {
        Fate::Goes { new: NewImport::From { module, name }, alias } => {
            let same = names.get(*item).is_none_or(|old| old.name.text == *name && keeps_name(old, alias));
            same.then_some(module.as_str())
        }
        Fate::Goes { .. } | Fate::Repeated => None,
    });
    let first = modules.next()??;
    let complete = fates.len() == names.len().max(1);
    (complete && modules.all(|module| module == Some(first))).then_some(first)
}

/// One of the statements that come out.
struct Group<'a> {
    /// `from m import`, or `import m` which has no names behind it.
    head: Vec<u8>,
    /// The names, each with the text that it has in the new statement.
    pieces: Vec<(Piece<'a>, Vec<u8>)>,
}

fn group<'a>(
    source: &'a [u8],
    from: &FromImport,
    names: &[ImportedName],
    pieces: Vec<Piece<'a>>,
    fates: &Fates,
) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for piece in pieces {
        let Some(old) = names.get(piece.item) else { continue };
        let (head, text) = match fates.get(&piece.item) {
            None => (head_of(&source[from.module_span.range()]), piece.text.to_vec()),
            Some(Fate::Repeated) => continue,
            Some(Fate::Goes { new: NewImport::From { module, name }, alias }) => {
                (head_of(module.as_bytes()), renamed(&piece, old, name, alias))
            }
            Some(Fate::Goes { new: NewImport::Import { module }, alias }) => {
                (whole_import(module, alias.as_deref().unwrap_or(old.bound())), Vec::new())
            }
        };
        match groups.iter_mut().find(|group| group.head == head) {
            Some(group) => group.pieces.push((piece, text)),
            None => groups.push(Group { head, pieces: vec![(piece, text)] }),
        }
    }
    groups
}

fn head_of(module: &[u8]) -> Vec<u8> {
    [b"from ", module, b" import "].concat()
}

/// `import m`, bound to `bound`.
fn whole_import(module: &str, bound: &str) -> Vec<u8> {
    let alias = (module != bound).then_some(bound);
    format!("import {module}{}", as_alias(alias)).into_bytes()
}

/// Whether the new statement binds the name that the old one bound.
fn keeps_name(old: &ImportedName, alias: &Option<String>) -> bool {
    alias.as_deref().is_none_or(|alias| alias == old.bound())
}

/// The piece's text when the name is another one in its new module.
fn renamed(piece: &Piece<'_>, old: &ImportedName, name: &str, alias: &Option<String>) -> Vec<u8> {
    if old.name.text == name && keeps_name(old, alias) {
        return piece.text.to_vec();
    }
    let bound = alias.as_deref().unwrap_or(old.bound());
    format!("{name}{}", as_alias(Some(bound).filter(|bound| *bound != name))).into_bytes()
}

/// How the statements that come out are laid out.
struct Page<'a> {
    source: &'a [u8],
    seat: &'a Seat,
    is_tall: bool,
    header: Option<&'a [u8]>,
}

impl Page<'_> {
    fn write(&self, groups: &[Group<'_>]) -> Vec<u8> {
        let mut text = Vec::new();
        for (index, group) in groups.iter().enumerate() {
            if index > 0 {
                text.extend_from_slice(&self.seat.separator);
            }
            self.write_group(group, index == 0, &mut text);
            if index + 1 < groups.len() && self.seat.separator != b"; " {
                text.extend_from_slice(&self.seat.directive);
            }
        }
        text
    }

    fn write_group(&self, group: &Group<'_>, is_first: bool, text: &mut Vec<u8>) {
        text.extend_from_slice(&group.head);
        let header = self.header.filter(|header| is_first || is_directive(header));
        let comments =
            group.pieces.iter().any(|(piece, _)| !piece.above.is_empty() || piece.behind.is_some());
        if self.is_tall && (group.pieces.len() > 1 || comments || header.is_some()) {
            return self.write_tall(group, header, text);
        }
        let names: Vec<&[u8]> =
            group.pieces.iter().map(|(_, name)| name.as_slice()).filter(|name| !name.is_empty()).collect();
        text.extend_from_slice(&names.join(&b", "[..]));
    }

    fn write_tall(&self, group: &Group<'_>, header: Option<&[u8]>, text: &mut Vec<u8>) {
        if group.pieces.iter().all(|(_, name)| name.is_empty()) {
            return self.write_whole(group, text);
        }
        let line = [&self.seat.newline[..], &self.seat.indent].concat();
        let step = self.step();
        text.push(b'(');
        text.extend(header.iter().flat_map(|header| [b"  ", *header].concat()));
        let mut row = None;
        for (index, (piece, name)) in group.pieces.iter().enumerate() {
            let follows = row == Some(piece.row) && piece.above.is_empty();
            for comment in &piece.above {
                text.extend([&line[..], &step, comment].concat());
            }
            text.extend(if follows { b" ".to_vec() } else { [&line[..], &step].concat() });
            text.extend_from_slice(name);
            text.push(b',');
            text.extend(piece.behind.iter().flat_map(|comment| [b"  ", *comment].concat()));
            row = (piece.behind.is_none() && index + 1 < group.pieces.len()).then_some(piece.row);
        }
        text.extend_from_slice(&line);
        text.push(b')');
    }

    /// `import m` cannot hold a list; its comments stand behind it.
    fn write_whole(&self, group: &Group<'_>, text: &mut Vec<u8>) {
        for (piece, _) in &group.pieces {
            for comment in piece.above.iter().chain(&piece.behind) {
                text.extend([b"  ", *comment].concat());
            }
        }
    }

    /// How far the names stand in from the statement: as in the file, else
    /// four blanks.
    fn step(&self) -> Vec<u8> {
        let indented = |line: &[u8]| line.first().is_some_and(|byte| *byte == b'\t');
        let uses_tabs = self.source.split(|byte| *byte == b'\n').any(indented);
        if uses_tabs { b"\t".to_vec() } else { b"    ".to_vec() }
    }
}

/// `import a, b.c as d`: names are replaced in place as long as all of them
/// remain plain imports; those that become `from` imports follow.
fn rewrite_import(source: &[u8], statement: &ImportStmt, items: &[ImportedName], fates: &Fates) -> Vec<Edit> {
    let goes = |item: usize| match fates.get(&item) {
        Some(Fate::Goes { new, alias }) => Some((new, alias.as_deref())),
        _ => None,
    };
    let is_left = |item: &usize| fates.get(item) != Some(&Fate::Repeated);
    let stays_plain = |item: &usize| !matches!(goes(*item), Some((NewImport::From { .. }, _)));
    let (plain, moved): (Vec<usize>, Vec<usize>) = (0..items.len()).filter(is_left).partition(stays_plain);
    if plain.len() == items.len() {
        let edit = |item: &usize| {
            let (NewImport::Import { module }, alias) = goes(*item)? else { return None };
            Some(Edit::replace(items[*item].name.span, format!("{module}{}", as_alias(alias))))
        };
        return plain.iter().filter_map(edit).collect();
    }
    let seat = Seat::of(source, statement.span);
    let mut statements = Vec::new();
    let kept: Vec<Vec<u8>> =
        plain.iter().map(|item| plain_text(source, &items[*item], goes(*item))).collect();
    if !kept.is_empty() {
        statements.push([b"import ", &kept.join(&b", "[..])[..]].concat());
    }
    for item in moved {
        if let Some((NewImport::From { module, name }, alias)) = goes(item) {
            let alias = alias_of(&items[item], alias).filter(|alias| alias != name);
            statements.push(format!("from {module} import {name}{}", as_alias(alias)).into_bytes());
        }
    }
    if statements.is_empty() {
        return vec![Edit::delete(seat.gap(source).unwrap_or(statement.span))];
    }
    vec![Edit::replace(statement.span, statements.join(&seat.separator[..]))]
}

fn plain_text(source: &[u8], item: &ImportedName, new: Option<(&NewImport, Option<&str>)>) -> Vec<u8> {
    match new {
        Some((NewImport::Import { module }, alias)) => {
            format!("{module}{}", as_alias(alias_of(item, alias))).into_bytes()
        }
        _ => source[item.span.range()].to_vec(),
    }
}

/// The alias that the item has, or else the one that it gets.
fn alias_of<'a>(item: &'a ImportedName, new: Option<&'a str>) -> Option<&'a str> {
    item.alias.as_ref().map(|alias| alias.text.as_str()).or(new)
}

fn as_alias(alias: Option<&str>) -> String {
    alias.map_or_else(String::new, |alias| format!(" as {alias}"))
}
