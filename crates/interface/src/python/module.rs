//! A whole generated file.

use std::collections::BTreeSet;

use repot_change::Span;
use repot_python::SourceFile;

use super::docstring::docstring;
use crate::Draft;
use crate::header::{Import, exports, imports};

/// A generated module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// Its dotted name.
    pub name: String,
    /// What it is about, as one sentence with its full stop.
    pub about: String,
    /// The packages that implement what it says.
    pub implementers: BTreeSet<String>,
    /// The packages that use it.
    pub consumers: BTreeSet<String>,
    /// What it defines, in the order in which it is written.
    pub drafts: Vec<Draft>,
    /// Whether the tree has the habit of `from __future__ import annotations`.
    pub has_future: bool,
}

impl Module {
    /// The paragraphs of its docstring.
    #[must_use]
    pub fn paragraphs(&self) -> Vec<String> {
        let mut paragraphs = vec![self.about.clone()];
        let listed = |head: &str, names: &BTreeSet<String>| {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            (!names.is_empty()).then(|| format!("{head} {}.", names.join(", ")))
        };
        paragraphs.extend(listed("Implemented by", &self.implementers));
        paragraphs.extend(listed("Used by", &self.consumers));
        paragraphs
    }

    /// What it imports. Annotations that name what is defined further below, or
    /// what only types need, are not evaluated (PEP 563).
    #[must_use]
    pub fn imports(&self) -> BTreeSet<Import> {
        let mut all: BTreeSet<Import> =
            self.drafts.iter().flat_map(|draft| draft.imports.iter().cloned()).collect();
        let own: BTreeSet<&str> = self.drafts.iter().map(|draft| draft.name.as_str()).collect();
        all.retain(|import| !(import.module == self.name && own.contains(import.bound())));
        if self.has_future || all.iter().any(|import| import.type_checking) || self.looks_ahead() {
            all.insert(Import::from("__future__", "annotations", "annotations"));
        }
        all
    }

    /// Whether a definition names itself or a later one.
    fn looks_ahead(&self) -> bool {
        let mut later: BTreeSet<&str> = self.drafts.iter().map(|draft| draft.name.as_str()).collect();
        self.drafts.iter().any(|draft| {
            let file = SourceFile::parse(draft.text.clone().into_bytes().into());
            let whole = Span::new(0, draft.text.len());
            let scopes = file.scopes();
            let unbound = scopes.unbound();
            let own = scopes.module_names(whole);
            let found = unbound.iter().chain(&own).any(|name| later.contains(name.text.as_str()));
            later.remove(draft.name.as_str());
            found
        })
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = docstring(0, &self.paragraphs()).join("\n");
        text.push('\n');
        let imports = imports(&self.imports(), &self.name);
        if !imports.is_empty() {
            text.push('\n');
            text.push_str(&imports);
            text.push('\n');
        }
        let public =
            self.drafts.iter().map(|draft| draft.name.as_str()).filter(|name| !name.starts_with('_'));
        if public.clone().next().is_some() {
            text.push('\n');
            text.push_str(&exports(public));
            text.push('\n');
        }
        for draft in &self.drafts {
            text.push_str(if draft.is_tall() { "\n\n" } else { "\n" });
            text.push_str(&draft.text);
            text.push('\n');
        }
        text
    }
}
