//! Relative names in strings: `import_module(".cart", "shop")`.

use repot_change::Span;
use repot_python::{SourceFile, StringLiteral};

use super::Reader;
use super::role::{self, Role};

/// What a relative name is relative to.
enum Anchor {
    /// A package, and what it is called afterwards.
    Package { old: String, new: String },
    /// Something that only run time knows.
    Unknown,
}

impl Reader<'_> {
    /// A literal such as `.cart`.
    ///
    /// What is not reached by dots any more is named in full, which every such
    /// function takes as well.
    pub(super) fn relative(
        &mut self,
        source: &SourceFile,
        strings: &[StringLiteral<'_>],
        literal: &StringLiteral<'_>,
        role: Role,
    ) {
        let text = std::str::from_utf8(literal.bytes).unwrap_or_default();
        let (anchor, role) = match (role.is_import, literal.arguments) {
            (true, Some(arguments)) => (self.anchor(source, strings, arguments), role),
            _ if self.hands_names_on(source) => (self.own_anchor(), role::HANDED_ON),
            _ => return,
        };
        let level = text.len() - text.trim_start_matches('.').len();
        let Anchor::Package { old: package, new: new_package } = anchor else {
            let own = self.own_package(level).unwrap_or_default();
            if role.is_import && self.renamed(&format!("{own}.{}", &text[level..])).is_some() {
                self.leave(literal.span, text, "the package that it is relative to is not known".to_owned());
            }
            return;
        };
        let Some(base) = above(&package, level) else { return };
        let old = format!("{base}.{}", &text[level..]);
        if self.workspace.named(&old).is_empty() {
            return;
        }
        let new = self.renamed(&old).unwrap_or(old);
        let new_base = above(&new_package, level);
        let below = new_base.and_then(|base| new.strip_prefix(base)?.strip_prefix('.'));
        let (span, new) = match below {
            Some(rest) => (Span::new(literal.content.start + level, literal.content.end), rest.to_owned()),
            None => (literal.content, new),
        };
        if source.bytes()[span.range()] != *new.as_bytes() {
            self.follow(span, new, text, role);
        }
    }

    /// What the arguments of an import say that its name is relative to.
    fn anchor(&self, source: &SourceFile, strings: &[StringLiteral<'_>], arguments: Span) -> Anchor {
        let is_package = |one: &&StringLiteral<'_>| {
            one.arguments == Some(arguments)
                && !one.is_joined
                && (one.position == Some(1) || one.target.as_deref() == Some("package"))
        };
        if let Some(one) = strings.iter().find(is_package) {
            let Ok(old) = std::str::from_utf8(one.bytes) else { return Anchor::Unknown };
            let new = self.renamed(old).unwrap_or_else(|| old.to_owned());
            return Anchor::Package { old: old.to_owned(), new };
        }
        let text = &source.bytes()[arguments.range()];
        let says = |word: &str| repot_python::mentions(text, word.as_bytes());
        if says("__package__") || says("__spec__.parent") {
            return self.own_anchor();
        }
        match &self.importer.name {
            Some(old) if says("__name__") => {
                Anchor::Package { old: old.clone(), new: self.renamed(old).unwrap_or_else(|| old.clone()) }
            }
            _ => Anchor::Unknown,
        }
    }

    /// The package that the file lies in.
    fn own_anchor(&self) -> Anchor {
        let name = self.importer.name.clone().unwrap_or_default();
        let new = self.renamed(&name).unwrap_or_else(|| name.clone());
        let package = |name: String| {
            let package = if self.importer.is_init { Some(name.as_str()) } else { above(&name, 2) };
            package.unwrap_or_default().to_owned()
        };
        match package(name) {
            old if old.is_empty() => Anchor::Unknown,
            old => Anchor::Package { old, new: package(new) },
        }
    }

    /// Whether the file imports by names that it keeps elsewhere.
    fn hands_names_on(&self, source: &SourceFile) -> bool {
        source.definitions().has_getattr && repot_python::mentions(source.bytes(), b"import_module")
    }

    /// The package that `level` dots lead to from the file.
    pub(super) fn own_package(&self, level: usize) -> Option<String> {
        let name = self.importer.name.as_deref()?;
        let package = if self.importer.is_init { name } else { above(name, 2)? };
        above(package, level).map(str::to_owned)
    }

    /// The new name of the module `dotted`, when it has one.
    fn renamed(&self, dotted: &str) -> Option<String> {
        let (len, new, _) = self.renames.dotted(dotted)?;
        Some(format!("{new}{}", &dotted[len..]))
    }
}

/// The package that `level` dots lead to from the package `name`.
fn above(name: &str, level: usize) -> Option<&str> {
    let mut name = name;
    for _ in 1..level {
        name = name.rsplit_once('.')?.0;
    }
    Some(name)
}
