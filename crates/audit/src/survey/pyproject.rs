//! A `pyproject.toml` as far as the survey asks: what it declares, not what it
//! builds. What a package ships is read by the workspace.

use std::sync::Arc;

use repot_change::RelPath;
use repot_workspace::Snapshot;
use toml_edit::{Document, Item, TableLike, Value};

/// A TOML file that could be parsed. Keys are given with dots between them.
pub(super) struct Toml(Document<String>);

impl Toml {
    /// The file at `path`; `None` when there is none, or it is no TOML.
    pub(super) fn read(snapshot: &Snapshot, path: &RelPath) -> Option<Self> {
        let bytes: &Arc<[u8]> = snapshot.get(path)?.bytes()?;
        Self::parse(std::str::from_utf8(bytes).ok()?)
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        Document::parse(text.to_owned()).ok().map(Self)
    }

    pub(super) fn get(&self, keys: &str) -> Option<&Item> {
        keys.split('.').try_fold(self.0.as_item(), |item, key| item.get(key))
    }

    pub(super) fn has(&self, keys: &str) -> bool {
        self.get(keys).is_some()
    }

    pub(super) fn text(&self, keys: &str) -> Option<&str> {
        self.get(keys)?.as_str()
    }

    pub(super) fn texts(&self, keys: &str) -> Vec<String> {
        self.get(keys).map(texts_of).unwrap_or_default()
    }

    /// The tables of an array of tables, in either spelling.
    pub(super) fn tables(&self, keys: &str) -> Vec<&dyn TableLike> {
        match self.get(keys) {
            Some(Item::ArrayOfTables(tables)) => tables.iter().map(|table| table as &dyn TableLike).collect(),
            Some(Item::Value(Value::Array(array))) => {
                array.iter().filter_map(|value| Some(value.as_inline_table()? as &dyn TableLike)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether the table has a key that `is_wanted`.
    pub(super) fn has_key(&self, keys: &str, is_wanted: impl Fn(&str) -> bool) -> bool {
        let table = self.get(keys).and_then(Item::as_table_like);
        table.is_some_and(|table| table.iter().any(|(key, _)| is_wanted(key)))
    }

    /// Whether a package is described, and not only tools set up.
    pub(super) fn is_about_a_package(&self) -> bool {
        ["project", "build-system", "tool.poetry.name", "tool.flit.metadata"]
            .iter()
            .any(|keys| self.has(keys))
    }
}

/// The texts of an array, or the single text in its place.
pub(super) fn texts_of(item: &Item) -> Vec<String> {
    match item.as_value() {
        Some(Value::Array(array)) => {
            array.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
        }
        Some(value) => value.as_str().map(str::to_owned).into_iter().collect(),
        None => Vec::new(),
    }
}
