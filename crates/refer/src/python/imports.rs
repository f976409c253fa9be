//! Import statements: what each name of a statement becomes.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::Span;
use repot_python::{Definition, FromImport, FromNames, ImportKind, ImportStmt, ImportedName};
use repot_workspace::{Origin, Place, Target};

use super::names::Importer;
use crate::relocation::MovedSymbol;
use crate::{Fate, Fates, NewImport, Unhandled};
use repot_change::Class;

/// What becomes of the import statements of a file.
#[derive(Debug, Default)]
pub(crate) struct Imports {
    /// The fates, by the statement's place in the file.
    pub(crate) fates: BTreeMap<usize, Fates>,
    /// Statements to be put before an import, by its place in the file.
    pub(crate) before: BTreeMap<usize, BTreeSet<String>>,
    /// What cannot follow.
    pub(crate) unhandled: Vec<Unhandled>,
}

impl Imports {
    /// The fates of all statements of `importer`.
    pub(crate) fn of(importer: &Importer<'_>, statements: &[ImportStmt]) -> Self {
        let mut this = Self::default();
        for (index, statement) in statements.iter().enumerate() {
            let fates = match &statement.kind {
                ImportKind::Import(items) => this.plain(importer, items),
                ImportKind::From(from) => {
                    let brought = left_by_star(importer, from, statements);
                    if !brought.is_empty() {
                        this.before.insert(index, brought);
                    }
                    this.from(importer, from)
                }
            };
            if !fates.is_empty() {
                this.fates.insert(index, fates);
            }
        }
        this
    }

    fn plain(&mut self, importer: &Importer<'_>, items: &[ImportedName]) -> Fates {
        let mut fates = Fates::new();
        for (index, item) in items.iter().enumerate() {
            let Some(place) = self.target(importer, 0, &item.name.text, item.name.span) else { continue };
            match importer.absolute(&item.name.text, &place) {
                Some(module) if module != item.name.text => {
                    fates.insert(index, Fate::Goes { new: NewImport::Import { module }, alias: None });
                }
                Some(_) => {}
                None => self.strange(&item.name.text, item.name.span),
            }
        }
        fates
    }

    fn from(&mut self, importer: &Importer<'_>, from: &FromImport) -> Fates {
        let dotted = from.dotted();
        let Some(place) = self.target(importer, from.level, dotted, from.module_span) else {
            return Fates::new();
        };
        let Some(head) = importer.head(from, &place) else {
            self.strange(&from.written(), from.module_span);
            return Fates::new();
        };
        let FromNames::Names { names, .. } = &from.names else {
            let new = NewImport::From { module: head.clone(), name: "*".to_owned() };
            let is_same = head == from.written();
            return Fates::from_iter((!is_same).then_some((0, Fate::Goes { new, alias: None })));
        };
        let fate = |(index, item): (usize, &ImportedName)| {
            let new = one_name(importer, from, &place, item, &head);
            if comes_home(importer, &place, item) {
                return Some((index, Fate::Repeated));
            }
            let same = NewImport::From { module: from.written(), name: item.name.text.clone() };
            let alias = importer.alias_of(item.bound());
            (new != same || alias.is_some()).then_some((index, Fate::Goes { new, alias }))
        };
        names.iter().enumerate().filter_map(fate).collect()
    }

    /// The one place that a module name denotes. Where several packages have
    /// the name and one of them moves, the import is not followed.
    fn target(&mut self, importer: &Importer<'_>, level: usize, dotted: &str, span: Span) -> Option<Place> {
        match importer.resolve(level, dotted) {
            Target::Found(place) => Some(place),
            Target::Ambiguous(places) => {
                if places.iter().any(|place| importer.relocation.moved(place).is_some()) {
                    let reason = "several packages have this import name, and only one of them moves";
                    self.leave(dotted, span, reason);
                }
                None
            }
            Target::Legacy | Target::Missing | Target::External => None,
        }
    }

    fn strange(&mut self, dotted: &str, span: Span) {
        self.leave(dotted, span, "it is imported by a name that the move says nothing of");
    }

    fn leave(&mut self, subject: &str, span: Span, reason: &str) {
        let (subject, reason) = (subject.to_owned(), reason.to_owned());
        self.unhandled.push(Unhandled { span, class: Class::Imports, subject, reason });
    }
}

/// The imports of what a star brings today and will not bring when it has left:
/// symbols, and submodules that the package lists in its `__all__`.
fn left_by_star(importer: &Importer<'_>, from: &FromImport, statements: &[ImportStmt]) -> BTreeSet<String> {
    let FromNames::Star(_) = from.names else { return BTreeSet::new() };
    let dotted = from.dotted();
    let Target::Found(place) = importer.resolve(from.level, dotted) else { return BTreeSet::new() };
    let Place::Module(id) = place else { return BTreeSet::new() };
    let workspace = importer.relocation.workspace();
    let definitions = workspace.file(id).definitions();
    let own = importer.relocation.after(&place).name;
    let is_bound =
        |name: &str| statements.iter().flat_map(ImportStmt::items).any(|item| item.bound() == name);
    let bring = |name: &String| {
        let part = workspace.submodule(&place, name).filter(|_| !definitions.names.contains_key(name))?;
        let new = importer.relocation.moved(&part)?.name.as_deref()?;
        let (parent, last) = new.rsplit_once('.').unwrap_or(("", new));
        let is_needed = importer.mentions(name) && !is_bound(name) && own.as_deref() != Some(parent);
        let alias = if last == name { String::new() } else { format!(" as {name}") };
        let from = if parent.is_empty() { String::new() } else { format!("from {parent} ") };
        is_needed.then(|| format!("{from}import {last}{alias}"))
    };
    let given = |name: &str| definitions.exports.as_ref().is_none_or(|all| all.iter().any(|one| one == name));
    let symbol = |symbol: &MovedSymbol| {
        let (old, new) = (&symbol.old, &symbol.new);
        let is_needed =
            importer.mentions(old) && !is_bound(old) && given(old) && symbol.to != *importer.spot();
        let alias = if old == new { String::new() } else { format!(" as {old}") };
        let module = symbol.to.name.as_deref().filter(|_| is_needed && !old.starts_with('_'))?;
        Some(format!("from {module} import {new}{alias}"))
    };
    let symbols = importer.relocation.symbols().into_iter().filter(|symbol| symbol.from == id);
    definitions.exports.iter().flatten().filter_map(bring).chain(symbols.filter_map(symbol)).collect()
}

/// What `from place import item` becomes, when `head` is what the module is
/// written as afterwards.
fn one_name(
    importer: &Importer<'_>,
    from: &FromImport,
    place: &Place,
    item: &ImportedName,
    head: &str,
) -> NewImport {
    let name = &item.name.text;
    let same = || NewImport::From { module: head.to_owned(), name: name.clone() };
    let symbol = importer.relocation.moved_symbol(place, name);
    if let Some(symbol) = symbol.filter(|_| !is_own_part(importer, place, name)) {
        let module = importer.respell(from, &symbol.to);
        return NewImport::From { module, name: symbol.new.clone() };
    }
    if let Some((spot, name)) = importer.behind_init(place, name) {
        return NewImport::From { module: importer.respell(from, &spot), name };
    }
    let Some(part) = submodule(importer, place, name) else { return same() };
    match importer.split(from, name, &part) {
        Some((module, name)) if module.is_empty() => NewImport::Import { module: name },
        Some((module, name)) => NewImport::From { module, name },
        None => same(),
    }
}

/// Whether the importer is the `__init__` of the package `place`, and takes a module
/// below it by `name`: then the module is meant, not what the package calls so.
fn is_own_part(importer: &Importer<'_>, place: &Place, name: &str) -> bool {
    let workspace = importer.relocation.workspace();
    let own = workspace.modules().at(&importer.module.path).map(Place::Module);
    own.as_ref() == Some(place) && workspace.submodule(place, name).is_some()
}

/// Whether the name is a symbol that the importer itself defines afterwards.
fn comes_home(importer: &Importer<'_>, place: &Place, item: &ImportedName) -> bool {
    let symbol = importer.relocation.moved_symbol(place, &item.name.text);
    symbol.is_some_and(|symbol| symbol.to == *importer.spot() && symbol.new == item.bound())
}

/// The submodule that `from place import name` gives, unless the package's own
/// `__init__` binds the name to anything else. Where it binds it to the
/// submodule, the statement follows as well: it may run before the `__init__`
/// has come so far, and find the submodule by itself.
fn submodule(importer: &Importer<'_>, place: &Place, name: &str) -> Option<Place> {
    let workspace = importer.relocation.workspace();
    let part = workspace.submodule(place, name)?;
    let Place::Module(id) = place else { return Some(part) };
    let definitions = workspace.file(*id).definitions();
    let is_imported = match definitions.names.get(name) {
        Some(bindings) => bindings.iter().all(Definition::is_import),
        None if definitions.stars.is_empty() => return Some(part),
        None => true,
    };
    let is_same = || workspace.origin(place, name) == Some(Origin::Module(part.clone()));
    (is_imported && is_same()).then_some(part)
}
