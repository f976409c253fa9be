//! Uses: dotted expressions that reach a moved module through a bound name.
//!
//! `import a.b` binds only `a`; every `a.b.…` of the scope follows the module
//! that it reaches, and every `a.…` that reaches something else still needs its
//! import. `from a import b` binds a package through which `b.c.…` may reach a
//! module that went another way.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Class, Edit, Span};
use repot_python::{ImportKind, ImportStmt, ImportedName, Reference, Role, Scopes, SourceFile};
use repot_workspace::{Place, Target};

use super::imports::Imports;
use super::names::Importer;
use crate::{Fate, NewImport, Unhandled};

/// What follows from the uses of a file's imports.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    /// The uses that are rewritten: the old name's bytes and the new text.
    pub(crate) edits: Vec<(Span, String, String)>,
    /// Statements to be put before an import, by its place in the file.
    pub(crate) before: BTreeMap<usize, BTreeSet<String>>,
    /// What cannot follow.
    pub(crate) unhandled: Vec<Unhandled>,
    /// The plain imports that module-level code gets, so that none comes twice.
    /// by the statement that brings each.
    provided: BTreeMap<String, usize>,
}

/// The imports that bind one name in one scope, and what is done with it.
struct Group<'a> {
    bound: &'a str,
    /// Each import: statement, item, and the dotted name it names, for a plain
    /// import; or the place that the name stands for.
    items: Vec<(usize, usize, &'a ImportedName)>,
    /// What the name stands for; `None` where several packages share it.
    root: Option<Place>,
    /// Whether the bound name is the first component of what is imported.
    is_plain: bool,
    references: Vec<Reference>,
}

/// A use that reaches a module which is called otherwise afterwards, or a
/// symbol that lies elsewhere.
struct Reach<'a> {
    reference: &'a Reference,
    /// How many names of the chain are replaced, the bound one included.
    depth: usize,
    /// The module that is reached, by its name today and afterwards.
    old: String,
    new: String,
    /// The symbol's new name, where one is reached.
    symbol: Option<String>,
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
            self.edits.push(reach.edit(group.bound, module));
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
            let is_there =
                |there: &String| begins(there, &new) && aliases.get(&new).is_none_or(|_| *there == new);
            if there.iter().any(is_there) {
                continue;
            }
            let home = group.items.iter().position(|(.., name)| begins(&name.name.text, &old)).unwrap_or(0);
            let (statement_index, item, name) = group.items[home];
            let is_idle = kept.is_empty() && new_name(imports, statement_index, item).is_none();
            if is_idle && begins(&old, &name.name.text) && there[home] == name.name.text {
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
        let context = source.imports().get(index).map(|statement| statement.context);
        let is_plain =
            context.is_some_and(|context| !(context.in_function || context.in_class || context.conditional));
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

impl Group<'_> {
    /// The uses that reach a module under another name afterwards, and the
    /// names of the modules that the others need.
    fn reaches(&self, importer: &Importer<'_>) -> (Vec<Reach<'_>>, Vec<String>) {
        let (mut reached, mut kept) = (Vec::new(), Vec::new());
        for reference in &self.references {
            let (depth, place) = self.deepest(importer, reference);
            let old = self.spelled(reference, depth);
            let symbol = reference.chain.get(depth - 1).zip(place.as_ref());
            let symbol = symbol.and_then(|(name, place)| importer.relocation.moved_symbol(place, &name.text));
            if let Some((moved, new)) = symbol.and_then(|moved| Some((moved, moved.to.name.clone()?))) {
                let symbol = Some(moved.new.clone());
                reached.push(Reach { reference, depth: depth + 1, old, new, symbol });
                continue;
            }
            let new = place.and_then(|place| match self.is_plain {
                true => importer.absolute(&old, &place),
                false => self.strayed(importer, reference, depth, &place),
            });
            match new {
                Some(new) if new != old => {
                    reached.push(Reach { reference, depth, old, new, symbol: None });
                }
                _ if reference.role == Role::Load => kept.push(old),
                _ => {}
            }
        }
        (reached, kept)
    }

    /// The new name of `place`, which is reached through a bound package, when
    /// the package does not lead there any more.
    fn strayed(
        &self,
        importer: &Importer<'_>,
        reference: &Reference,
        depth: usize,
        place: &Place,
    ) -> Option<String> {
        let name = importer.relocation.after(place).name?;
        let package = importer.relocation.after(self.root.as_ref()?).name?;
        let chain = reference.chain.iter().take(depth - 1).map(|part| part.text.as_str());
        let through = std::iter::once(package.as_str()).chain(chain).collect::<Vec<_>>().join(".");
        (depth > 1 && through != name).then_some(name)
    }

    /// How far the chain of a use leads through packages, and to what.
    fn deepest(&self, importer: &Importer<'_>, reference: &Reference) -> (usize, Option<Place>) {
        let (mut depth, mut place) = (1, self.root.clone());
        for (index, part) in reference.chain.iter().enumerate() {
            let dotted = self.spelled(reference, index + 2);
            let is_named =
                self.is_plain && self.items.iter().any(|(.., name)| begins(&name.name.text, &dotted));
            let hides = |place: &Place| !is_named && binds_itself(importer, place, &part.text);
            if place.as_ref().is_some_and(hides) {
                break;
            }
            let next = match (self.is_plain, &place) {
                (true, _) => match importer.resolve(0, &dotted) {
                    Target::Found(place) => Some(place),
                    _ => None,
                },
                (false, Some(place)) => importer.relocation.workspace().submodule(place, &part.text),
                (false, None) => None,
            };
            match next {
                Some(next) => (depth, place) = (index + 2, Some(next)),
                None if place.is_some() => break,
                None => {}
            }
        }
        (depth, place)
    }

    /// The longest part of the dotted `name` that the imports of the group load;
    /// what lies deeper was loaded by somebody else.
    fn loaded<'n>(&self, name: &'n str) -> Option<String> {
        let shorter = |part: &&'n str| part.rsplit_once('.').map(|(above, _)| above);
        let mut parts = std::iter::successors(Some(name), shorter);
        let is_loaded = |part: &&str| self.items.iter().any(|(.., item)| begins(&item.name.text, part));
        parts.find(is_loaded).map(str::to_owned)
    }

    /// The first `depth` names of a use, joined by dots.
    fn spelled(&self, reference: &Reference, depth: usize) -> String {
        let chain = reference.chain.iter().take(depth - 1).map(|part| part.text.as_str());
        std::iter::once(self.bound).chain(chain).collect::<Vec<_>>().join(".")
    }
}

impl Reach<'_> {
    /// The bytes of the use, what they spell, and what they become when the
    /// module goes by the name `module`.
    fn edit(&self, bound: &str, module: &str) -> (Span, String, String) {
        let chain = &self.reference.chain[..self.depth - 1];
        let end = chain.last().map_or(self.reference.span.end, |name| name.span.end);
        let spelled = chain.iter().fold(bound.to_owned(), |text, name| format!("{text}.{}", name.text));
        let new = self.symbol.iter().fold(module.to_owned(), |text, name| format!("{text}.{name}"));
        (Span::new(self.reference.span.start, end), spelled, new)
    }
}

/// An import that binds a name through which a moved module may be reached.
struct Candidate<'a> {
    statement: usize,
    item: usize,
    name: &'a ImportedName,
    root: Option<Place>,
    is_plain: bool,
}

fn candidates<'a>(
    importer: &Importer<'_>,
    statements: &'a [ImportStmt],
    imports: &Imports,
) -> Vec<Candidate<'a>> {
    let mut found = Vec::new();
    for (statement, parsed) in statements.iter().enumerate() {
        for (item, name) in parsed.items().iter().enumerate() {
            let place = match &parsed.kind {
                ImportKind::Import(_) => match &name.alias {
                    None => importer.resolve(0, name.name.first()),
                    Some(_) => importer.resolve(0, &name.name.text),
                },
                ImportKind::From(from) => {
                    let dotted = from.module.as_ref().map_or("", |module| module.text.as_str());
                    match importer.resolve(from.level, dotted) {
                        Target::Found(place) => importer
                            .relocation
                            .workspace()
                            .submodule(&place, &name.name.text)
                            .filter(|_| !binds_itself(importer, &place, &name.name.text))
                            .map_or(Target::Missing, Target::Found),
                        other => other,
                    }
                }
            };
            let is_plain = matches!(parsed.kind, ImportKind::Import(_)) && name.alias.is_none();
            let root = match place {
                Target::Found(root) => Some(root),
                _ => None,
            };
            let leads = root.as_ref().is_some_and(|root| importer.relocation.leads_to(root, is_plain));
            if leads || (is_plain && new_name(imports, statement, item).is_some()) {
                found.push(Candidate { statement, item, name, root, is_plain });
            }
        }
    }
    found
}

fn groups<'a>(
    scopes: &Scopes<'_>,
    statements: &'a [ImportStmt],
    candidates: Vec<Candidate<'a>>,
) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for Candidate { statement, item, name, root, is_plain } in candidates {
        let references = scopes.references(&statements[statement], name);
        let bound = name.bound();
        let same = groups.iter_mut().find(|group| {
            group.bound == bound
                && group.is_plain == is_plain
                && !references.is_empty()
                && group.references == references
        });
        match same {
            Some(group) => group.items.push((statement, item, name)),
            None => {
                groups.push(Group {
                    bound,
                    items: vec![(statement, item, name)],
                    root,
                    is_plain,
                    references,
                });
            }
        }
    }
    groups
}

/// Whether a package's own `__init__` binds `name`, which then comes before a
/// submodule of that name.
fn binds_itself(importer: &Importer<'_>, place: &Place, name: &str) -> bool {
    let Place::Module(id) = place else { return false };
    importer.relocation.workspace().file(*id).definitions().names.contains_key(name)
}

/// Whether the dotted name `text` is `prefix` or lies below it.
fn begins(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn new_name(imports: &Imports, statement: usize, item: usize) -> Option<&str> {
    match imports.fates.get(&statement)?.get(&item)? {
        Fate::Goes { new: NewImport::Import { module }, .. } => Some(module),
        Fate::Goes { .. } | Fate::Repeated => None,
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

/// A name after the module's that nothing in the file binds.
fn free_name(scopes: &Scopes<'_>, module: &str) -> String {
    let mut name = format!("{}_module", module.replace('.', "_"));
    while scopes.binds_anywhere(&name) {
        name.push('_');
    }
    name
}

/// Whether the binding at `span` is a plain import of the same root, with which
/// the new import agrees.
fn binds_same_root(source: &SourceFile, root: &str, span: Span) -> bool {
    let holds = |statement: &&ImportStmt| statement.span.contains(span);
    source.imports().iter().filter(holds).any(|statement| match &statement.kind {
        ImportKind::Import(items) => items.iter().any(|item| item.alias.is_none() && item.bound() == root),
        ImportKind::From(_) => false,
    })
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
