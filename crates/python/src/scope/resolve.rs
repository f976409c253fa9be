//! Decides which scope's binding each use means.

use std::collections::HashMap;
use std::rc::Rc;

use super::build::{Builder, Extent, Walked};
use super::model::{Mode, Scope, ScopeId, ScopeKind, Use};
use super::quoted;
use super::typing::Typing;
use crate::{Name, SourceFile};

/// What a scope knows of one name, as indices of the uses, in order.
#[derive(Debug, Default)]
struct Places {
    /// Where the scope binds it; `global` and `nonlocal` are followed.
    bound: Vec<usize>,
    /// Every use that means this scope's binding, the bindings included.
    owned: Vec<usize>,
}

/// The uses of a file, each with the scope that owns its name.
pub(super) struct Table<'file> {
    pub(super) scopes: Vec<Scope<'file>>,
    /// In the order of the file.
    pub(super) uses: Vec<Use<'file>>,
    /// The names of each scope.
    names: Vec<HashMap<&'file [u8], Places>>,
    /// The reads that no scope owns, as indices of `uses`.
    pub(super) unbound: Vec<usize>,
    /// What follows the names in strings and type comments.
    pub(super) chains: Vec<Vec<Name>>,
}

impl<'file> Table<'file> {
    pub(super) fn of(file: &'file SourceFile) -> Self {
        let typing = Rc::new(Typing::of(file.imports()));
        let builder = Builder::new(file.root(), file.bytes(), Extent::Whole, Rc::clone(&typing));
        let Walked { scopes, uses, mut quotes } = builder.run();
        let names = scopes.iter().map(|_| HashMap::new()).collect();
        let mut table = Self { scopes, uses, names, unbound: Vec::new(), chains: Vec::new() };
        quotes.extend(quoted::type_comments(file, |offset| table.scope_at(offset)));
        let quoted = quoted::uses(file, quotes, &typing);
        if !quoted.is_empty() {
            for (one, chain) in quoted {
                table.uses.push(Use { quoted: Some(table.chains.len()), ..one });
                table.chains.push(chain);
            }
            table.uses.sort_by_key(|one| one.span);
        }
        table.bind_all();
        table.own_all();
        table
    }

    /// Files the bindings; those behind `nonlocal` last, since they belong to
    /// a scope that binds the name itself.
    fn bind_all(&mut self) {
        let mut later = Vec::new();
        for index in 0..self.uses.len() {
            let Use { name, scope, mode, .. } = self.uses[index];
            if !matches!(mode, Mode::Bind(_) | Mode::Delete) {
                continue;
            }
            if self.scopes[scope].nonlocals.contains(name) {
                later.push(index);
            } else {
                let owner = if self.scopes[scope].globals.contains(name) { 0 } else { scope };
                self.names[owner].entry(name).or_default().bound.push(index);
            }
        }
        for index in later {
            let Use { name, scope, span, .. } = self.uses[index];
            let owner = self.resolve(name, scope, span.start).unwrap_or(scope);
            let bound = &mut self.names[owner].entry(name).or_default().bound;
            bound.insert(bound.partition_point(|&other| other < index), index);
        }
    }

    fn own_all(&mut self) {
        for places in self.names.iter_mut().flat_map(HashMap::values_mut) {
            places.owned.clone_from(&places.bound);
        }
        for index in 0..self.uses.len() {
            let Use { name, scope, mode, span, quoted, .. } = self.uses[index];
            if matches!(mode, Mode::Bind(_) | Mode::Delete) {
                continue;
            }
            match self.resolve(name, scope, span.start) {
                Some(owner) => self.names[owner].entry(name).or_default().owned.push(index),
                None if mode == Mode::Load && quoted.is_none() => self.unbound.push(index),
                None => {}
            }
        }
        for places in self.names.iter_mut().flat_map(HashMap::values_mut) {
            places.owned.sort_unstable();
        }
    }

    /// Every use that means a binding of the module, as indices of `uses`.
    pub(super) fn owned_by_module(&self) -> impl Iterator<Item = usize> {
        self.names.iter().take(1).flat_map(HashMap::values).flat_map(|places| places.owned.iter().copied())
    }

    /// The scope whose binding `name` means for code at `offset` in `from`.
    ///
    /// Class bodies are seen from themselves and from the type parameters
    /// directly within them, and by nothing deeper.
    pub(super) fn resolve(&self, name: &[u8], from: ScopeId, offset: usize) -> Option<ScopeId> {
        let (mut id, mut is_direct) = (from, true);
        loop {
            let scope = &self.scopes[id];
            if id == 0 || scope.globals.contains(name) {
                return self.is_bound(0, name).then_some(0);
            }
            if scope.kind == ScopeKind::Class && is_direct && self.is_bound(id, name) {
                return self.resolve_in_class(name, id, offset);
            }
            if scope.kind != ScopeKind::Class && self.is_bound(id, name) {
                return Some(id);
            }
            is_direct &= scope.kind == ScopeKind::Types;
            id = scope.parent;
        }
    }

    /// A class body looks a name that it binds up in its own names, which hold
    /// what ran before, and then among the module's: never in between.
    fn resolve_in_class(&self, name: &[u8], class: ScopeId, offset: usize) -> Option<ScopeId> {
        let places = self.places(class, name);
        if places.iter().any(|&index| self.uses[index].effective <= offset) {
            return Some(class);
        }
        self.is_bound(0, name).then_some(0)
    }

    fn is_bound(&self, scope: ScopeId, name: &[u8]) -> bool {
        !self.places(scope, name).is_empty()
    }

    /// Where `scope` binds `name`, as indices of `uses`.
    pub(super) fn places(&self, scope: ScopeId, name: &[u8]) -> &[usize] {
        self.names[scope].get(name).map_or(&[], |places| &places.bound)
    }

    /// Every use that means the binding of `name` in `scope`.
    pub(super) fn owned(&self, scope: ScopeId, name: &[u8]) -> &[usize] {
        self.names[scope].get(name).map_or(&[], |places| &places.owned)
    }

    /// The innermost scope of the code at `offset`.
    pub(super) fn scope_at(&self, offset: usize) -> ScopeId {
        let holds = |scope: &Scope<'_>| {
            let is_outside = scope.hole.is_some_and(|hole| hole.range().contains(&offset));
            scope.region.range().contains(&offset) && !is_outside
        };
        // A scope is opened before those inside of it.
        self.scopes.iter().rposition(holds).unwrap_or(0)
    }

    /// Whether any scope binds `name`.
    pub(super) fn binds_anywhere(&self, name: &[u8]) -> bool {
        (0..self.scopes.len()).any(|scope| self.is_bound(scope, name))
    }
}
