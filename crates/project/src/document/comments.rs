//! Comments of a document: where they stand, and where they go when what they
//! stand beside goes.

use toml_edit::{Item, Table, TableLike};

use super::{Document, list, open, raw};
use crate::Key;

impl Document {
    /// Whether a comment can stand beside a key, or beside an item of its list: a
    /// line of its own needs a table with lines.
    pub(super) fn can_hold(&self, to: &Key, item: Option<&str>) -> bool {
        let Some((outer, _)) = to.split() else { return false };
        let has_item = |item| self.texts(to).is_some_and(|texts| texts.contains(&item));
        let has_lines = || self.at(&outer).and_then(Item::as_table).is_some_and(|table| !table.is_dotted());
        item.map_or_else(|| has_lines() && self.at(to).is_some_and(Item::is_value), has_item)
    }

    /// Takes the comments away that stand above a key or its table, within it and
    /// behind it: those above, and the one behind.
    pub(super) fn taken(&mut self, key: &Key) -> (Vec<String>, String) {
        let (mut above, mut behind) = (Vec::new(), String::new());
        let Some((outer, last)) = key.split() else { return (above, behind) };
        let Some(table) = open(&mut self.toml, &outer, false) else { return (above, behind) };
        if let Some(mut key) = table.key_mut(last) {
            take_lines(raw(key.leaf_decor().prefix()), &mut above);
            if !above.is_empty() {
                key.leaf_decor_mut().set_prefix("");
            }
        }
        match table.get_mut(last) {
            Some(Item::Value(value)) => {
                let suffix = raw(value.decor().suffix()).trim().to_owned();
                value.decor_mut().set_suffix("");
                value_comments(value, &mut above);
                behind = suffix;
            }
            Some(Item::Table(inner)) => {
                take_lines(raw(inner.decor().prefix()), &mut above);
                inner_comments(inner, &mut above);
                *inner = Table::new();
            }
            _ => {}
        }
        (above, behind)
    }

    /// Writes comments above and behind a key, or an item of its list.
    pub(super) fn beside(&mut self, to: &Key, item: Option<&str>, above: &[String], behind: &str) {
        let Some((outer, last)) = to.split() else { return };
        if above.is_empty() && behind.is_empty() {
            return;
        }
        let Some(table) = open(&mut self.toml, &outer, false) else { return };
        if let Some(item) = item {
            if let Some(list) = table.get_mut(last).and_then(Item::as_array_mut) {
                list::annotate(list, item, above, behind);
            }
            return;
        }
        let lines: String = above.iter().map(|line| format!("{line}\n")).collect();
        if let Some(mut key) = table.key_mut(last).filter(|_| !lines.is_empty()) {
            let own = raw(key.leaf_decor().prefix()).to_owned();
            key.leaf_decor_mut().set_prefix(format!("{own}{lines}"));
        }
        if let Some(value) = table.get_mut(last).and_then(Item::as_value_mut).filter(|_| !behind.is_empty()) {
            let own = raw(value.decor().suffix()).trim_end().to_owned();
            // A line has one comment behind it.
            value.decor_mut().set_suffix(format!("{own} {behind}"));
        }
    }

    /// Gives comments that have lost their table to `[project]`, else to the end.
    pub(super) fn keep(&mut self, comments: &str) {
        if comments.is_empty() {
            return;
        }
        match self.toml.get_mut("project").and_then(Item::as_table_mut).filter(|table| !table.is_dotted()) {
            Some(table) => {
                let own = raw(table.decor().prefix()).to_owned();
                table.decor_mut().set_prefix(format!("{comments}{}", own.trim_start_matches('\n')));
            }
            None => {
                let own = self.toml.trailing().as_str().unwrap_or_default().to_owned();
                self.toml.set_trailing(format!("{comments}{own}"));
            }
        }
    }
}

pub(super) fn has_comment(item: &Item) -> bool {
    let has =
        |decor: &toml_edit::Decor| raw(decor.prefix()).contains('#') || raw(decor.suffix()).contains('#');
    let in_table = |table: &dyn TableLike| {
        table.iter().any(|(name, item)| {
            let above = item.as_table().is_some_and(|table| has(table.decor()));
            above || table.key(name).is_some_and(|key| has(key.leaf_decor())) || has_comment(item)
        })
    };
    match item {
        Item::None => false,
        Item::Value(value) => value.to_string().contains('#'),
        Item::Table(table) => raw(table.decor().suffix()).contains('#') || in_table(table),
        Item::ArrayOfTables(tables) => tables.iter().any(|table| has(table.decor()) || in_table(table)),
    }
}

/// The comments within a table, in the order of its keys.
pub(super) fn inner_comments(table: &Table, found: &mut Vec<String>) {
    take_lines(raw(table.decor().suffix()), found);
    for (name, item) in table {
        table.key(name).into_iter().for_each(|key| take_lines(raw(key.leaf_decor().prefix()), found));
        let tables: Vec<&Table> = match item {
            Item::None => Vec::new(),
            Item::Value(value) => {
                value_comments(value, found);
                Vec::new()
            }
            Item::Table(inner) => vec![inner],
            Item::ArrayOfTables(tables) => tables.iter().collect(),
        };
        for inner in tables {
            take_lines(raw(inner.decor().prefix()), found);
            inner_comments(inner, found);
        }
    }
}

fn value_comments(value: &toml_edit::Value, found: &mut Vec<String>) {
    take_lines(raw(value.decor().prefix()), found);
    if let Some(items) = value.as_array() {
        items.iter().for_each(|item| value_comments(item, found));
        take_lines(items.trailing().as_str().unwrap_or_default(), found);
    }
    take_lines(raw(value.decor().suffix()), found);
}

/// The lines of `text` that are comments.
fn take_lines(text: &str, found: &mut Vec<String>) {
    let lines = text.lines().map(str::trim).filter(|line| line.starts_with('#'));
    found.extend(lines.map(str::to_owned));
}
