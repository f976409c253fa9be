//! What the caller knows: the names that a roadmap may use.
//!
//! Plain borrowed values, all of them constructible in a `const`, so that a
//! codemod declares its settings as `const SETTINGS: &[SettingSchema<'static>]`
//! beside its code. Nothing is checked here.

/// The codemods, metrics and rules that exist.
#[derive(Debug, Clone, Copy, Default)]
pub struct Vocabulary<'a> {
    /// Every codemod with its settings.
    pub codemods: &'a [CodemodSchema<'a>],
    /// The name of every metric.
    pub metrics: &'a [&'a str],
    /// The name of every rule over imports.
    pub rules: &'a [&'a str],
}

impl<'a> Vocabulary<'a> {
    /// The schema of the codemod called `name`.
    #[must_use]
    pub fn codemod(&self, name: &str) -> Option<&'a CodemodSchema<'a>> {
        self.codemods.iter().find(|codemod| codemod.name == name)
    }
}

/// What a roadmap may say about one codemod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodemodSchema<'a> {
    /// Its name, in kebab-case.
    pub name: &'a str,
    /// Its settings, in the order in which they are documented.
    pub settings: &'a [SettingSchema<'a>],
}

impl<'a> CodemodSchema<'a> {
    /// The setting called `name`.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&'a SettingSchema<'a>> {
        self.settings.iter().find(|setting| setting.name == name)
    }
}

/// One setting of a codemod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingSchema<'a> {
    /// Its key, in kebab-case; never `codemod`.
    pub name: &'a str,
    /// What its value may be.
    pub kind: SettingKind<'a>,
    /// Its value when it is not set, written as on the command line: of a
    /// [`SettingKind::Bool`] anything but `true` is false, of a
    /// [`SettingKind::List`] the items are separated by commas.
    pub default: &'a str,
    /// One sentence for the documentation.
    pub about: &'a str,
}

/// What the value of a setting may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind<'a> {
    /// Any string.
    Text,
    /// `true` or `false`.
    Bool,
    /// A list of strings.
    List,
    /// One of these strings.
    OneOf(&'a [&'a str]),
}
