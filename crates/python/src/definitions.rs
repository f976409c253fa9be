//! The names that a module binds at its top level.
//!
//! What importing the module offers, as far as the file alone can say: what a
//! star import brings in, or `__getattr__` answers, is only marked.

use std::collections::BTreeMap;

use repot_change::Span;

use crate::outline::Outline;
use crate::scope::module_bindings;
use crate::{BindingKind, FromImport, FromNames, ImportKind, ImportStmt, ImportedName, exports};

/// The top-level names of a module.
///
/// Names bound under `if`, `try`, `with` and loops at module level count; names
/// that only a function binds through `global` do not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Definitions {
    /// Every binding of every name, in the order of the file.
    pub names: BTreeMap<String, Vec<Definition>>,
    /// The star imports at module level, in order.
    pub stars: Vec<FromImport>,
    /// What `__all__` lists, in order; `None` when there is none, or it is
    /// computed in a way that cannot be read off the file.
    pub exports: Option<Vec<String>>,
    /// Whether the module answers for unknown names itself (PEP 562).
    pub has_getattr: bool,
}

/// One binding of a top-level name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// What binds it.
    pub kind: DefinitionKind,
    /// The name itself; for `import a.b` the `a`.
    pub span: Span,
    /// Whether it stands under an `if`, `try`, `match`, `with` or loop.
    pub conditional: bool,
}

impl Definitions {
    /// Whether the module binds `name` by more than an import.
    #[must_use]
    pub fn defines(&self, name: &str) -> bool {
        self.names.get(name).is_some_and(|bindings| !bindings.iter().all(Definition::is_import))
    }
}

impl Definition {
    /// Whether an import binds the name.
    #[must_use]
    pub fn is_import(&self) -> bool {
        matches!(self.kind, DefinitionKind::Import { .. })
    }
}

/// What binds a top-level name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefinitionKind {
    /// `class X`.
    Class,
    /// `def x`.
    Function,
    /// An assignment of any form, a loop's target, `with … as`, `:=`, or an
    /// annotation without a value.
    Variable,
    /// `type X = …` (PEP 695).
    TypeAlias,
    /// An import.
    Import {
        /// The module as written, without its leading dots; empty for
        /// `from . import x`.
        module: String,
        /// How many dots stood before it.
        level: usize,
        /// What is taken from the module; `None` after `import`.
        name: Option<String>,
        /// Whether the name stands for `module` itself (`import a`,
        /// `import a.b as x`). `import a.b` binds `a`: there `module` is `a.b`
        /// and this is false, as it is after `from`.
        module_bound: bool,
    },
}

/// Reads the definitions off an outline.
pub(crate) fn definitions(outline: &Outline, imports: &[ImportStmt]) -> Definitions {
    let (root, bytes) = (outline.root(), outline.bytes());
    let items: BTreeMap<usize, _> = imports.iter().flat_map(bindings).collect();
    let mut found = Definitions { exports: exports::exports(root, bytes), ..Definitions::default() };
    for binding in module_bindings(root, bytes) {
        let span = outline.original(binding.span);
        let kind = match binding.kind {
            BindingKind::Class => DefinitionKind::Class,
            BindingKind::Function => DefinitionKind::Function,
            BindingKind::TypeAlias => DefinitionKind::TypeAlias,
            BindingKind::Import => match items.get(&span.start) {
                Some((stmt, item)) => imported(&stmt.kind, item),
                None => continue,
            },
            BindingKind::Assignment | BindingKind::Parameter | BindingKind::TypeParameter => {
                DefinitionKind::Variable
            }
        };
        let definition = Definition { kind, span, conditional: binding.conditional };
        found.names.entry(binding.name).or_default().push(definition);
    }
    found.stars = imports.iter().filter_map(star).cloned().collect();
    found.has_getattr = has_getattr(&found.names);
    found
}

/// Whether one of `names` is a `__getattr__` that may be called.
pub(crate) fn has_getattr(names: &BTreeMap<String, Vec<Definition>>) -> bool {
    let all = names.get("__getattr__").map(Vec::as_slice).unwrap_or_default();
    all.iter().any(|definition| definition.kind != DefinitionKind::Variable)
}

/// The items of `stmt` by the offset of the name that each binds.
fn bindings(stmt: &ImportStmt) -> impl Iterator<Item = (usize, (&ImportStmt, &ImportedName))> {
    stmt.items().iter().map(move |item| (item.bound_start(), (stmt, item)))
}

/// What an item of an import statement binds its name to.
pub(crate) fn imported(kind: &ImportKind, item: &ImportedName) -> DefinitionKind {
    match kind {
        ImportKind::Import(_) => DefinitionKind::Import {
            module: item.name.text.clone(),
            level: 0,
            name: None,
            module_bound: item.alias.is_some() || !item.name.text.contains('.'),
        },
        ImportKind::From(from) => DefinitionKind::Import {
            module: from.module.as_ref().map_or_else(String::new, |module| module.text.clone()),
            level: from.level,
            name: Some(item.name.text.clone()),
            module_bound: false,
        },
    }
}

fn star(stmt: &ImportStmt) -> Option<&FromImport> {
    let from = stmt.as_from().filter(|_| stmt.is_module_level())?;
    matches!(from.names, FromNames::Star(_)).then_some(from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SourceFile;

    /// Every binding as `NAME KIND`, in the order of the names; `?` marks the
    /// conditional ones.
    fn defined(source: &str) -> String {
        let file = SourceFile::parse(source.as_bytes().into());
        let definitions = file.definitions();
        let one = |(name, definition): (&String, &Definition)| {
            let kind = match &definition.kind {
                DefinitionKind::Class => "class".to_owned(),
                DefinitionKind::Function => "def".to_owned(),
                DefinitionKind::Variable => "var".to_owned(),
                DefinitionKind::TypeAlias => "type".to_owned(),
                DefinitionKind::Import { module, level, name, module_bound } => {
                    let name = name.as_ref().map_or(String::new(), |name| format!(":{name}"));
                    let bound = if *module_bound { "!" } else { "" };
                    format!("{}{module}{name}{bound}", ".".repeat(*level))
                }
            };
            assert_eq!(&source[definition.span.range()], name);
            format!("{name} {kind}{}", if definition.conditional { "?" } else { "" })
        };
        let all = definitions.names.iter().flat_map(|(name, all)| all.iter().map(move |each| (name, each)));
        all.map(one).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn every_binding_at_module_level_defines() {
        for (source, expected) in [
            ("class A: b = 1\ndef f(x): y = 1\nasync def g(): pass\n", "A class, f def, g def"),
            ("@d\nclass A(B): pass\n@d\ndef f(): pass\n", "A class, f def"),
            (
                "a = b = 1\nc, (d, *e) = f\ng: int\nh: int = 1\ni += 1\n",
                "a var, b var, c var, d var, e var, g var, h var, i var",
            ),
            ("type X = int\ntype Y[T] = list[T]\n", "X type, Y type"),
            ("import a\nimport b.c\nimport d.e as f\n", "a a!, b b.c, f d.e!"),
            (
                "from a.b import c, d as e\nfrom . import f\nfrom ..g import h as i\n",
                "c a.b:c, e a.b:d, f .:f, i ..g:h",
            ),
            ("try:\n  import a\nexcept ImportError as e:\n  a = None\n", "a a!?, a var?, e var?"),
            ("if x:\n  def f(): pass\nelse:\n  class f: pass\n", "f def?, f class?"),
            (
                "for a in b: c = 1\nwith d as e: f = 1\nwhile (g := 1): pass\n",
                "a var?, c var?, e var?, f var?, g var?",
            ),
            ("x.a = 1\nx[b] = 2\n[c for c in d]\nlambda e: e\ndef f(g=(h := 1)): pass\n", "f def, h var"),
            ("def f():\n  global a\n  a = 1\n", "f def"),
            ("match x:\n  case [a, *b]: c = 1\n", "a var?, b var?, c var?"),
            ("class A: pass\nA = f(A)\ndel A\n", "A class, A var"),
            ("def f(:\n  pass\nclass A: pass\n", "A class, f def"),
        ] {
            assert_eq!(defined(source), expected, "{source}");
        }
    }

    #[test]
    fn stars_and_getattr_are_marked() {
        let source =
            "from .a import *\ntry:\n  from b import *\nexcept ImportError: pass\ndef __getattr__(n): pass\n";
        let file = SourceFile::parse(source.as_bytes().into());
        let definitions = file.definitions();
        let stars: Vec<_> = definitions.stars.iter().map(FromImport::written).collect();
        assert_eq!(stars, [".a", "b"]);
        assert!(definitions.has_getattr);
        assert!(
            !SourceFile::parse(b"class A:\n  def __getattr__(s, n): pass\n"[..].into())
                .definitions()
                .has_getattr
        );
    }
}
