//! `setup.cfg`, as Python's `configparser` reads it, for what is asked of it
//! here: no interpolation, no defaults.

use std::collections::{BTreeSet, HashMap};

use repot_change::RelPath;

use super::toml::Stated;

/// An INI file: for every section and key the lines of the value.
#[derive(Debug, Default)]
pub(super) struct Ini(HashMap<(String, String), Vec<Stated>>);

impl Ini {
    /// Reads what can be read; a line that is no INI is passed over.
    pub(super) fn parse(file: &RelPath, text: &str) -> Self {
        let mut ini = Self::default();
        let (mut section, mut key) = ("", None);
        for (line, raw) in (1..).zip(text.lines()) {
            let trimmed = raw.trim();
            if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
                continue;
            }
            let is_indented = raw.starts_with([' ', '\t']);
            let value = match (&key, trimmed.strip_prefix('[').and_then(|rest| rest.split_once(']'))) {
                (Some(_), _) if is_indented => trimmed,
                (_, Some((name, _))) => {
                    (section, key) = (name, None);
                    continue;
                }
                (_, None) => {
                    let Some((name, value)) = trimmed.split_once(['=', ':']) else { continue };
                    // setuptools takes `Package-Dir` for `package_dir`; elsewhere a
                    // key may be a name of somebody's own.
                    let name = match section {
                        "metadata" | "options" => name.trim().to_lowercase().replace('-', "_"),
                        _ => name.trim().to_owned(),
                    };
                    key = Some((section.to_owned(), name));
                    value.trim()
                }
            };
            if let Some(key) = &key {
                let stated = Stated { text: value.to_owned(), file: file.clone(), line };
                ini.0.entry(key.clone()).or_default().push(stated);
            }
        }
        ini
    }

    /// Whether a package is described, and not only tools set up.
    pub(super) fn is_about_a_package(&self) -> bool {
        self.0.keys().any(|(section, _)| matches!(section.as_str(), "metadata" | "options"))
    }

    /// The value on one line.
    pub(super) fn text(&self, section: &str, key: &str) -> Option<Stated> {
        self.lines(section, key).find(|stated| !stated.text.is_empty())
    }

    /// The items of a list, separated by line ends or commas; `None` when the
    /// key is missing.
    pub(super) fn list(&self, section: &str, key: &str) -> Option<Vec<Stated>> {
        self.0.get(&(section.to_owned(), key.to_owned()))?;
        let split = |stated: Stated| {
            let items: Vec<String> = stated.text.split(',').map(|item| item.trim().to_owned()).collect();
            items.into_iter().map(move |text| Stated { text, ..stated.clone() })
        };
        Some(self.lines(section, key).flat_map(split).filter(|stated| !stated.text.is_empty()).collect())
    }

    /// The lines of every value in a section.
    pub(super) fn section(&self, section: &str) -> impl Iterator<Item = &Stated> {
        self.0.iter().filter(move |((name, _), _)| name == section).flat_map(|(_, lines)| lines)
    }

    /// The keys of a section and the lines of their values, in the file's order.
    pub(super) fn pairs(&self, section: &str) -> Vec<(String, Vec<String>)> {
        let mut pairs: Vec<_> = self.0.iter().filter(|((name, _), _)| name == section).collect();
        pairs.sort_by_key(|(_, lines)| lines.first().map(|stated| stated.line));
        let texts = |lines: &Vec<Stated>| {
            lines.iter().map(|stated| stated.text.clone()).filter(|text| !text.is_empty()).collect()
        };
        pairs.into_iter().map(|((_, key), lines)| (key.clone(), texts(lines))).collect()
    }

    /// The names of the sections that have a key.
    pub(super) fn sections(&self) -> impl Iterator<Item = &str> {
        let names: BTreeSet<&str> = self.0.keys().map(|(section, _)| section.as_str()).collect();
        names.into_iter()
    }

    /// The lines of one value.
    pub(super) fn lines(&self, section: &str, key: &str) -> impl Iterator<Item = Stated> {
        self.0.get(&(section.to_owned(), key.to_owned())).into_iter().flatten().cloned()
    }
}
