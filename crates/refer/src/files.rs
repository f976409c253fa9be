//! Files: where those of moved modules go, and what must be there for them.
//!
//! A package that moves takes everything along that lies in its folder. Where
//! it moves into a package that exists, the two become one as long as no file
//! stands in another's way; two `__init__.py` files are joined.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use repot_change::{Note, RelPath};
use repot_python::ImportStmt;
use repot_workspace::{Place, Workspace, is_stdlib};

use crate::Meeting;
use crate::refused::Refused;
use crate::relocation::{Relocation, Root};

/// What becomes of the files.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// Files that go to a free path.
    pub(crate) moves: BTreeMap<RelPath, RelPath>,
    /// `__init__.py` files that are joined to the one that is there.
    pub(crate) joins: BTreeMap<RelPath, RelPath>,
    /// Files of which an identical copy is there, or one that has as much.
    pub(crate) copies: BTreeSet<RelPath>,
    /// Files that give up their place to one that comes.
    pub(crate) displaced: BTreeSet<RelPath>,
    /// Empty `__init__.py` files that a new package needs.
    pub(crate) inits: BTreeSet<RelPath>,
    /// Empty `__init__.py` files of packages in which nothing else is left.
    pub(crate) emptied: BTreeSet<RelPath>,
}

impl Files {
    /// The files of `relocation`.
    ///
    /// # Errors
    ///
    /// [`Refused::Occupied`] when a file stands in another's way.
    pub(crate) fn new(relocation: &Relocation<'_>) -> Result<Self, Refused> {
        let mut all: BTreeMap<RelPath, (RelPath, &Root)> = BTreeMap::new();
        for root in relocation.roots() {
            all.extend(relocation.files(root).into_iter().map(|(from, to)| (from, (to, root))));
        }
        let union = relocation.union();
        for (from, to) in &union.carried {
            if let Some((target, _)) = all.get_mut(from) {
                *target = to.clone();
            }
        }
        let targets: BTreeMap<&RelPath, &RelPath> = all.iter().map(|(from, (to, _))| (from, to)).collect();
        let mut files = Self { emptied: emptied(relocation, &targets), ..Self::default() };
        let mut taken: HashMap<&RelPath, &RelPath> = HashMap::new();
        let mut blocked: Vec<(&Root, (RelPath, RelPath))> = Vec::new();
        for (from, (to, root)) in &all {
            if from == to {
                continue;
            }
            let workspace = relocation.workspace();
            let is_left = all.get(to).is_some_and(|(goes, _)| goes != to) || files.emptied.contains(to);
            let stays = workspace.snapshot().get(to).filter(|_| !is_left);
            match union.meetings.get(from) {
                Some(Meeting::Covered) => {
                    files.copies.insert(from.clone());
                    continue;
                }
                Some(Meeting::Joined { .. }) => {
                    files.joins.insert(from.clone(), to.clone());
                    continue;
                }
                Some(Meeting::Replaces) => drop(files.displaced.insert(to.clone())),
                None => {}
            }
            let stays = stays.filter(|_| !files.displaced.contains(to));
            let rival = taken.insert(to, from);
            if let Some(rival) = rival {
                blocked.push((root, (from.clone(), rival.clone())));
            } else if stays.is_none() {
                files.moves.insert(from.clone(), to.clone());
            } else if workspace.snapshot().content(from) == workspace.snapshot().content(to) {
                files.copies.insert(from.clone());
            } else if to.file_name() == "__init__.py" && can_join(workspace, from, to) {
                files.joins.insert(from.clone(), to.clone());
            } else {
                blocked.push((root, (from.clone(), to.clone())));
            }
        }
        blocked.extend(hidden(relocation, &files.emptied));
        if let Some((root, _)) = blocked.first() {
            let (from, to) = (root.old.clone(), root.to.name.clone().unwrap_or_default());
            let paths = blocked.into_iter().map(|(_, pair)| pair).collect();
            return Err(Refused::Occupied { from, to, paths });
        }
        let beside = union.carried.iter().filter(|(from, _)| !all.contains_key(*from));
        files.moves.extend(beside.map(|(from, to)| (from.clone(), to.clone())));
        let covered = union.meetings.iter().filter(|(_, meeting)| **meeting == Meeting::Covered);
        files.copies.extend(covered.map(|(from, _)| from.clone()));
        files.add_inits(relocation);
        Ok(files)
    }

    /// The path of the file at `path` afterwards, when it goes elsewhere.
    pub(crate) fn after(&self, path: &RelPath) -> Option<&RelPath> {
        self.moves.get(path).or_else(|| self.joins.get(path))
    }

    /// Where modules are packages by their `__init__.py` today, the folders
    /// that lead to the new places get one, too.
    fn add_inits(&mut self, relocation: &Relocation<'_>) {
        let workspace = relocation.workspace();
        let arriving: BTreeSet<&RelPath> = self.moves.values().collect();
        let exists = |path: &RelPath| {
            workspace.snapshot().get(path).is_some() && !self.moves.contains_key(path)
                || arriving.contains(path)
        };
        let symbols = relocation.symbols().into_iter().map(|symbol| (Place::Module(symbol.from), &symbol.to));
        // Where others have the name as well, as with folders of tests, it says
        // nothing about what has to be a package.
        let roots = relocation.roots().iter().filter(|root| !relocation.is_nameless(&root.place));
        let targets = roots.map(|root| (root.place.clone(), &root.to)).chain(symbols);
        let mut inits = BTreeSet::new();
        for (place, to) in targets {
            if !is_regular(workspace, &place) {
                continue;
            }
            let depth = to.name.as_deref().map_or(0, |name| name.split('.').count() - 1);
            for folder in to.stem.ancestors().take(depth) {
                let has_python = workspace.locate(&folder, &[]) == Some(Place::Namespace(folder.clone()));
                let is_fresh = !has_python || workspace.folder_of(&place).as_ref() == Some(&folder);
                let init = folder.join("__init__.py").ok().filter(|init| is_fresh && !exists(init));
                inits.extend(init);
            }
        }
        self.inits = inits;
    }

    /// Packages that somebody imports for themselves from now on are kept, empty
    /// as they are.
    pub(crate) fn keep(&mut self, relocation: &Relocation<'_>, is_imported: impl Fn(&str) -> bool) {
        let workspace = relocation.workspace();
        self.emptied.retain(|init| {
            let place = workspace.modules().at(init).map(Place::Module);
            let name = place.and_then(|place| workspace.name_of(&place));
            !name.is_some_and(|name| is_imported(&name))
        });
    }

    /// Takes back the `__init__.py` files where shims are to stand; what holds a
    /// shim is not empty.
    pub(crate) fn make_room(&mut self, shims: impl IntoIterator<Item = RelPath>) {
        self.emptied.clear();
        for path in shims {
            self.inits.remove(&path);
        }
    }

    /// What deserves a warning before anything is done.
    pub(crate) fn warnings(&self, relocation: &Relocation<'_>) -> Vec<Note> {
        let mut notes = self.case_clashes(relocation.workspace());
        for root in relocation.roots() {
            let name = root.to.name.as_deref().unwrap_or_default();
            let top = name.split('.').next().unwrap_or_default();
            if is_stdlib(top) && !root.old.starts_with(top) {
                let message = format!("`{name}` hides the module `{top}` of the standard library");
                notes.push(Note::about(&root.to.stem, message));
            }
        }
        notes
    }

    /// New paths that differ from others in case alone: a file system that
    /// ignores case holds only one of them.
    fn case_clashes(&self, workspace: &Workspace) -> Vec<Note> {
        let mut folded: HashMap<String, &RelPath> = HashMap::new();
        let staying =
            workspace.snapshot().files().map(|(path, _)| path).filter(|path| self.after(path).is_none());
        for path in staying {
            folded.insert(path.as_str().to_lowercase(), path);
        }
        let mut notes = Vec::new();
        for path in self.moves.values().chain(&self.inits) {
            let other = folded.insert(path.as_str().to_lowercase(), path);
            if let Some(other) = other.filter(|other| *other != path) {
                let message =
                    format!("differs from {other} in case alone; some file systems hold only one of the two");
                notes.push(Note::about(path, message));
            }
        }
        notes
    }
}

/// The empty `__init__.py` files of packages that everything else leaves, where
/// nothing arrives and which nobody imports for themselves.
fn emptied(relocation: &Relocation<'_>, targets: &BTreeMap<&RelPath, &RelPath>) -> BTreeSet<RelPath> {
    let workspace = relocation.workspace();
    let snapshot = workspace.snapshot();
    let mut folders: Vec<RelPath> = targets.keys().flat_map(|path| path.ancestors()).collect();
    folders.sort_by_key(|folder| std::cmp::Reverse(folder.as_str().len()));
    folders.dedup();
    let mut emptied = BTreeSet::new();
    for folder in folders {
        let Ok(init) = folder.join("__init__.py") else { continue };
        let is_blank = snapshot.content(&init).is_some_and(|content| content.bytes.trim_ascii().is_empty());
        if !is_blank || targets.contains_key(&init) {
            continue;
        }
        let leaves = |path: &RelPath| {
            targets.get(path).is_some_and(|to| !to.is_within(&folder)) || emptied.contains(path)
        };
        let is_last = snapshot.below(&folder).all(|(path, _)| *path == init || leaves(path));
        let is_target = || targets.values().any(|to| to.is_within(&folder));
        if is_last && !is_target() && !is_imported(workspace, &init) {
            emptied.insert(init);
        }
    }
    emptied
}

/// Whether a statement imports the package of `init` for itself, and not for
/// what lies in it.
fn is_imported(workspace: &Workspace, init: &RelPath) -> bool {
    let Some(place) = workspace.modules().at(init).map(Place::Module) else { return false };
    let name = workspace.path_of(&place);
    let finder = memchr::memmem::Finder::new(name.file_name());
    workspace.modules().iter().filter(|(id, _)| workspace.file(*id).mentions(&finder)).any(|(id, module)| {
        let names = |statement| workspace.resolve_statement(module, statement);
        workspace
            .file(id)
            .imports()
            .iter()
            .flat_map(names)
            .any(|one| one.name.is_none() && one.target == repot_workspace::Target::Found(place.clone()))
    })
}

/// Modules that a module of the same name at the new place would hide, or be
/// hidden by: `x.py` beside `x/__init__.py`.
fn hidden<'a>(
    relocation: &'a Relocation<'_>,
    emptied: &BTreeSet<RelPath>,
) -> Vec<(&'a Root, (RelPath, RelPath))> {
    let workspace = relocation.workspace();
    let find = |root: &'a Root| {
        let there = workspace.locate(&root.to.stem, &[])?;
        let Place::Module(id) = there else { return None };
        if emptied.contains(&workspace.modules().get(id).path) {
            return None;
        }
        let (moves, merges) = (relocation.moved(&there).is_some(), workspace.folder_of(&there).is_some());
        let from = workspace.path_of(&root.place);
        let is_package = workspace.folder_of(&root.place).is_some();
        (!moves && merges != is_package).then(|| (root, (from, workspace.modules().get(id).path.clone())))
    };
    relocation.roots().iter().filter_map(find).collect()
}

/// Whether a place is, or lies in, a package with an `__init__.py`; a module at
/// the top level counts as one, since regular packages are the rule.
fn is_regular(workspace: &Workspace, place: &Place) -> bool {
    let stem = workspace.path_of(place);
    let has_init = |folder: &RelPath| {
        folder.join("__init__.py").is_ok_and(|init| workspace.snapshot().get(&init).is_some())
    };
    let is_top = workspace.name_of(place).is_none_or(|name| !name.contains('.'));
    match place {
        Place::Namespace(_) => stem.parent().is_some_and(|above| has_init(&above)),
        Place::Module(_) => is_top || has_init(&stem) || stem.parent().is_some_and(|above| has_init(&above)),
    }
}

/// Whether two `__init__.py` files can be joined one behind the other: no name
/// is bound by both to different things, and no `__future__` import would end
/// up in the middle.
fn can_join(workspace: &Workspace, from: &RelPath, to: &RelPath) -> bool {
    let (Some(from), Some(to)) = (workspace.snapshot().get(from), workspace.snapshot().get(to)) else {
        return false;
    };
    let (incoming, there) = (from.definitions(), to.definitions());
    let clash = incoming.names.keys().any(|name| incoming.defines(name) && there.defines(name));
    !clash && !from.is_broken() && !to.is_broken() && !from.imports().iter().any(ImportStmt::is_future)
}
