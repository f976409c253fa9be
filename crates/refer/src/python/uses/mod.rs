//! Uses: dotted expressions that reach a moved module through a bound name.
//!
//! `import a.b` binds only `a`; every `a.b.…` of the scope follows the module
//! that it reaches, and every `a.…` that reaches something else still needs its
//! import. `from a import b` binds a package through which `b.c.…` may reach a
//! module that went another way.

mod group;

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Class, Edit, Span};
use repot_python::{ImportKind, ImportStmt, Reference, Role, Scopes, SourceFile};
use repot_workspace::below;

use super::imports::Imports;
use super::names::Importer;
use crate::{Fate, NewImport, Unhandled, binds_same_root, free_name};
use group::{Group, Reach, candidates, groups, new_name};

/// What follows from the uses of a file's imports.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    /// The uses that are rewritten: the old name's bytes and the new text.
    pub(crate) edits: Vec<(Span, String, String)>,
    /// Statements to be put before an import, by its place in the file.
    pub(crate) before: BTreeMap<usize, BTreeSet<String>>,
    /// What cannot follow.
    pub(crate) unhandled: Vec<Unhandled>,
    /// The plain imports of module-level code, each with the statement that
    /// brings it first, so that none comes twice.
    provided: BTreeMap<String, usize>,
}

impl Uses {
    /// Follows the uses of `importer`'s imports, and settles in `imports` which
    /// of them need an alias or go.
    pub(crate) fn follow(importer: &Importer<'_>, source: &SourceFile, imports: &mut Imports) -> Self {
        let mut this = Self::default();
        let candidates = candidates(importer, source.imports(), imports);
        if candidates.is_empty() {
            return this;
        }
        this.note_all(source, imports);
        let scopes = source.scopes();
        for group in groups(&scopes, source.imports(), candidates) {
            this.settle(importer, source, &scopes, &group, imports);
        }
        this
    }

    /// Remembers what the plain imports of the module bring as they are.
    fn note_all(&mut self, source: &SourceFile, imports: &Imports) {
        for (index, parsed) in source.imports().iter().enumerate() {
            let plain =
                parsed.items().iter().enumerate().filter(|_| matches!(parsed.kind, ImportKind::Import(_)));
            for (item, name) in plain.filter(|(_, name)| name.alias.is_none()) {
                let module = new_name(imports, index, item).unwrap_or(&name.name.text);
                self.note(source, index, statement(module, None));
            }
        }
    }

    fn settle(
        &mut self,
        importer: &Importer<'_>,
        source: &SourceFile,
        scopes: &Scopes<'_>,
        group: &Group<'_>,
        imports: &mut Imports,
    ) {
        let (reached, kept) = group.reaches(importer);
        let is_lost = |reach: &&Reach<'_>| {
            reach.reference.role != Role::Load && (reach.new.contains('.') || reach.depth > 1)
        };
        if let Some(bound) = reached.iter().find(is_lost) {
            let reason = format!("line {} binds it again", source.line(bound.reference.span.start));
            self.leave(group, imports, &reason);
            return;
        }
        let aliases = self.aliases(source, scopes, group, &reached, imports);
        for reach in &reached {
            let module = aliases.get(&reach.new).unwrap_or(&reach.new);
            self.edits.extend(reach.edits(source.bytes(), group.bound, module));
        }
        if group.is_plain {
            if kept.is_empty() {
                self.rename_root(group, &reached, &aliases, imports);
            }
            self.settle_imports(source, group, &reached, &kept, &aliases, imports);
        } else {
            let needed: BTreeSet<&str> = reached.iter().map(|reach| reach.new.as_str()).collect();
            for name in needed {
                let text = statement(name, aliases.get(name));
                self.add(source, group.items[0].0, text);
            }
        }
    }

    /// Where the old root is not bound any more, a `del` or `global` of it means
    /// the new one.
    fn rename_root(
        &mut self,
        group: &Group<'_>,
        reached: &[Reach<'_>],
        aliases: &BTreeMap<String, String>,
        imports: &Imports,
    ) {
        let names = group.items.iter().map(|(statement, item, _)| new_name(imports, *statement, *item));
        let Some(names) = names.collect::<Option<Vec<&str>>>() else { return };
        let bound = |name: &str| {
            let alias = aliases.get(name).map(String::as_str);
            alias.unwrap_or_else(|| name.split('.').next().unwrap_or(name)).to_owned()
        };
        let roots: BTreeSet<String> = names.into_iter().map(bound).collect();
        let Some(root) = roots.first().filter(|root| roots.len() == 1 && *root != group.bound) else {
            return;
        };
        let is_other = |one: &&Reference| {
            one.role != Role::Load && !reached.iter().any(|reach| reach.reference.span == one.span)
        };
        for reference in group.references.iter().filter(is_other) {
            self.edits.push((reference.span, group.bound.to_owned(), root.clone()));
        }
    }

    /// Gives aliases to new names whose root means something else at one of the
    /// places where it would stand.
    fn aliases(
        &self,
        source: &SourceFile,
        scopes: &Scopes<'_>,
        group: &Group<'_>,
        reached: &[Reach<'_>],
        imports: &Imports,
    ) -> BTreeMap<String, String> {
        let mut aliases = BTreeMap::new();
        let at_import = source.imports()[group.items[0].0].span.start;
        let fresh =
            group.items.iter().filter_map(|(statement, item, _)| new_name(imports, *statement, *item));
        let fresh = fresh.map(|name| (name, at_import)).filter(|_| group.is_plain);
        let used = reached.iter().flat_map(|reach| {
            [(reach.new.as_str(), reach.reference.span.start), (reach.new.as_str(), at_import)]
        });
        for (name, offset) in fresh.chain(used) {
            let root = name.split('.').next().unwrap_or(name);
            let binding = scopes.lookup(root, offset);
            let is_hidden = binding.is_some_and(|binding| {
                !(binds_same_root(source, root, binding.span) || (group.bound == root && group.is_plain))
            });
            if is_hidden && !aliases.contains_key(name) {
                aliases.insert(name.to_owned(), free_name(scopes, name));
            }
        }
        aliases
    }

    /// Which imports a plain group has afterwards: those that moved under their
    /// new names, and what else the uses still need.
    fn settle_imports(
        &mut self,
        source: &SourceFile,
        group: &Group<'_>,
        reached: &[Reach<'_>],
        kept: &[String],
        aliases: &BTreeMap<String, String>,
        imports: &mut Imports,
    ) {
        let mut there: Vec<String> = Vec::new();
        for (statement, item, name) in &group.items {
            let new = new_name(imports, *statement, *item).map(str::to_owned);
            if let Some(alias) = new.as_ref().and_then(|new| aliases.get(new)) {
                set_alias(imports, *statement, *item, alias);
            }
            there.push(new.unwrap_or_else(|| name.name.text.clone()));
        }
        let mut needed: Vec<(String, String)> =
            reached.iter().map(|reach| (reach.old.clone(), reach.new.clone())).collect();
        needed.extend(kept.iter().filter_map(|name| group.loaded(name)).map(|name| (name.clone(), name)));
        for (old, new) in needed {
            let is_there = |there: &String| {
                below(there, &new).is_some() && aliases.get(&new).is_none_or(|_| *there == new)
            };
            if there.iter().any(is_there) {
                continue;
            }
            let home =
                group.items.iter().position(|(.., name)| below(&name.name.text, &old).is_some()).unwrap_or(0);
            let (statement_index, item, name) = group.items[home];
            let is_idle = kept.is_empty() && new_name(imports, statement_index, item).is_none();
            if is_idle && below(&old, &name.name.text).is_some() && there[home] == name.name.text {
                let fate = Fate::Goes {
                    new: NewImport::Import { module: new.clone() },
                    alias: aliases.get(&new).cloned(),
                };
                imports.fates.entry(statement_index).or_default().insert(item, fate);
                self.note(source, statement_index, statement(&new, aliases.get(&new)));
                there[home] = new;
            } else {
                self.add(source, statement_index, statement(&new, aliases.get(&new)));
                there.push(new);
            }
        }
    }

    /// Puts `text` before a statement, unless the module has it further up.
    fn add(&mut self, source: &SourceFile, index: usize, text: String) {
        if self.note(source, index, text.clone()) {
            self.before.entry(index).or_default().insert(text);
        }
    }

    /// Remembers that a statement brings the import `text`; false when code of
    /// the module itself has brought it before.
    fn note(&mut self, source: &SourceFile, index: usize, text: String) -> bool {
        let is_plain = source.imports().get(index).is_some_and(ImportStmt::is_unconditional);
        let is_there = self.provided.get(&text).is_some_and(|first| *first <= index);
        if is_plain && !is_there {
            self.provided.insert(text, index);
        }
        !is_there
    }

    /// Takes the fates of a group back: it stays as it is.
    fn leave(&mut self, group: &Group<'_>, imports: &mut Imports, reason: &str) {
        for (statement, item, name) in &group.items {
            if imports.fates.get_mut(statement).and_then(|fates| fates.remove(item)).is_some() {
                self.unhandled.push(Unhandled {
                    span: name.span,
                    class: Class::Imports,
                    subject: name.name.text.clone(),
                    reason: reason.to_owned(),
                });
            }
        }
    }
}

fn set_alias(imports: &mut Imports, statement: usize, item: usize, name: &str) {
    let fate = imports.fates.get_mut(&statement).and_then(|fates| fates.get_mut(&item));
    if let Some(Fate::Goes { alias, .. }) = fate {
        *alias = Some(name.to_owned());
    }
}

fn statement(module: &str, alias: Option<&String>) -> String {
    alias.map_or_else(|| format!("import {module}"), |alias| format!("import {module} as {alias}"))
}

/// The edit that puts statements before the one at `span`.
pub(crate) fn put_before(source: &[u8], span: Span, statements: &BTreeSet<String>) -> Edit {
    let seat = crate::layout::Seat::of(source, span);
    let mut text = Vec::new();
    for statement in statements {
        text.extend_from_slice(statement.as_bytes());
        text.extend_from_slice(&seat.separator);
    }
    Edit::insert(span.start, text)
}
