//! What is to become of a document, as values.
//!
//! A change names a key by its path and says nothing of spelling. The document
//! makes it without touching anything else; [`Change::apply`] makes it on plain
//! values, and a law compares the two.

use std::fmt;

use serde_json::{Map, Value};

/// The path of a key, outermost first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Vec<String>);

impl Key {
    /// The key with these parts.
    pub fn new<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        Self(parts.into_iter().map(str::to_owned).collect())
    }

    /// The key `path`, whose parts are separated by dots and hold none.
    #[must_use]
    pub fn dotted(path: &str) -> Self {
        Self::new(path.split('.'))
    }

    /// The key `name` below this one.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        Self(self.parts().chain([name]).map(str::to_owned).collect())
    }

    /// The parts, outermost first.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> + Clone {
        self.0.iter().map(String::as_str)
    }

    /// The key above, and the last part.
    #[must_use]
    pub fn split(&self) -> Option<(Self, &str)> {
        let (last, above) = self.0.split_last()?;
        Some((Self(above.to_vec()), last))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

/// One intended difference between a document before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The key has this value; tables above it are made when they are missing.
    Set(Key, Value),
    /// The key is gone; the table above it stays.
    Remove(Key),
    /// The list has one item more, at its end; it is made when it is missing.
    Push(Key, String),
    /// Every item of the list that is `from` is now `to`.
    Replace {
        /// The list.
        list: Key,
        /// The item before.
        from: String,
        /// The item after.
        to: String,
    },
    /// Every item of the list that is this text is gone.
    Drop(Key, String),
    /// What the first key has is at the second one, as it is written.
    Move(Key, Key),
    /// The comments beside a key stand beside another one, or beside one item of
    /// its list.
    Comment {
        /// The key that goes.
        from: Key,
        /// The key that says the same.
        to: Key,
        /// The item that says the same.
        item: Option<String>,
    },
}

impl Change {
    /// The key that changes.
    #[must_use]
    pub fn key(&self) -> &Key {
        match self {
            Self::Set(key, _)
            | Self::Remove(key)
            | Self::Push(key, _)
            | Self::Drop(key, _)
            | Self::Move(key, _) => key,
            Self::Replace { list, .. } => list,
            Self::Comment { to, .. } => to,
        }
    }

    /// Makes the change on plain values; what is missing stays missing.
    pub fn apply(&self, root: &mut Value) {
        let Some((above, last)) = self.key().split() else { return };
        let makes = matches!(self, Self::Set(..) | Self::Push(..));
        let Some(table) = table(root, &above, makes) else { return };
        match self {
            Self::Set(_, value) => drop(table.insert(last.to_owned(), value.clone())),
            Self::Remove(_) => drop(table.remove(last)),
            Self::Push(_, item) => {
                let list = table.entry(last).or_insert_with(|| Value::Array(Vec::new()));
                list.as_array_mut().into_iter().for_each(|list| list.push(item.as_str().into()));
            }
            Self::Replace { from, to, .. } => {
                let items = table.get_mut(last).and_then(Value::as_array_mut).into_iter().flatten();
                items.filter(|item| *item == from.as_str()).for_each(|item| *item = to.as_str().into());
            }
            Self::Drop(_, text) => {
                let list = table.get_mut(last).and_then(Value::as_array_mut);
                list.into_iter().for_each(|list| list.retain(|item| item != text.as_str()));
            }
            Self::Comment { .. } => {}
            Self::Move(_, to) => {
                if let Some(value) = table.remove(last) {
                    Self::Set(to.clone(), value).apply(root);
                }
            }
        }
    }
}

fn table<'v>(root: &'v mut Value, key: &Key, makes: bool) -> Option<&'v mut Map<String, Value>> {
    key.parts().try_fold(root.as_object_mut()?, |table, part| {
        if makes && !table.contains_key(part) {
            table.insert(part.to_owned(), Value::Object(Map::new()));
        }
        table.get_mut(part)?.as_object_mut()
    })
}
