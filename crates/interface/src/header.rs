//! The head of a generated module: its imports, and what it exports, laid out
//! as `ruff format` and its rules for imports leave them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use repot_workspace::is_stdlib;

/// How long a line may be.
const WIDTH: usize = 88;

/// One imported name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Import {
    /// The absolute module.
    pub module: String,
    /// What is imported from it; `None` for the module itself.
    pub name: Option<String>,
    /// The name behind `as`.
    pub alias: Option<String>,
    /// Whether only what reads types needs it.
    pub type_checking: bool,
}

impl Import {
    /// `from module import name`, bound to `bound`.
    #[must_use]
    pub fn from(module: &str, name: &str, bound: &str) -> Self {
        let alias = (name != bound).then(|| bound.to_owned());
        Self { module: module.to_owned(), name: Some(name.to_owned()), alias, type_checking: false }
    }

    /// Whether it binds the same to the same name.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.module, &self.name, self.bound()) == (&other.module, &other.name, other.bound())
    }

    /// The name that it binds.
    #[must_use]
    pub fn bound(&self) -> &str {
        let first = || self.module.split('.').next().unwrap_or_default();
        self.alias.as_deref().or(self.name.as_deref()).unwrap_or_else(first)
    }
}

/// The import lines of a module that lies in the tree `own`, without a blank
/// line before or behind; what only types need stands under `TYPE_CHECKING`.
#[must_use]
pub fn imports(imports: &BTreeSet<Import>, own: &str) -> String {
    let (typed, plain): (Vec<&Import>, Vec<&Import>) = imports.iter().partition(|one| one.type_checking);
    let same = |one: &Import| Import { type_checking: true, ..one.clone() };
    let known: BTreeSet<Import> = plain.iter().map(|one| same(one)).collect();
    let typed: Vec<&Import> = typed.into_iter().filter(|one| !known.contains(one)).collect();
    let switch = Import::from("typing", "TYPE_CHECKING", "TYPE_CHECKING");
    let plain = plain.into_iter().chain((!typed.is_empty()).then_some(&switch));
    let mut text = sections(plain, own, "");
    if !typed.is_empty() {
        text.push_str("\n\nif TYPE_CHECKING:\n");
        text.push_str(&sections(typed, own, "    "));
    }
    text
}

/// Imports by section: the future, Python's own, other people's, the tree's.
fn sections<'a>(imports: impl IntoIterator<Item = &'a Import>, own: &str, indent: &str) -> String {
    let mut sections: BTreeMap<usize, BTreeSet<&Import>> = BTreeMap::new();
    for import in imports {
        sections.entry(section(&import.module, own)).or_default().insert(import);
    }
    let texts = sections.into_values().map(|imports| section_lines(&imports, indent).join("\n"));
    texts.collect::<Vec<_>>().join("\n\n")
}

fn section(module: &str, own: &str) -> usize {
    let top = |dotted: &str| dotted.split('.').next().unwrap_or_default().to_owned();
    match top(module) {
        first if first == "__future__" => 0,
        first if is_stdlib(&first) => 1,
        first if first == top(own) => 3,
        _ => 2,
    }
}

/// Whole modules first, then names by their modules; an alias has a statement
/// of its own only where `ruff` gives it one.
fn section_lines(imports: &BTreeSet<&Import>, indent: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut whole: Vec<&&Import> = imports.iter().filter(|import| import.name.is_none()).collect();
    whole.sort_by(|one, other| natural(&one.module, &other.module));
    for import in whole {
        let alias = import.alias.as_ref().map(|alias| format!(" as {alias}")).unwrap_or_default();
        lines.push(format!("{indent}import {}{alias}", import.module));
    }
    let mut modules: BTreeMap<&str, Vec<(&str, Option<&str>)>> = BTreeMap::new();
    for import in imports {
        let Some(name) = &import.name else { continue };
        modules.entry(&import.module).or_default().push((name, import.alias.as_deref()));
    }
    let mut modules: Vec<_> = modules.into_iter().collect();
    modules.sort_by(|(one, _), (other, _)| natural(one, other));
    for (module, mut names) in modules {
        names.sort_by(|one, other| by_type(one.0, other.0).then_with(|| one.1.cmp(&other.1)));
        let (aliased, plain): (Vec<_>, Vec<_>) = names.into_iter().partition(|(_, alias)| alias.is_some());
        let plain: Vec<String> = plain.into_iter().map(|(name, _)| name.to_owned()).collect();
        let mut statements: Vec<(&str, String)> = aliased
            .iter()
            .map(|(name, alias)| {
                (*name, from(module, &[format!("{name} as {}", alias.unwrap_or_default())], indent))
            })
            .collect();
        if let Some(first) = plain.first() {
            statements.push((first, from(module, &plain, indent)));
        }
        // Statements of one module stand in the order of their first names.
        statements.sort_by(|(one, _), (other, _)| by_type(one, other));
        lines.extend(statements.into_iter().map(|(_, statement)| statement));
    }
    lines
}

/// `from module import names`, on one line where it fits.
#[must_use]
pub fn from(module: &str, names: &[String], indent: &str) -> String {
    let line = format!("{indent}from {module} import {}", names.join(", "));
    if line.chars().count() <= WIDTH {
        return line;
    }
    let names = names.iter().map(|name| format!("{indent}    {name},\n")).collect::<String>();
    format!("{indent}from {module} import (\n{names}{indent})")
}

/// `__all__` with `names`, sorted as `ruff` sorts it.
#[must_use]
pub fn exports<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_by(|one, other| rank(one).cmp(&rank(other)).then_with(|| natord::compare(one, other)));
    names.dedup();
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let line = format!("__all__ = [{}]", quoted.join(", "));
    if line.chars().count() <= WIDTH {
        return line;
    }
    format!("__all__ = [\n{}]", quoted.iter().map(|name| format!("    {name},\n")).collect::<String>())
}

/// As `ruff` sorts names: in any case, and numbers by what they count.
fn natural(one: &str, other: &str) -> Ordering {
    natord::compare(&one.to_lowercase(), &other.to_lowercase()).then_with(|| natord::compare(one, other))
}

/// As `ruff` sorts the names of one module.
fn by_type(one: &str, other: &str) -> Ordering {
    rank(one).cmp(&rank(other)).then_with(|| natural(one, other))
}

/// Constants first, then classes, then what is written small.
fn rank(name: &str) -> usize {
    let mut letters = name.chars().filter(|char| char.is_alphabetic());
    let is_constant = name.len() > 1 && name.contains(char::is_alphabetic) && letters.all(char::is_uppercase);
    match (is_constant, name.chars().next().is_some_and(char::is_uppercase)) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import(module: &str, name: Option<&str>, alias: Option<&str>, type_checking: bool) -> Import {
        let own = |text: &str| text.to_owned();
        Import { module: own(module), name: name.map(own), alias: alias.map(own), type_checking }
    }

    #[test]
    fn imports_stand_in_sections_and_in_order() {
        let all = BTreeSet::from([
            import("typing", Some("Any"), None, false),
            import("enum", Some("Enum"), None, false),
            import("interfaces.ai.model", Some("Model"), None, false),
            import("pydantic", Some("BaseModel"), Some("Base"), false),
            import("pydantic", Some("Field"), None, false),
            import("abc", None, None, false),
            import("__future__", Some("annotations"), None, false),
            import("datetime", Some("datetime"), None, true),
            import("enum", Some("Enum"), None, true),
        ]);
        let expected = "from __future__ import annotations\n\nimport abc\nfrom enum import Enum\n\
                        from typing import TYPE_CHECKING, Any\n\nfrom pydantic import BaseModel as Base\n\
                        from pydantic import Field\n\nfrom interfaces.ai.model import Model\n\n\
                        if TYPE_CHECKING:\n    from datetime import datetime";
        assert_eq!(imports(&all, "interfaces"), expected);
    }

    #[test]
    fn names_stand_as_ruff_sorts_them() {
        let names = ["SQLStore", "Sample", "_Own", "X", "LIMIT", "item10", "item2", "Item"];
        let all = names.map(|name| import("m", Some(name), None, false)).into();
        let line = "from m import LIMIT, Item, Sample, SQLStore, X, _Own, item2, item10";
        assert_eq!(imports(&all, "interfaces"), line);
        assert_eq!(
            exports(["SQLStore", "Sample", "b10", "b2"]),
            "__all__ = [\"SQLStore\", \"Sample\", \"b2\", \"b10\"]"
        );
        let modules = ["m.Zed", "m.alpha", "m.b10", "m.b2"];
        let all = modules.map(|module| import(module, Some("x"), None, false)).into();
        let order: Vec<String> =
            imports(&all, "i").lines().map(|line| line[5..line.len() - 9].to_owned()).collect();
        assert_eq!(order, ["m.alpha", "m.b2", "m.b10", "m.Zed"]);
    }

    #[test]
    fn a_long_list_is_broken() {
        assert_eq!(exports(["b", "A", "C_D", "b"]), "__all__ = [\"C_D\", \"A\", \"b\"]");
        let names: Vec<String> = (0..20).map(|at| format!("Name{at:02}")).collect();
        let text = exports(names.iter().map(String::as_str));
        assert!(text.starts_with("__all__ = [\n    \"Name00\",\n") && text.ends_with("    \"Name19\",\n]"));
        assert!(from("m", &names, "").ends_with("    Name19,\n)"));
    }
}
