//! A TOML table read by key and type; what does not fit is collected.
//!
//! Reading goes on after a problem, so that all of them are told at once. This
//! file knows TOML and types; what the keys mean is `parse`'s business.

use std::ops::Range;

use toml_edit::{Item, TableLike, Value};

use crate::{
    Pattern, RoadmapErrors, RoadmapFile, RoadmapProblem, SettingKind, SettingValue, Spanned, TomlValue, name,
    nearest,
};

/// The problems of one file, as they are found.
pub(crate) struct Problems {
    pub(crate) file: RoadmapFile,
    found: Vec<RoadmapProblem>,
}

impl Problems {
    pub(crate) fn new(file: RoadmapFile) -> Self {
        Self { file, found: Vec::new() }
    }

    pub(crate) fn add(&mut self, span: Option<Range<usize>>, message: String, hint: Option<String>) {
        self.push(RoadmapProblem::new(&self.file, span, message).hint(hint));
    }

    pub(crate) fn push(&mut self, problem: RoadmapProblem) {
        self.found.push(problem);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(crate) fn into_errors(self) -> RoadmapErrors {
        RoadmapErrors::new(self.found)
    }

    /// The value at `key` must be `expected`, and `item` is not.
    fn wrong_type(&mut self, key: &str, expected: &str, item: &Item) {
        let span = item.span();
        let raw = span.clone().and_then(|span| self.file.text.get(span)).unwrap_or_default();
        let is_lone_string = expected == STRINGS && item.is_str() && !raw.contains('\n');
        let hint = is_lone_string.then(|| format!("write `[{raw}]`"));
        let problem = RoadmapProblem::new(&self.file, span, format!("`{key}` must be {expected}"));
        self.push(problem.label(format!("found {}", kind(item))).hint(hint));
    }

    /// An item of the list at `key` must be a string.
    fn wrong_item(&mut self, key: &str, value: &Value) {
        let problem = RoadmapProblem::new(&self.file, value.span(), format!("`{key}` must be {STRINGS}"));
        self.push(problem.label(format!("found {}", value_kind(value))));
    }
}

const STRINGS: &str = "a list of strings";

/// A table and where it stands.
pub(crate) type Place<'t> = (&'t dyn TableLike, Option<Range<usize>>);

/// A table of the file with the keys that it may have.
pub(crate) struct Table<'t> {
    keys: &'t dyn TableLike,
    /// As messages call it, such as `` `[workspace]` ``.
    pub(crate) name: String,
    /// Its header, or the whole of an inline table.
    pub(crate) span: Option<Range<usize>>,
    known: &'t [&'t str],
}

impl<'t> Table<'t> {
    /// The table, after its unknown keys have been reported.
    pub(crate) fn open(
        place: Place<'t>,
        name: String,
        known: &'t [&'t str],
        problems: &mut Problems,
    ) -> Self {
        let table = Self::open_unchecked(place, name, known);
        for key in table.keys().filter(|key| !known.contains(key)) {
            table.unknown(key, problems);
        }
        table
    }

    /// The table without a check of its keys.
    pub(crate) fn open_unchecked((keys, span): Place<'t>, name: String, known: &'t [&'t str]) -> Self {
        Self { keys, name, span, known }
    }

    /// Its keys in the order of the file.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        self.keys.iter().map(|(key, _)| key)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.keys.contains_key(key)
    }

    pub(crate) fn key_span(&self, key: &str) -> Option<Range<usize>> {
        self.keys.key(key).and_then(toml_edit::Key::span)
    }

    /// The unknown key that is most likely a misspelt `key`, whose absence then
    /// need not be told as well.
    pub(crate) fn misspelling(&self, key: &str) -> Option<&'t str> {
        let mut unknown = self.keys().filter(|key| !self.known.contains(key));
        unknown.find(|other| nearest(other, self.known.iter().copied()) == Some(key))
    }

    /// Reports that `key` is missing, unless it is there or misspelt.
    pub(crate) fn require(&self, key: &str, hint: &str, problems: &mut Problems) {
        if !self.has(key) && self.misspelling(key).is_none() {
            let message = format!("{} has no `{key}`", self.name);
            problems.add(self.span.clone(), message, Some(hint.to_owned()));
        }
    }

    /// Reports that nothing is called `key` here.
    pub(crate) fn unknown(&self, key: &str, problems: &mut Problems) {
        let message = format!("unknown key `{key}` in {}", self.name);
        problems.add(self.key_span(key), message, name::hint(key, self.known));
    }

    pub(crate) fn text(&self, key: &str, problems: &mut Problems) -> Option<Spanned<String>> {
        let item = self.keys.get(key)?;
        if item.as_str().is_none() {
            problems.wrong_type(key, "a string", item);
        }
        item.as_str().map(|text| Spanned::new(text.to_owned(), item.span()))
    }

    /// Every value below the table, by its dotted path; one that a project file
    /// is not given is a problem.
    pub(crate) fn values(&self, problems: &mut Problems) -> Vec<(String, TomlValue)> {
        let mut found = Vec::new();
        let mut work: Vec<(String, &'t Item)> = Vec::new();
        let below = |prefix: &str, table: &'t dyn TableLike| -> Vec<(String, &'t Item)> {
            let items: Vec<(String, &Item)> =
                table.iter().map(|(key, item)| (format!("{prefix}{key}"), item)).collect();
            items.into_iter().rev().collect()
        };
        work.extend(below("", self.keys));
        while let Some((path, item)) = work.pop() {
            if let Some(table) = item.as_table_like() {
                work.extend(below(&format!("{path}."), table));
            } else if let Some(value) = item.as_value().and_then(plain) {
                found.push((path, value));
            } else {
                problems.wrong_type(&path, "a string, a whole number, a boolean or a list of these", item);
            }
        }
        found
    }

    /// A string that says something.
    pub(crate) fn name_text(&self, key: &str, problems: &mut Problems) -> Option<Spanned<String>> {
        let text = self.text(key, problems)?;
        if text.value.trim().is_empty() {
            problems.add(text.span, format!("`{key}` is empty"), None);
            return None;
        }
        Some(text)
    }

    pub(crate) fn texts(&self, key: &str, problems: &mut Problems) -> Vec<Spanned<String>> {
        let Some(item) = self.keys.get(key) else { return Vec::new() };
        let Some(array) = item.as_array() else {
            problems.wrong_type(key, STRINGS, item);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for value in array {
            match value.as_str() {
                Some(text) => texts.push(Spanned::new(text.to_owned(), value.span())),
                None => problems.wrong_item(key, value),
            }
        }
        texts
    }

    /// A string, or a list of them; `what` says what they are.
    pub(crate) fn one_or_more(&self, what: &str, key: &str, problems: &mut Problems) -> Vec<Spanned<String>> {
        match self.keys.get(key) {
            Some(item) if item.is_str() => self.text(key, problems).into_iter().collect(),
            Some(item) if !item.is_array() => {
                let message = format!("the {what} must be a string, or a list of strings");
                let problem = RoadmapProblem::new(&problems.file, item.span(), message);
                problems.push(problem.label(format!("found {}", kind(item))));
                Vec::new()
            }
            _ => self.texts(key, problems),
        }
    }

    pub(crate) fn pattern(&self, key: &str, problems: &mut Problems) -> Option<Spanned<Pattern>> {
        to_pattern(self.text(key, problems)?, problems)
    }

    pub(crate) fn patterns(&self, key: &str, problems: &mut Problems) -> Vec<Spanned<Pattern>> {
        let texts = self.texts(key, problems);
        texts.into_iter().filter_map(|text| to_pattern(text, problems)).collect()
    }

    /// A list of patterns that must be there and must not be empty.
    pub(crate) fn some_patterns(
        &self,
        key: &str,
        hint: &str,
        problems: &mut Problems,
    ) -> Vec<Spanned<Pattern>> {
        self.require(key, hint, problems);
        if let Some(item) = self.keys.get(key)
            && item.as_array().is_some_and(toml_edit::Array::is_empty)
        {
            let message = format!("`{key}` in {} is empty", self.name);
            problems.add(item.span(), message, Some(hint.to_owned()));
        }
        self.patterns(key, problems)
    }

    /// A finite number.
    pub(crate) fn number(&self, key: &str, problems: &mut Problems) -> Option<f64> {
        let item = self.keys.get(key)?;
        // Counts stay far below 2^53, where the conversion is exact.
        #[allow(clippy::cast_precision_loss)]
        let number = item.as_float().or_else(|| item.as_integer().map(|integer| integer as f64));
        if number.is_none() {
            problems.wrong_type(key, "a number", item);
        }
        let number = number?;
        if !number.is_finite() {
            problems.add(item.span(), format!("`{key}` must be a finite number"), None);
            return None;
        }
        Some(number)
    }

    /// A list of whole numbers that fit 32 bits.
    pub(crate) fn integers(&self, key: &str, problems: &mut Problems) -> Vec<i32> {
        const INTEGERS: &str = "a list of whole numbers";
        let Some(item) = self.keys.get(key) else { return Vec::new() };
        let number = |value: &Value| value.as_integer().and_then(|number| i32::try_from(number).ok());
        let numbers: Option<Vec<i32>> = item.as_array().and_then(|array| array.iter().map(number).collect());
        if numbers.is_none() {
            problems.wrong_type(key, INTEGERS, item);
        }
        numbers.unwrap_or_default()
    }

    pub(crate) fn setting(
        &self,
        key: &str,
        kind: SettingKind<'_>,
        problems: &mut Problems,
    ) -> Option<Spanned<SettingValue>> {
        let item = self.keys.get(key)?;
        match kind {
            SettingKind::List => {
                let items = self.texts(key, problems);
                Some(Spanned::new(SettingValue::List(items), item.span()))
            }
            SettingKind::Bool => {
                if item.as_bool().is_none() {
                    problems.wrong_type(key, "a boolean", item);
                }
                item.as_bool().map(|value| Spanned::new(SettingValue::Bool(value), item.span()))
            }
            SettingKind::Text => Some(self.text(key, problems)?.map(SettingValue::Text)),
            SettingKind::OneOf(choices) => {
                let text = self.text(key, problems)?;
                if !choices.contains(&text.value.as_str()) {
                    let (message, hint) = crate::settings::no_choice(key, &text.value, choices);
                    problems.add(text.span, message, hint);
                    return None;
                }
                Some(text.map(SettingValue::Text))
            }
        }
    }

    /// The table `key`, if it is one; what else it may be is told elsewhere.
    pub(crate) fn table_if_any(&self, key: &str) -> Option<&'t dyn TableLike> {
        self.keys.get(key).and_then(Item::as_table_like)
    }

    /// The table `key`, written `[key]` or inline.
    pub(crate) fn table(&self, key: &str, problems: &mut Problems) -> Option<Place<'t>> {
        let item = self.keys.get(key)?;
        if item.as_table_like().is_none() {
            problems.wrong_type(key, "a table", item);
        }
        item.as_table_like().map(|table| (table, item.span()))
    }

    /// The tables `[[key]]`, or the inline tables of a list.
    pub(crate) fn tables(&self, key: &str, problems: &mut Problems) -> Vec<Place<'t>> {
        match self.keys.get(key) {
            None => Vec::new(),
            Some(Item::ArrayOfTables(tables)) => {
                tables.iter().map(|table| (table as &dyn TableLike, table.span())).collect()
            }
            Some(item @ Item::Table(table)) => {
                let header = item.span().and_then(|span| problems.file.text.get(span));
                let hint =
                    header.filter(|text| text.starts_with('[')).map(|text| format!("write `[{text}]`"));
                problems.add(item.span(), format!("`{key}` is a list of tables"), hint);
                vec![(table, item.span())]
            }
            Some(item) => {
                let array = item.as_array();
                let inline: Vec<_> = array.into_iter().flatten().filter_map(Value::as_inline_table).collect();
                if array.is_none_or(|array| array.len() != inline.len()) {
                    problems.wrong_type(key, "a list of tables", item);
                }
                inline.into_iter().map(|table| (table as &dyn TableLike, table.span())).collect()
            }
        }
    }
}

fn to_pattern(text: Spanned<String>, problems: &mut Problems) -> Option<Spanned<Pattern>> {
    match Pattern::new(&text.value) {
        Ok(pattern) => Some(Spanned::new(pattern, text.span)),
        Err(error) => {
            let problem =
                RoadmapProblem::new(&problems.file, text.span, format!("`{}` is no pattern", text.value));
            problems.push(problem.label(error.to_string()));
            None
        }
    }
}

/// What a person calls the type of `item`.
fn kind(item: &Item) -> &'static str {
    match item {
        Item::None => "nothing",
        Item::Table(_) => "a table",
        Item::ArrayOfTables(_) => "a list of tables",
        Item::Value(value) => value_kind(value),
    }
}

fn value_kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a string",
        Value::Integer(_) | Value::Float(_) => "a number",
        Value::Boolean(_) => "a boolean",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::InlineTable(_) => "a table",
    }
}

/// The value without its spelling; `None` for what a project file is not given.
fn plain(value: &Value) -> Option<TomlValue> {
    Some(match value {
        Value::Boolean(flag) => TomlValue::Bool(*flag.value()),
        Value::Integer(number) => TomlValue::Integer(*number.value()),
        Value::String(text) => TomlValue::Text(text.value().clone()),
        Value::Array(items) => TomlValue::List(items.iter().map(plain).collect::<Option<_>>()?),
        _ => return None,
    })
}
