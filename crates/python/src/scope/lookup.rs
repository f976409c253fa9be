//! Questions to the scopes of a file.

use repot_change::Span;

use super::model::{Mode, Use};
use super::reference::reference;
use super::resolve::Table;
use super::{Binding, Reference, builtins};
use crate::encoding::decode;
use crate::{ImportStmt, ImportedName, Name, SourceFile};

/// The scopes of one file.
pub struct Scopes<'file> {
    file: &'file SourceFile,
    pub(super) table: Table<'file>,
}

impl<'file> Scopes<'file> {
    pub(crate) fn new(file: &'file SourceFile) -> Self {
        Self { file, table: Table::of(file) }
    }

    /// Every use that the scope rules tie to the name which `item` of `stmt`
    /// binds, in the order of the file.
    ///
    /// For `import a.b.c` that is every use of `a` in its scope; the caller
    /// compares the chain. Other bindings of the same name in that scope are
    /// uses, too, with [`Role::Store`](super::Role::Store), and so are
    /// `global` statements; other import statements are not. Types in strings
    /// and in type comments are read where they stand.
    #[must_use]
    pub fn references(&self, stmt: &ImportStmt, item: &ImportedName) -> Vec<Reference> {
        let bytes = self.file.bytes();
        let start = item.bound_start();
        let place = self.table.uses.binary_search_by_key(&start, |one| one.span.start);
        let (name, scope) = match place.map(|index| self.table.uses[index]) {
            Ok(one) => (one.name, one.scope),
            // Where the tree is broken, the scan may see more than the tree.
            Err(_) => (bound_bytes(bytes, item), self.table.scope_at(stmt.span.start)),
        };
        let Some(owner) = self.owner(name, scope) else {
            return Vec::new();
        };
        let uses = self.table.owned(owner, name).iter().map(|&index| &self.table.uses[index]);
        uses.filter(|one| !one.is_import()).map(|one| reference(one, bytes, &self.table.chains)).collect()
    }

    /// Every use of the name that is bound at `offset`, as [`Scopes::references`]
    /// finds them for an import.
    pub(crate) fn references_at(&self, offset: usize) -> Vec<Reference> {
        let uses = &self.table.uses;
        let Ok(index) = uses.binary_search_by_key(&offset, |one| one.span.start) else {
            return Vec::new();
        };
        let bound = &uses[index];
        let Some(owner) = self.owner(bound.name, bound.scope) else { return Vec::new() };
        let owned = self.table.owned(owner, bound.name).iter().map(|&index| &uses[index]);
        let all = owned.filter(|one| !one.is_import() && one.span.start != offset);
        all.map(|one| reference(one, self.file.bytes(), &self.table.chains)).collect()
    }

    /// The file that was analysed.
    pub(crate) fn file(&self) -> &SourceFile {
        self.file
    }

    /// Where code reads the name that is bound at `span`, in the order of the
    /// file.
    pub(crate) fn reads_of(&self, span: Span) -> Vec<Span> {
        let uses = &self.table.uses;
        let Ok(index) = uses.binary_search_by_key(&span.start, |one| one.span.start) else {
            return Vec::new();
        };
        let Some(owner) = self.owner(uses[index].name, uses[index].scope) else { return Vec::new() };
        let owned = self.table.owned(owner, uses[index].name).iter().map(|&index| &uses[index]);
        let reads = owned.filter(|one| one.mode == Mode::Load && one.quoted.is_none() && !one.annotation);
        reads.map(|one| one.span).collect()
    }

    /// The scope that a binding of `name` in `scope` binds it in.
    fn owner(&self, name: &[u8], scope: usize) -> Option<usize> {
        let declares = &self.table.scopes[scope];
        if declares.globals.contains(name) {
            return Some(0);
        }
        if declares.nonlocals.contains(name) {
            return self.table.resolve(name, scope, usize::MAX);
        }
        Some(scope)
    }

    /// What `name` means to code at `offset`; `None` when the file does not
    /// bind it there.
    #[must_use]
    pub fn lookup(&self, name: &str, offset: usize) -> Option<Binding> {
        let scope = self.table.scope_at(offset);
        let owner = self.table.resolve(name.as_bytes(), scope, offset)?;
        let bindings = self.table.places(owner, name.as_bytes()).iter().map(|&index| &self.table.uses[index]);
        bindings.map(|one| one.binding(owner == 0)).next()
    }

    /// Whether any scope of the file binds `name`, in any way.
    #[must_use]
    pub fn binds_anywhere(&self, name: &str) -> bool {
        self.table.binds_anywhere(name.as_bytes())
    }

    /// The names that code reads, but that no scope around them binds and that
    /// are no builtins, in the order of the file.
    ///
    /// Names that a star import may bring are listed: whether there is one is
    /// for the caller to know. What touches a syntax error is left out.
    #[must_use]
    pub fn unbound(&self) -> Vec<Name> {
        let uses = self.table.unbound.iter().map(|&index| &self.table.uses[index]);
        uses.filter(|one| !builtins::holds(one.name) && !self.file.is_broken(one.span))
            .map(|one| Name { text: decode(one.name).into_owned(), span: one.span })
            .collect()
    }
}

fn bound_bytes<'file>(bytes: &'file [u8], item: &ImportedName) -> &'file [u8] {
    let start = item.bound_start();
    bytes.get(start..start + item.bound().len()).unwrap_or_default()
}

impl Use<'_> {
    fn is_import(&self) -> bool {
        self.mode == Mode::Bind(super::BindingKind::Import)
    }

    fn binding(&self, is_module: bool) -> Binding {
        let kind = match self.mode {
            Mode::Bind(kind) => kind,
            Mode::Load | Mode::Delete | Mode::Declare => super::BindingKind::Assignment,
        };
        Binding { kind, span: self.span, is_module }
    }
}
