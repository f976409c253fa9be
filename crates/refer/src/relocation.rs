//! Relocation: what a set of moves means in one workspace.
//!
//! Every module that moves gets its new name and its new path here, once, and
//! every move that cannot be made is refused with its reason. What refers to
//! the modules is not looked at.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use repot_change::RelPath;
use repot_python::Definition;
use repot_workspace::{ModuleId, Place, Workspace, below, is_identifier};

use crate::refused::Refused;
use crate::{Move, Shim, Subject, Union};

/// Where something lies after the moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The dotted name; `None` for a file that has none.
    pub name: Option<String>,
    /// The folder of a package, or the file of a module without its extension.
    pub stem: RelPath,
}

/// A symbol that moves to another module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedSymbol {
    /// The module that defines it today.
    pub from: ModuleId,
    /// Its name there.
    pub old: String,
    /// The module that defines it afterwards.
    pub to: Spot,
    /// Its name there.
    pub new: String,
}

/// The moves, settled.
#[derive(Debug)]
pub struct Relocation<'w> {
    workspace: &'w Workspace,
    roots: Vec<Root>,
    places: HashMap<Place, Moved>,
    symbols: HashMap<(ModuleId, String), MovedSymbol>,
    /// The paths of what leads to something that moves: the folders above the
    /// roots, and the modules of moved symbols with those above.
    above: HashSet<RelPath>,
    /// Moves that were made already.
    made: Vec<Move>,
    /// What is known of files that meet.
    union: Union,
    /// Places whose dotted name others have as well, so that no text names them.
    nameless: HashSet<Place>,
}

/// One module or package that moves as a whole.
#[derive(Debug, Clone)]
pub(crate) struct Root {
    pub(crate) old: String,
    pub(crate) place: Place,
    pub(crate) to: Spot,
}

/// One place that moves, and the name by which it was asked for.
#[derive(Debug)]
struct Moved {
    old: String,
    spot: Spot,
}

impl<'w> Relocation<'w> {
    /// Settles `moves`. Of two that move one module, the one that names more
    /// of its name counts, so that a package may go one way and a part of it
    /// another. Moves that were made already (the old name is gone and the new
    /// one is there) are passed over.
    ///
    /// # Errors
    ///
    /// The first [`Refused`] move.
    pub fn new(workspace: &'w Workspace, moves: &[Move]) -> Result<Self, Refused> {
        let (roots, places, symbols) = (Vec::new(), HashMap::new(), HashMap::new());
        let (above, made, nameless) = (HashSet::new(), Vec::new(), HashSet::new());
        let union = Union::default();
        let mut this = Self { workspace, roots, places, symbols, above, made, union, nameless };
        check_chains(moves)?;
        let mut sorted: Vec<&Move> = moves.iter().collect();
        sorted.sort_by_key(|one| (one.from.symbol.is_some(), one.from.module.len()));
        for one in sorted {
            match (&one.from.symbol, &one.to.symbol) {
                (Some(old), Some(new)) => this.settle_symbol(one, old, new)?,
                _ => this.settle_module(one)?,
            }
        }
        Ok(this)
    }

    /// The same relocation, of which it is known what becomes of files and names
    /// that meet.
    #[must_use]
    pub fn uniting(self, union: Union) -> Self {
        Self { union, ..self }
    }

    /// Lets the package or module at `place` go to `to` as well; what lies outer
    /// comes first. Where others have its dotted name, too, text that spells the
    /// name is not followed.
    pub fn take_along(&mut self, place: &Place, to: Spot) {
        let Some(name) = self.workspace.name_of(place) else { return };
        let parts = self.parts(place);
        if self.workspace.named(&name).len() > 1 {
            self.nameless.extend(parts.into_keys());
        }
        self.settle(place, &name, to);
    }

    /// Whether others have the dotted name of `place`, too.
    pub(crate) fn is_nameless(&self, place: &Place) -> bool {
        self.nameless.contains(place)
    }

    /// What is known of files and names that meet.
    pub(crate) fn union(&self) -> &Union {
        &self.union
    }

    /// The workspace before the moves.
    #[must_use]
    pub fn workspace(&self) -> &'w Workspace {
        self.workspace
    }

    /// Whether nothing is left to move.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty() && self.symbols.is_empty()
    }

    /// The moves that were made already: nothing has the old name, or only what
    /// a move leaves there, and something has the new one.
    #[must_use]
    pub fn made(&self) -> &[Move] {
        &self.made
    }

    /// The modules and packages that move as a whole, outer before inner.
    pub(crate) fn roots(&self) -> &[Root] {
        &self.roots
    }

    /// The symbols that move, sorted by module and name.
    pub(crate) fn symbols(&self) -> Vec<&MovedSymbol> {
        let mut symbols: Vec<&MovedSymbol> = self.symbols.values().collect();
        symbols.sort_by_key(|symbol| (symbol.from, &symbol.old));
        symbols
    }

    /// Where `place` goes; `None` when it stays.
    #[must_use]
    pub fn moved(&self, place: &Place) -> Option<&Spot> {
        self.places.get(place).map(|moved| &moved.spot)
    }

    /// Whether the file of `id` goes elsewhere.
    pub(crate) fn moves_along(&self, id: ModuleId) -> bool {
        self.moved(&Place::Module(id)).is_some()
    }

    /// Where `place` lies afterwards, whether or not it moves.
    #[must_use]
    pub fn after(&self, place: &Place) -> Spot {
        self.moved(place).cloned().unwrap_or_else(|| Spot {
            name: self.workspace.name_of(place),
            stem: self.workspace.path_of(place),
        })
    }

    /// The symbol `name` that `place` defines, when it moves.
    #[must_use]
    pub fn moved_symbol(&self, place: &Place, name: &str) -> Option<&MovedSymbol> {
        let Place::Module(id) = place else { return None };
        let key = (*id, name.to_owned());
        self.symbols.get(&key).or_else(|| self.union.aliases.get(&key))
    }

    fn settle_module(&mut self, one: &Move) -> Result<(), Refused> {
        let Some(place) = self.find(&one.from, &one.to)? else {
            self.made.push(one.clone());
            return Ok(());
        };
        let to = Spot {
            name: Some(one.to.module.clone()),
            stem: self.stem_of(&one.to.module, &one.from.module, &place)?,
        };
        self.is_free(one, &place)?;
        self.settle(&place, &one.from.module, to);
        Ok(())
    }

    fn settle(&mut self, place: &Place, old: &str, to: Spot) {
        for (part, below) in self.parts(place) {
            let dotted =
                |name: &str| below.iter().fold(name.to_owned(), |name, part| format!("{name}.{part}"));
            let stem = below.iter().try_fold(to.stem.clone(), |stem, part| stem.join(part));
            let Ok(stem) = stem else { continue };
            let spot = Spot { name: to.name.as_deref().map(dotted), stem };
            self.places.insert(part, Moved { old: dotted(old), spot });
        }
        self.above.extend(self.workspace.path_of(place).ancestors());
        self.roots.push(Root { old: old.to_owned(), place: place.clone(), to });
    }

    /// Refuses a move to a name that the package above defines itself: whoever
    /// imported the module would give that name another meaning.
    fn is_free(&self, one: &Move, old: &Place) -> Result<(), Refused> {
        let Some((above, name)) = one.to.module.rsplit_once('.') else { return Ok(()) };
        let Some(Place::Module(init)) = self.nearest(above, old) else { return Ok(()) };
        let bindings = self.workspace.file(init).definitions().names.get(name);
        // What is imported may be the very module, or a name that the module gives.
        if bindings.is_none_or(|all| all.iter().any(Definition::is_import)) {
            return Ok(());
        }
        let init = self.workspace.modules().get(init).path.clone();
        Err(Refused::Bound { from: one.from.module.clone(), to: one.to.module.clone(), init })
    }

    fn settle_symbol(&mut self, one: &Move, old: &str, new: &str) -> Result<(), Refused> {
        let Some(place) = self.find(&one.from, &one.to)? else { return Ok(()) };
        let unknown = Refused::unknown_symbol(&one.from, self.workspace, &place);
        let Place::Module(from) = place else { return Err(unknown) };
        let bindings = self.workspace.file(from).definitions().names.get(old);
        // A shim binds the name under a condition, for checkers alone.
        let is_own = |one: &Definition| !one.is_import() && !one.conditional;
        let is_defined = bindings.is_some_and(|all| all.iter().any(is_own));
        if !is_defined {
            let is_done = self.workspace.named(&one.to.module).iter().any(|to| self.workspace.binds(to, new));
            match (is_done, bindings) {
                (true, _) => return Ok(()),
                (false, None) => return Err(unknown),
                (false, Some(_)) => {}
            }
        }
        let to = Spot {
            name: Some(one.to.module.clone()),
            stem: self.stem_of(&one.to.module, &one.from.module, &place)?,
        };
        let module = self.workspace.path_of(&Place::Module(from));
        self.above.extend(module.ancestors().chain([module.clone()]));
        let symbol = MovedSymbol { from, old: old.to_owned(), to, new: new.to_owned() };
        self.symbols.insert((from, old.to_owned()), symbol);
        Ok(())
    }

    /// The place that `from` names; `None` when it went to `to` already. A
    /// package that moved below its own name is still there, and so is a shim:
    /// what lies at the new name tells.
    fn find(&self, from: &Subject, to: &Subject) -> Result<Option<Place>, Refused> {
        let is_inside = below(&to.module, &from.module).is_some_and(|rest| !rest.is_empty());
        if from.symbol.is_none() && is_inside && !self.workspace.named(&to.module).is_empty() {
            return Ok(None);
        }
        let mut found = self.workspace.named(&from.module);
        if found.len() > 1 {
            let places = found.iter().map(|place| self.workspace.path_of(place)).collect();
            return Err(Refused::Ambiguous { subject: from.clone(), places });
        }
        match found.pop() {
            None if self.workspace.named(&to.module).is_empty() => {
                Err(Refused::unknown(from, self.workspace))
            }
            Some(Place::Module(id)) if self.is_shim(id, to) => Ok(None),
            Some(Place::Namespace(folder))
                if self.holds_packages(&folder) && !self.workspace.named(&to.module).is_empty() =>
            {
                Ok(None)
            }
            found => Ok(found),
        }
    }

    /// Whether `folder` is that of a project or lies above one: it only has the
    /// name of the package that lay in it.
    fn holds_packages(&self, folder: &RelPath) -> bool {
        self.workspace.packages().iter().any(|package| package.folder.is_within(folder))
    }

    fn is_shim(&self, id: ModuleId, to: &Subject) -> bool {
        self.workspace.file(id).bytes().is_some_and(|bytes| Shim::stands_in(bytes, &to.module))
    }

    /// Everything that moves along with `place`, itself included, each with the
    /// components that lie between.
    fn parts(&self, place: &Place) -> BTreeMap<Place, Vec<String>> {
        let mut parts = BTreeMap::from([(place.clone(), Vec::new())]);
        let Some(folder) = self.workspace.folder_of(place) else {
            let files = self.workspace.files_of(place).into_iter();
            let beside = files.filter_map(|path| self.workspace.modules().at(&path));
            parts.extend(beside.map(|id| (Place::Module(id), Vec::new())));
            return parts;
        };
        let below = |stem: &RelPath| -> Vec<String> {
            let text = stem.relative_to(&folder).unwrap_or_default();
            text.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        for (path, _) in self.workspace.snapshot().below(&folder) {
            let Some(id) = self.workspace.modules().at(path) else { continue };
            let stem = self.workspace.path_of(&Place::Module(id));
            parts.insert(Place::Module(id), below(&stem));
            for above in stem.ancestors().take_while(|above| *above != folder && above.is_within(&folder)) {
                let namespace = Place::Namespace(above.clone());
                if self.workspace.locate(&above, &[]).as_ref() == Some(&namespace) {
                    parts.insert(namespace, below(&above));
                }
            }
        }
        parts
    }

    /// The path of a module called `dotted`, without its extension: that of the
    /// one that has the name already, to be united with it; else below the nearest
    /// package above it that stays, preferably one of `old`'s own package; a new
    /// top-level name lies beside that of `old`.
    fn stem_of(&self, dotted: &str, asked: &str, old: &Place) -> Result<RelPath, Refused> {
        let taken = self.nearest(dotted, old);
        // A folder above the packages may happen to have the name.
        if let Some(there) = taken.filter(|there| self.workspace.name_of(there).as_deref() == Some(dotted)) {
            return Ok(self.workspace.path_of(&there));
        }
        let parts: Vec<&str> = dotted.split('.').collect();
        let join = |folder: &RelPath, rest: &[&str]| {
            folder.join(&rest.join("/")).map_err(|source| Refused::Path { name: dotted.to_owned(), source })
        };
        for end in (1..parts.len()).rev() {
            let Some(above) = self.nearest(&parts[..end].join("."), old) else { continue };
            let Some(folder) = self.workspace.folder_of(&above) else {
                let module = self.workspace.path_of(&above);
                return Err(Refused::NoPackage { name: dotted.to_owned(), module });
            };
            return join(&folder, &parts[end..]);
        }
        join(&self.base_of(old, asked), &parts)
    }

    /// The place called `dotted` that stays where it is, if there is one.
    fn nearest(&self, dotted: &str, old: &Place) -> Option<Place> {
        let own = self.workspace.package_of(old);
        // A module that moves below its own name makes room for a package.
        let stays = |place: &Place| {
            let makes_room = place == old && self.workspace.folder_of(place).is_none();
            !makes_room && self.moved(place).is_none()
        };
        let staying = self.workspace.named(dotted).into_iter().filter(stays);
        staying.min_by_key(|place| self.workspace.package_of(place) != own)
    }

    /// The folder that holds the first component of `place`'s name; `asked` is
    /// the name of a place that lies in no tree.
    fn base_of(&self, place: &Place, asked: &str) -> RelPath {
        let name = self.workspace.name_of(place).unwrap_or_else(|| asked.to_owned());
        let mut base = self.workspace.path_of(place);
        for part in name.split('.').rev() {
            match base.parent() {
                Some(above) if base.file_name() == part => base = above,
                Some(_) | None => break,
            }
        }
        base
    }

    /// The folders and files that move, by their paths before; a folder stands
    /// for all that lies below it.
    pub(crate) fn paths(&self) -> BTreeMap<RelPath, RelPath> {
        let mut paths = BTreeMap::new();
        for root in &self.roots {
            match self.workspace.folder_of(&root.place) {
                Some(folder) => drop(paths.insert(folder, root.to.stem.clone())),
                None => paths.extend(self.files(root)),
            }
        }
        let (folders, carried) = (self.union.folders.iter(), self.union.carried.iter());
        paths.extend(folders.chain(carried).map(|(from, to)| (from.clone(), to.clone())));
        paths
    }

    /// Every file that moves with `root`, and where it goes.
    pub(crate) fn files(&self, root: &Root) -> Vec<(RelPath, RelPath)> {
        let stem = self.workspace.path_of(&root.place);
        let folder = self.workspace.folder_of(&root.place);
        let target = |path: &RelPath| match &folder {
            Some(folder) => root.to.stem.join(path.relative_to(folder)?).ok(),
            None => {
                let extension = path.as_str().strip_prefix(stem.as_str())?;
                RelPath::new(&format!("{}{extension}", root.to.stem)).ok()
            }
        };
        let files = self.workspace.files_of(&root.place);
        files.into_iter().filter_map(|path| Some((path.clone(), target(&path)?))).collect()
    }

    /// Every moved place with the names by which code may spell it today, and
    /// what each becomes: the name that was asked for, its dotted name, and its
    /// path from a root of the workspace, with dots.
    pub(crate) fn spellings(&self) -> Vec<(&Place, BTreeSet<(String, String)>)> {
        let named = self.places.iter().filter(|(place, _)| !self.nameless.contains(place));
        named.map(|(place, moved)| (place, self.spellings_of(place, moved))).collect()
    }

    /// Whether a moved module may be reached through a name that stands for
    /// `place`: one below it moves, or, with `itself`, it moves itself.
    pub(crate) fn leads_to(&self, place: &Place, itself: bool) -> bool {
        (itself && self.moved(place).is_some()) || self.above.contains(&self.workspace.path_of(place))
    }

    /// What the absolute name `dotted`, by which code spells `place`, becomes;
    /// `None` when it is none of the names that the place is known by.
    pub(crate) fn renamed(&self, place: &Place, dotted: &str) -> Option<String> {
        let moved = self.places.get(place)?;
        let spellings = self.spellings_of(place, moved);
        spellings.into_iter().find(|(old, _)| old == dotted).map(|(_, new)| new)
    }

    fn spellings_of(&self, place: &Place, moved: &Moved) -> BTreeSet<(String, String)> {
        let Some(new) = &moved.spot.name else { return BTreeSet::new() };
        let own = self.workspace.name_of(place).into_iter().chain([moved.old.clone()]);
        let mut spellings: BTreeSet<(String, String)> = own.map(|old| (old, new.clone())).collect();
        if matches!(place, Place::Module(id) if self.workspace.modules().get(*id).is_init) {
            let init = |(old, new): &(String, String)| (format!("{old}.__init__"), format!("{new}.__init__"));
            spellings.extend(spellings.iter().map(init).collect::<Vec<_>>());
        }
        let stem = self.workspace.path_of(place);
        for root in self.workspace.roots() {
            if let (Some(old), Some(new)) = (dotted_path(&stem, root), dotted_path(&moved.spot.stem, root)) {
                spellings.insert((old, new));
            }
        }
        spellings
    }
}

/// Moves that lead to where another one begins cannot be told from moves that
/// were made already, and are refused.
fn check_chains(moves: &[Move]) -> Result<(), Refused> {
    let begins: HashSet<&Subject> = moves.iter().map(|one| &one.from).collect();
    match moves.iter().find(|one| begins.contains(&one.to)) {
        Some(one) => Err(Refused::Chain { subject: one.to.clone() }),
        None => Ok(()),
    }
}

/// The path from `root` to `stem` as a dotted name of at least two components.
fn dotted_path(stem: &RelPath, root: &RelPath) -> Option<String> {
    let text = stem.relative_to(root)?;
    let spells = text.contains('/') && text.split('/').all(is_identifier);
    spells.then(|| text.replace('/', "."))
}
