//! A `pyproject.toml` that can be read, and changed without losing anything.
//!
//! What a change does not name keeps its order, its comments, its quotes and its
//! blank lines. Line ends are `\n` in here; [`crate::edits`] brings those of the
//! file back.

mod comments;
mod list;

use repot_change::position;
use serde_json::{Map, Value};
use toml_edit::{Array, DocumentMut, Item, Table, TableLike};

use self::comments::{has_comment, inner_comments};
use crate::{Change, Key};

/// Why a text is no TOML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// What is wrong, as one phrase.
    pub message: String,
    /// The byte at which it is, counted from 0 in the text with `\n` line ends.
    pub offset: usize,
    /// The line, counted from 1.
    pub line: usize,
}

/// A document and the text that it was read from.
#[derive(Debug, Clone)]
pub struct Document {
    toml: DocumentMut,
    read: toml_edit::Document<String>,
}

impl Document {
    /// Reads a text with `\n` line ends and without a byte order mark.
    ///
    /// # Errors
    ///
    /// [`Broken`] with the first place that is no TOML.
    pub fn parse(text: &str) -> Result<Self, Broken> {
        let read = toml_edit::Document::parse(text.to_owned()).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start).min(text.len());
            let line = position(text.as_bytes(), offset).0;
            Broken { message: error.message().replace('\n', ", "), offset, line }
        })?;
        Ok(Self { toml: read.clone().into_mut(), read })
    }

    /// The item at `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Item> {
        self.at(&Key::dotted(key))
    }

    /// The item at `key`.
    #[must_use]
    pub fn at(&self, key: &Key) -> Option<&Item> {
        key.parts().try_fold(self.toml.as_item(), |item, part| item.as_table_like()?.get(part))
    }

    /// The string at `key`.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// The strings of the list at `key`; `None` when there is no list.
    #[must_use]
    pub fn texts(&self, key: &Key) -> Option<Vec<&str>> {
        Some(self.at(key)?.as_array()?.iter().filter_map(toml_edit::Value::as_str).collect())
    }

    /// The strings of the list at `key` as the text had them when it was read,
    /// each with its line, counted from 1; none when there was no list.
    #[must_use]
    pub fn items(&self, key: &Key) -> Vec<(usize, String)> {
        let found = key.parts().try_fold(self.read.as_item(), |item, part| item.as_table_like()?.get(part));
        let items = found.and_then(Item::as_array).into_iter().flat_map(Array::iter);
        let line = |item: &toml_edit::Value| {
            position(self.read.raw().as_bytes(), item.span().map_or(0, |span| span.start)).0
        };
        items.filter_map(|item| Some((line(item), item.as_str()?.to_owned()))).collect()
    }

    /// The item at `key` as plain values.
    #[must_use]
    pub fn plain(&self, key: &Key) -> Option<Value> {
        self.at(key).map(plain)
    }

    /// The keys of the table at `key`, in their order.
    #[must_use]
    pub fn keys(&self, key: &str) -> Vec<&str> {
        self.keys_at(&Key::dotted(key))
    }

    /// As [`Self::keys`], for a key whose parts may hold dots.
    #[must_use]
    pub fn keys_at(&self, key: &Key) -> Vec<&str> {
        let table = self.at(key).and_then(Item::as_table_like);
        table.into_iter().flat_map(TableLike::iter).map(|(name, _)| name).collect()
    }

    /// The line, counted from 1, of the innermost part of `key` that the text
    /// had when it was read.
    #[must_use]
    pub fn line(&self, key: &Key) -> usize {
        let (mut item, mut offset) = (self.read.as_item(), 0);
        for part in key.parts() {
            let Some((key, inner)) = item.as_table_like().and_then(|table| table.get_key_value(part)) else {
                break;
            };
            offset = inner.span().or_else(|| key.span()).map_or(offset, |span| span.start);
            item = inner;
        }
        position(self.read.raw().as_bytes(), offset).0
    }

    /// Whether a comment stands within the item at `key`; one above the header
    /// of a table stands before it. A `#` in a string is taken for one.
    #[must_use]
    pub fn has_comment(&self, key: &Key) -> bool {
        self.at(key).is_some_and(has_comment)
    }

    /// The document as plain values; dates become strings.
    #[must_use]
    pub fn values(&self) -> Value {
        plain(self.toml.as_item())
    }

    /// The text.
    #[must_use]
    pub fn render(&self) -> String {
        let text = self.toml.to_string();
        // A table that came to the front brings the blank line that parts it
        // from what is before.
        if self.read.raw().starts_with('\n') { text } else { text.trim_start_matches('\n').to_owned() }
    }

    /// Makes `change`; what does not fit (a key below a string) is left undone.
    pub fn change(&mut self, change: &Change) {
        if let Change::Comment { from, to, item } = change {
            if !self.can_hold(to, item.as_deref()) {
                return;
            }
            let (above, behind) = self.taken(from);
            return self.beside(to, item.as_deref(), &above, &behind);
        }
        let Some((above, last)) = change.key().split() else { return };
        let makes = matches!(change, Change::Set(..) | Change::Push(..));
        let is_inline = self.at(&above).is_some_and(Item::is_inline_table);
        let Some(table) = open(&mut self.toml, &above, makes) else { return };
        match change {
            Change::Set(_, value) => {
                if is_inline && !table.contains_key(last) {
                    close_up(table);
                }
                set(table, last, value);
            }
            Change::Remove(_) => {
                let homeless = remove(table, last);
                self.keep(&homeless);
            }
            Change::Push(_, text) => match table.get_mut(last).and_then(Item::as_array_mut) {
                Some(list) => list::push(list, text),
                None => set(table, last, &Value::Array(vec![text.as_str().into()])),
            },
            Change::Replace { from, to, .. } => {
                let list = table.get_mut(last).and_then(Item::as_array_mut);
                let items = list.into_iter().flat_map(Array::iter_mut);
                for item in items.filter(|item| item.as_str() == Some(from)) {
                    respell(item, to);
                }
            }
            Change::Drop(_, text) => {
                let list = table.get_mut(last).and_then(Item::as_array_mut);
                list.into_iter().for_each(|list| list::take(list, text));
            }
            Change::Comment { .. } => {}
            Change::Move(_, to) => {
                let decor = table.key(last).map(|key| key.leaf_decor().clone());
                if let Some(item) = table.remove(last) {
                    self.place(to, item, decor.filter(|_| !is_inline).unwrap_or_default());
                }
            }
        }
    }

    /// Puts an item and what stands before its key at `to`.
    fn place(&mut self, to: &Key, mut item: Item, decor: toml_edit::Decor) {
        let Some((above, last)) = to.split() else { return };
        let is_inline = self.at(&above).is_some_and(Item::is_inline_table);
        let Some(table) = open(&mut self.toml, &above, true) else { return };
        if let Some(value) = item.as_value_mut().filter(|_| is_inline) {
            value.decor_mut().clear();
        }
        if is_inline && !table.contains_key(last) {
            close_up(table);
        }
        table.insert(last, item);
        if let Some(mut key) = table.key_mut(last).filter(|_| !is_inline) {
            *key.leaf_decor_mut() = decor;
        }
    }
}

/// The table at `key`, made where it is missing and `makes` says so.
fn open<'d>(toml: &'d mut DocumentMut, key: &Key, makes: bool) -> Option<&'d mut dyn TableLike> {
    let mut item = toml.as_item_mut();
    for part in key.parts() {
        let is_inline = item.is_inline_table();
        let table = item.as_table_like_mut()?;
        if !table.contains_key(part) {
            if !makes {
                return None;
            }
            let fresh = if is_inline { toml_edit::value(toml_edit::InlineTable::new()) } else { fresh(part) };
            table.insert(part, fresh);
        }
        item = table.get_mut(part)?;
    }
    item.as_table_like_mut()
}

/// A table that shows a header only when it has values of its own. What the
/// package is stands before how it is built; everything else behind what there
/// is.
fn fresh(name: &str) -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    if name == "project" {
        table.set_position(Some(-1));
    }
    Item::Table(table)
}

fn set(table: &mut dyn TableLike, name: &str, value: &Value) {
    let new = written(value);
    match table.get_mut(name) {
        Some(Item::Value(old)) if old.is_str() && new.is_str() => {
            respell(old, new.as_str().unwrap_or_default());
        }
        Some(Item::Value(old)) => {
            let decor = old.decor().clone();
            let comments = comments(&old.to_string(), &decor);
            *old = new;
            if let Some(list) = old.as_array_mut().filter(|_| !comments.is_empty()) {
                let own = list.trailing().as_str().unwrap_or_default();
                list.set_trailing(format!("{comments}\n{}", own.trim_start_matches('\n')));
            }
            *old.decor_mut() = decor;
        }
        Some(old) => *old = Item::Value(new),
        None => drop(table.insert(name, Item::Value(new))),
    }
}

/// Makes a string another one, in the quotes that it has where they can hold it.
fn respell(item: &mut toml_edit::Value, to: &str) {
    let decor = item.decor().clone();
    let is_literal = match item {
        toml_edit::Value::String(text) => {
            let written = text.as_repr().and_then(|repr| repr.as_raw().as_str());
            written.is_some_and(|written| written.starts_with('\''))
        }
        _ => false,
    };
    let quoted = if is_literal { format!("'{to}'") } else { format!("\"{to}\"") };
    let is_held = |value: &toml_edit::Value| value.as_str() == Some(to);
    *item = quoted.parse().ok().filter(is_held).unwrap_or_else(|| to.into());
    *item.decor_mut() = decor;
}

/// The comments within a value, each on a line of its own.
fn comments(written: &str, decor: &toml_edit::Decor) -> String {
    let within = written.strip_suffix(raw(decor.suffix())).unwrap_or(written);
    // A `#` in a string is none; of an array's lines only those can be wrong
    // that hold such a string, and they keep more than they have to.
    let within = within.contains('\n').then(|| within.lines()).into_iter().flatten();
    within.filter_map(|line| line.split_once('#')).map(|(_, comment)| format!("\n    #{comment}")).collect()
}

/// Takes a key away; comments beside it stay where it was. Those above a table
/// are given back.
fn remove(table: &mut dyn TableLike, name: &str) -> String {
    let names: Vec<String> = table.iter().map(|(name, _)| name.to_owned()).collect();
    let before = table.key(name).map(|key| raw(key.leaf_decor().prefix()).to_owned()).unwrap_or_default();
    let Some(gone) = table.remove(name) else { return String::new() };
    if let Some(gone) = gone.as_table() {
        let above = raw(gone.decor().prefix());
        let above = if above.contains('#') { above.to_owned() } else { String::new() };
        let mut inner = Vec::new();
        inner_comments(gone, &mut inner);
        if inner.is_empty() {
            return above;
        }
        let start = if above.is_empty() { "\n" } else { "" };
        return format!("{start}{above}{}\n", inner.join("\n"));
    }
    let behind = gone.as_value().map(|value| raw(value.decor().suffix()).trim()).unwrap_or_default();
    let mut kept = before.clone();
    if !behind.is_empty() {
        kept = format!("{kept}{behind}\n");
    }
    if !kept.contains('#') {
        return String::new();
    }
    let at = names.iter().position(|other| other == name).unwrap_or_default();
    if let Some(mut next) = names.get(at + 1).and_then(|next| table.key_mut(next))
        && next.leaf_decor().prefix().is_some_and(|prefix| prefix.as_str().is_some())
    {
        let own = raw(next.leaf_decor().prefix()).to_owned();
        next.leaf_decor_mut().set_prefix(format!("{kept}{own}"));
        return String::new();
    }
    let previous =
        at.checked_sub(1).and_then(|at| names.get(at)).and_then(|previous| table.get_mut(previous));
    match previous.and_then(Item::as_value_mut) {
        Some(value) => {
            let own = raw(value.decor().suffix()).to_owned();
            value.decor_mut().set_suffix(format!("{own}\n{}", kept.trim_end()));
            String::new()
        }
        None => kept,
    }
}

/// Takes the blank before the closing brace from the last value of an inline
/// table, for another one to follow.
fn close_up(table: &mut dyn TableLike) {
    let last =
        table.iter_mut().last().and_then(|(_, item)| item.as_value_mut().map(toml_edit::Value::decor_mut));
    if let Some(decor) = last.filter(|decor| raw(decor.suffix()) == " ") {
        decor.set_suffix("");
    }
}

fn raw(text: Option<&toml_edit::RawString>) -> &str {
    text.and_then(toml_edit::RawString::as_str).unwrap_or_default()
}

/// `value` as a person writes it: lists of more than three items on lines of
/// their own.
fn written(value: &Value) -> toml_edit::Value {
    match value {
        Value::Bool(flag) => (*flag).into(),
        Value::Number(number) => number.as_i64().unwrap_or_default().into(),
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => {
            let mut list: Array = items.iter().map(written).collect();
            let is_long =
                items.len() > 3 || items.iter().any(|item| item.as_str().is_some_and(|text| text.len() > 40));
            if is_long {
                list.iter_mut().for_each(|item| item.decor_mut().set_prefix("\n    "));
                list.set_trailing("\n");
                list.set_trailing_comma(true);
            }
            list.into()
        }
        Value::Object(table) => {
            let table: toml_edit::InlineTable =
                table.iter().map(|(name, value)| (name.as_str(), written(value))).collect();
            table.into()
        }
        Value::Null => "".into(),
    }
}

fn plain(item: &Item) -> Value {
    match item {
        Item::None => Value::Null,
        Item::Value(value) => plain_value(value),
        Item::Table(table) => Value::Object(
            table.iter().map(|(name, item)| (name.to_owned(), plain(item))).collect::<Map<_, _>>(),
        ),
        Item::ArrayOfTables(tables) => {
            Value::Array(tables.iter().map(|table| plain(&Item::Table(table.clone()))).collect())
        }
    }
}

fn plain_value(value: &toml_edit::Value) -> Value {
    match value {
        toml_edit::Value::String(text) => Value::String(text.value().clone()),
        toml_edit::Value::Integer(number) => (*number.value()).into(),
        toml_edit::Value::Float(number) => (*number.value()).into(),
        toml_edit::Value::Boolean(flag) => (*flag.value()).into(),
        toml_edit::Value::Datetime(date) => Value::String(date.value().to_string()),
        toml_edit::Value::Array(items) => Value::Array(items.iter().map(plain_value).collect()),
        toml_edit::Value::InlineTable(table) => {
            Value::Object(table.iter().map(|(name, value)| (name.to_owned(), plain_value(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests;
