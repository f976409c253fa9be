//! Lists of patterns for files, as another backend has them and as hatchling
//! reads them: by the rules of a `.gitignore`.

use crate::{Change, Document, Key};

/// A list of patterns and what each of them becomes.
#[derive(Debug, Clone)]
pub(super) struct Patterns {
    list: Key,
    pairs: Vec<(String, String)>,
}

impl Patterns {
    /// The patterns at `list`, each as `respelled` has it.
    ///
    /// # Errors
    ///
    /// What `respelled` cannot say.
    pub fn read(
        document: &Document,
        list: &str,
        respelled: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        let key = Key::dotted(list);
        let items = document.at(&key).map(|item| item.as_array().map_or(0, toml_edit::Array::len));
        let texts = document.texts(&key).unwrap_or_default();
        if items.is_some_and(|count| count != texts.len() || count == 0 && document.texts(&key).is_none()) {
            return Err(format!("`{list}` is no list of patterns"));
        }
        let pair = |text: &&str| {
            let to =
                respelled(text).ok_or(format!("`{text}` in `{list}` has no counterpart in hatchling"))?;
            Ok(((*text).to_owned(), to))
        };
        Ok(Self { list: key, pairs: texts.iter().map(pair).collect::<Result<_, String>>()? })
    }

    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The patterns as hatchling reads them.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().map(|(_, to)| to.as_str())
    }

    /// The changes that bring the list to `to`, with its comments.
    pub fn moved(&self, to: &Key) -> Vec<Change> {
        if self.is_empty() {
            return Vec::new();
        }
        let differ = self.pairs.iter().filter(|(from, to)| from != to);
        let replace = |(from, to): &(String, String)| Change::Replace {
            list: self.list.clone(),
            from: from.clone(),
            to: to.clone(),
        };
        differ.map(replace).chain([Change::Move(self.list.clone(), to.clone())]).collect()
    }
}

/// A pattern that begins at the package's folder, as Python's `glob` reads it.
pub(super) fn from_root(text: &str) -> Option<String> {
    let path = text.trim_start_matches("./");
    let is_below = !path.is_empty() && !path.starts_with('/') && !path.split('/').any(|part| part == "..");
    (is_below && !path.contains('\\')).then(|| format!("/{path}"))
}

/// A pattern that may begin in any folder, as uv reads it: only a `/` in front
/// binds it to the package's folder.
pub(super) fn from_anywhere(text: &str) -> Option<String> {
    let is_plain =
        !text.is_empty() && !text.contains(['\\', '!']) && !text.split('/').any(|part| part == "..");
    let bare = text.trim_end_matches('/');
    let is_bound = bare.starts_with('/') || bare.starts_with("**/") || !bare.contains('/');
    is_plain.then(|| if is_bound { text.to_owned() } else { format!("**/{text}") })
}

/// Whether a pattern means one path alone.
pub(super) fn is_literal(text: &str) -> bool {
    !text.contains(['*', '?', '[', '{'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_respelled_by_where_they_begin() {
        let root = |text| from_root(text);
        assert_eq!(root("docs/*.md").as_deref(), Some("/docs/*.md"));
        assert_eq!(root("./**/data").as_deref(), Some("/**/data"));
        assert_eq!([root("/etc"), root("../x"), root("a/../b"), root("")], [None, None, None, None]);
        let anywhere = |text| from_anywhere(text);
        assert_eq!(anywhere("*.csv").as_deref(), Some("*.csv"));
        assert_eq!(anywhere("data/*.csv").as_deref(), Some("**/data/*.csv"));
        assert_eq!(anywhere("data/").as_deref(), Some("data/"));
        assert_eq!(anywhere("/src/shop/x").as_deref(), Some("/src/shop/x"));
        assert_eq!(anywhere("!x"), None);
    }

    #[test]
    fn a_list_moves_with_what_stands_in_it() {
        let mut document = Document::parse("[tool.x]\na = [\n    'p', # why\n    \"/q\",\n]\n").unwrap();
        let patterns = Patterns::read(&document, "tool.x.a", from_anywhere).unwrap();
        patterns.moved(&Key::dotted("b.c")).iter().for_each(|change| document.change(change));
        assert_eq!(document.render(), "[tool.x]\n\n[b]\nc = [\n    'p', # why\n    \"/q\",\n]\n");
        let wrong = Document::parse("a = [1]\nb = 'x'\n").unwrap();
        assert!(
            Patterns::read(&wrong, "a", from_root).is_err()
                && Patterns::read(&wrong, "b", from_root).is_err()
        );
        assert!(Patterns::read(&wrong, "c", from_root).is_ok_and(|patterns| patterns.is_empty()));
    }
}
