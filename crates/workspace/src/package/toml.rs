//! A TOML file of a package, read for values and the lines they stand on.

use repot_change::{Note, RelPath, line_at};
use toml_edit::{Document, Item, TableLike, Value};

/// A text that a project file states, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stated {
    pub(super) text: String,
    pub(super) file: RelPath,
    /// Counted from 1.
    pub(super) line: usize,
}

impl Stated {
    /// A note that points here.
    pub(super) fn note(&self, message: impl Into<String>) -> Note {
        Note { path: Some(self.file.clone()), line: Some(self.line), message: message.into() }
    }
}

/// A TOML file. Keys are given with dots between them.
pub(super) struct Toml {
    file: RelPath,
    document: Document<String>,
}

impl Toml {
    /// Parses the file, or says where it is wrong.
    pub(super) fn parse(file: &RelPath, bytes: &[u8]) -> Result<Self, Note> {
        let wrong = |line, message: String| Note { path: Some(file.clone()), line, message };
        let text = std::str::from_utf8(bytes).map_err(|error| {
            wrong(Some(line_at(bytes, error.valid_up_to())), "is not UTF-8 and is not read".to_owned())
        })?;
        let document = Document::parse(text.to_owned()).map_err(|error| {
            let line = error.span().map(|span| line_at(bytes, span.start));
            wrong(
                line,
                format!("is not valid TOML and is not read: {}", error.message().trim().replace('\n', ", ")),
            )
        })?;
        Ok(Self { file: file.clone(), document })
    }

    pub(super) fn get(&self, keys: &str) -> Option<&Item> {
        keys.split('.').try_fold(self.document.as_item(), |item, key| item.get(key))
    }

    pub(super) fn has(&self, keys: &str) -> bool {
        self.get(keys).is_some()
    }

    pub(super) fn text(&self, keys: &str) -> Option<Stated> {
        self.stated(self.get(keys)?.as_value()?)
    }

    pub(super) fn flag(&self, keys: &str) -> Option<bool> {
        self.get(keys)?.as_bool()
    }

    /// The texts of an array, or the single text that stands in its place;
    /// `None` when the key is missing or is something else.
    pub(super) fn texts(&self, keys: &str) -> Option<Vec<Stated>> {
        self.texts_of(self.get(keys)?)
    }

    /// The texts of an array or of a single text; what else an array holds is
    /// passed over.
    pub(super) fn texts_of(&self, item: &Item) -> Option<Vec<Stated>> {
        match item.as_value()? {
            Value::Array(array) => Some(array.iter().filter_map(|value| self.stated(value)).collect()),
            value => self.stated(value).map(|stated| vec![stated]),
        }
    }

    /// The keys of a table with the texts they have.
    pub(super) fn pairs(&self, keys: &str) -> Vec<(String, Stated)> {
        let table = self.get(keys).and_then(Item::as_table_like);
        let pairs = table.into_iter().flat_map(TableLike::iter);
        pairs.filter_map(|(key, item)| Some((key.to_owned(), self.stated(item.as_value()?)?))).collect()
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

    /// A text of a table that [`Self::tables`] gave.
    pub(super) fn text_in(&self, table: &dyn TableLike, key: &str) -> Option<Stated> {
        self.stated(table.get(key)?.as_value()?)
    }

    fn stated(&self, value: &Value) -> Option<Stated> {
        let line = value.span().map_or(1, |span| line_at(self.document.raw().as_bytes(), span.start));
        Some(Stated { text: value.as_str()?.to_owned(), file: self.file.clone(), line })
    }
}
