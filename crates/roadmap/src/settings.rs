//! The settings of one step: what the roadmap or `--set` says, else defaults.
//!
//! Every setting of the codemod's schema has a value of its kind here, so a
//! codemod asks by name and never looks at TOML.

use std::collections::BTreeMap;
use std::ops::Range;

use thiserror::Error;

use crate::{CodemodSchema, SettingKind, SettingSchema, Spanned, name};

/// The value of one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingValue {
    /// Of a [`SettingKind::Text`] or [`SettingKind::OneOf`].
    Text(String),
    /// Of a [`SettingKind::Bool`].
    Bool(bool),
    /// Of a [`SettingKind::List`].
    List(Vec<Spanned<String>>),
}

/// A setting that does not exist, or whose value will not do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct SettingError {
    /// The setting as it was named.
    pub setting: String,
    /// What is wrong.
    pub message: String,
    /// The value in the roadmap file; `None` when the file does not say it.
    pub span: Option<Range<usize>>,
    /// What would be right.
    pub hint: Option<String>,
}

/// The settings of one step, complete and of the declared kinds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    values: BTreeMap<String, Spanned<SettingValue>>,
}

impl Settings {
    /// Every setting at its default.
    #[must_use]
    pub fn default_for(schema: &CodemodSchema<'_>) -> Self {
        let value = |setting: &SettingSchema<'_>| {
            (setting.name.to_owned(), Spanned::unwritten(default_value(setting)))
        };
        Self { values: schema.settings.iter().map(value).collect() }
    }

    /// The settings of `--set KEY=VALUE`; the last of two equal keys holds.
    /// Items of a list are separated by commas.
    ///
    /// # Errors
    ///
    /// One [`SettingError`] for every pair that the schema does not allow.
    pub fn from_pairs<K: AsRef<str>, V: AsRef<str>>(
        schema: &CodemodSchema<'_>,
        pairs: &[(K, V)],
    ) -> Result<Self, Vec<SettingError>> {
        let mut settings = Self::default_for(schema);
        let mut errors = Vec::new();
        for (key, text) in pairs {
            match from_pair(schema, key.as_ref(), text.as_ref()) {
                Ok(value) => settings.set(key.as_ref(), Spanned::unwritten(value)),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(settings) } else { Err(errors) }
    }

    pub(crate) fn set(&mut self, name: &str, value: Spanned<SettingValue>) {
        self.values.insert(name.to_owned(), value);
    }

    /// The text of a text or one-of setting; empty when it is neither set nor
    /// has a default.
    ///
    /// # Errors
    ///
    /// [`SettingError`] when the codemod declares no such setting of this kind.
    pub fn get_str(&self, name: &str) -> Result<&str, SettingError> {
        match &self.get(name)?.value {
            SettingValue::Text(text) => Ok(text),
            _ => Err(self.error(name, format!("`{name}` holds no string"), None)),
        }
    }

    /// The value of a boolean setting.
    ///
    /// # Errors
    ///
    /// [`SettingError`] when the codemod declares no such setting of this kind.
    pub fn get_bool(&self, name: &str) -> Result<bool, SettingError> {
        match &self.get(name)?.value {
            SettingValue::Bool(value) => Ok(*value),
            _ => Err(self.error(name, format!("`{name}` holds no boolean"), None)),
        }
    }

    /// The items of a list setting, each with its place.
    ///
    /// # Errors
    ///
    /// [`SettingError`] when the codemod declares no such setting of this kind.
    pub fn get_list(&self, name: &str) -> Result<&[Spanned<String>], SettingError> {
        match &self.get(name)?.value {
            SettingValue::List(items) => Ok(items),
            _ => Err(self.error(name, format!("`{name}` holds no list"), None)),
        }
    }

    /// Where the roadmap sets `name`; `None` for defaults and `--set`.
    #[must_use]
    pub fn span(&self, name: &str) -> Option<Range<usize>> {
        self.values.get(name).and_then(|value| value.span.clone())
    }

    /// An error about the value of `name` that only the codemod can see.
    #[must_use]
    pub fn error(&self, name: &str, message: impl Into<String>, hint: Option<String>) -> SettingError {
        SettingError { setting: name.to_owned(), message: message.into(), span: self.span(name), hint }
    }

    /// Every setting by name, sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Spanned<SettingValue>)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value))
    }

    fn get(&self, name: &str) -> Result<&Spanned<SettingValue>, SettingError> {
        let known: Vec<&str> = self.values.keys().map(String::as_str).collect();
        self.values.get(name).ok_or_else(|| {
            self.error(name, format!("there is no setting `{name}`"), name::hint(name, &known))
        })
    }
}

/// The message for a setting that the codemod does not have.
pub(crate) fn unknown(schema: &CodemodSchema<'_>, wanted: &str) -> (String, Option<String>) {
    let known: Vec<&str> = schema.settings.iter().map(|setting| setting.name).collect();
    let message = match known.as_slice() {
        [] => format!("the codemod `{}` has no settings", schema.name),
        _ => format!("the codemod `{}` has no setting `{wanted}`", schema.name),
    };
    (message, name::hint(wanted, &known))
}

/// The message for a text that is none of the choices.
pub(crate) fn no_choice(setting: &str, text: &str, choices: &[&str]) -> (String, Option<String>) {
    let hint = crate::nearest(text, choices.iter().copied());
    (
        format!("`{setting}` must be {}, not `{text}`", name::listed(choices, "or")),
        hint.map(|choice| format!("did you mean `{choice}`?")),
    )
}

fn from_pair(schema: &CodemodSchema<'_>, key: &str, text: &str) -> Result<SettingValue, SettingError> {
    let error = |(message, hint)| SettingError { setting: key.to_owned(), message, span: None, hint };
    let setting = schema.setting(key).ok_or_else(|| error(unknown(schema, key)))?;
    match setting.kind {
        SettingKind::Text => Ok(SettingValue::Text(text.to_owned())),
        SettingKind::List => Ok(SettingValue::List(split_items(text))),
        SettingKind::Bool => match text {
            "true" => Ok(SettingValue::Bool(true)),
            "false" => Ok(SettingValue::Bool(false)),
            _ => Err(error(no_choice(key, text, &["true", "false"]))),
        },
        SettingKind::OneOf(choices) if choices.contains(&text) => Ok(SettingValue::Text(text.to_owned())),
        SettingKind::OneOf(choices) => Err(error(no_choice(key, text, choices))),
    }
}

fn default_value(setting: &SettingSchema<'_>) -> SettingValue {
    match setting.kind {
        SettingKind::Text | SettingKind::OneOf(_) => SettingValue::Text(setting.default.to_owned()),
        SettingKind::Bool => SettingValue::Bool(setting.default == "true"),
        SettingKind::List => SettingValue::List(split_items(setting.default)),
    }
}

fn split_items(text: &str) -> Vec<Spanned<String>> {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    items.map(|item| Spanned::unwritten(item.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: CodemodSchema<'static> = CodemodSchema {
        name: "retarget-imports",
        settings: &[
            SettingSchema {
                name: "style",
                kind: SettingKind::OneOf(&["habit", "absolute", "relative"]),
                default: "habit",
                about: "How a rewritten import is written.",
            },
            SettingSchema { name: "tests", kind: SettingKind::Bool, default: "true", about: "Tests too." },
            SettingSchema { name: "only", kind: SettingKind::List, default: "a, b", about: "Only these." },
            SettingSchema { name: "into", kind: SettingKind::Text, default: "", about: "Where to." },
        ],
    };

    fn items(settings: &Settings) -> Vec<&str> {
        settings.get_list("only").unwrap().iter().map(|item| item.value.as_str()).collect()
    }

    #[test]
    fn what_is_not_set_has_its_default() {
        let settings = Settings::default_for(&SCHEMA);
        assert_eq!(settings.get_str("style"), Ok("habit"));
        assert_eq!(settings.get_bool("tests"), Ok(true));
        assert_eq!(items(&settings), ["a", "b"]);
        assert_eq!(settings.get_str("into"), Ok(""));
        assert_eq!(settings.iter().count(), SCHEMA.settings.len());
    }

    #[test]
    fn pairs_set_what_they_name_and_the_last_one_holds() {
        let pairs = [("style", "absolute"), ("tests", "false"), ("only", "x,, y"), ("style", "relative")];
        let settings = Settings::from_pairs(&SCHEMA, &pairs).unwrap();
        assert_eq!(settings.get_str("style"), Ok("relative"));
        assert_eq!(settings.get_bool("tests"), Ok(false));
        assert_eq!(items(&settings), ["x", "y"]);
    }

    #[test]
    fn every_wrong_pair_is_told() {
        let pairs = [("stile", "x"), ("style", "absolut"), ("tests", "yes")];
        let errors = Settings::from_pairs(&SCHEMA, &pairs).unwrap_err();
        let told: Vec<String> =
            errors.iter().map(|error| format!("{error}; {}", error.hint.as_deref().unwrap_or("-"))).collect();
        assert_eq!(
            told,
            [
                "the codemod `retarget-imports` has no setting `stile`; did you mean `style`?",
                "`style` must be `habit`, `absolute` or `relative`, not `absolut`; did you mean `absolute`?",
                "`tests` must be `true` or `false`, not `yes`; -",
            ]
        );
    }

    #[test]
    fn asking_for_the_wrong_kind_is_an_error_and_no_panic() {
        let settings = Settings::default_for(&SCHEMA);
        assert!(settings.get_bool("style").is_err());
        assert!(settings.get_list("tests").is_err());
        assert!(settings.get_str("only").is_err());
        let error = settings.get_str("styles").unwrap_err();
        assert_eq!(error.hint.as_deref(), Some("did you mean `style`?"));
    }
}
