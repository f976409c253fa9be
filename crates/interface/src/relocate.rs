//! Relocation: definitions move to the interface package, each once, and the
//! modules that they leave hand them on.
//!
//! What moves out of one module moves into one module, in the order in which it
//! stood; what several domains define alike moves once, into another one. A name
//! stays the very object that it was, so that `is`, `isinstance` and `except`
//! hold on both sides.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Content, Edit, RelPath, Span, TreeError};
use repot_workspace::{ModuleId, PackageId, Workspace, is_identifier};

use crate::Definition;
use crate::closure::{Blocked, Closures, Parts};
use crate::departure::Departure;
use crate::home::Home;
use crate::part::Need;
use crate::target::Target;
use crate::trees::Trees;
use crate::twins::{Groups, SHARED, Twins};

/// What a relocation does.
#[derive(Debug, Default)]
pub struct Relocated {
    /// Where each definition goes: the dotted module.
    pub moved: BTreeMap<Definition, String>,
    /// Where each of them stood: the file, the line, and the bytes with the
    /// comments right above them.
    pub places: BTreeMap<Definition, (RelPath, usize, Span)>,
    /// The others with which a definition becomes one.
    pub twins: BTreeMap<Definition, BTreeSet<Definition>>,
    /// Why a definition does not become one with those that look the same.
    pub apart: BTreeMap<Definition, String>,
    /// What was asked for and cannot move.
    pub blocked: BTreeMap<Definition, Blocked>,
    /// New files.
    pub created: Vec<(RelPath, Content)>,
    /// Edits of files that exist.
    pub edits: BTreeMap<RelPath, Vec<Edit>>,
    /// Imported names that nothing uses any longer: by module, statement and
    /// item.
    pub pruned: BTreeMap<ModuleId, BTreeMap<usize, BTreeSet<usize>>>,
    /// The names that files lose by that.
    pub retired: BTreeSet<(RelPath, String)>,
    /// The import names of what the interface package needs from outside.
    pub needs: BTreeSet<String>,
    /// The packages of the workspace that the interface package imports.
    pub packages: BTreeSet<PackageId>,
}

/// Makes a relocation.
pub struct Mover<'a> {
    trees: &'a Trees<'a>,
    home: &'a Home,
    twins: Option<Twins<'a>>,
}

/// What moves, and where to.
struct Route {
    parts: Parts,
    groups: Groups,
    /// The dotted module that each definition goes to.
    targets: BTreeMap<Definition, String>,
}

impl Route {
    /// The definitions that are written into each target.
    fn written(&self) -> BTreeMap<&str, Parts> {
        let mut written: BTreeMap<&str, Parts> = BTreeMap::new();
        for (definition, part) in &self.parts {
            if let Some(target) = self.targets.get(definition).filter(|_| self.is_written(definition)) {
                written.entry(target).or_default().insert(definition.clone(), part.clone());
            }
        }
        written
    }

    /// Whether a definition stands for itself, and for those that become one with
    /// it.
    fn is_written(&self, definition: &Definition) -> bool {
        self.groups.first_of(definition) == definition
    }

    /// The definitions that leave each module.
    fn leaving(&self) -> BTreeMap<ModuleId, Parts> {
        let mut leaving: BTreeMap<ModuleId, Parts> = BTreeMap::new();
        for (definition, part) in &self.parts {
            leaving.entry(definition.module).or_default().insert(definition.clone(), part.clone());
        }
        leaving
    }
}

impl<'a> Mover<'a> {
    /// What moves to `home`.
    #[must_use]
    pub fn new(trees: &'a Trees<'a>, home: &'a Home) -> Self {
        Self { trees, home, twins: None }
    }

    /// The same, where `twins` become one.
    #[must_use]
    pub(crate) fn uniting(self, twins: Twins<'a>) -> Self {
        Self { twins: Some(twins), ..self }
    }

    fn workspace(&self) -> &'a Workspace {
        self.trees.workspace()
    }

    /// Moves `wanted` with all that they need; `users` are the packages that
    /// come to import them, by the definition. Those `forced` move whatever they
    /// are.
    ///
    /// # Errors
    ///
    /// [`TreeError`] when edits overlap, which would be a fault of this code.
    pub fn relocate(
        &self,
        wanted: &BTreeMap<Definition, BTreeSet<String>>,
        forced: &BTreeSet<Definition>,
    ) -> Result<Relocated, TreeError> {
        let mut closures = Closures::new(self.trees, self.home);
        let (mut parts, mut blocked) = (Parts::new(), BTreeMap::new());
        for definition in wanted.keys() {
            match closures.of(definition, forced.contains(definition)) {
                Ok(found) => parts.extend(found),
                Err(why) => drop(blocked.insert(definition.clone(), why)),
            }
        }
        let (mut route, lost) = self.route(&mut closures, parts, forced);
        for definition in lost {
            let chain = vec![definition.name.clone()];
            let reason = "the modules that it would move to would import each other".to_owned();
            route.parts.remove(&definition);
            blocked.insert(definition, Blocked { chain, reason });
        }
        let mut relocated = Relocated { blocked, apart: route.groups.apart.clone(), ..Relocated::default() };
        for (target, own) in route.written() {
            self.receive(target, &own, &route, wanted, &mut relocated);
        }
        for (module, own) in route.leaving() {
            self.leave(module, own, &route, &mut relocated);
        }
        self.open_folders(&route, &mut relocated);
        Ok(relocated)
    }

    /// Where everything goes, and what cannot, since modules would import each
    /// other. Twins become one only where that is no reason for it.
    fn route(
        &self,
        closures: &mut Closures<'a>,
        parts: Parts,
        forced: &BTreeSet<Definition>,
    ) -> (Route, Vec<Definition>) {
        let groups = self.twins.map(|twins| twins.find(closures, &parts, forced)).unwrap_or_default();
        if !groups.first.is_empty() {
            let mut all = parts.clone();
            all.extend(groups.parts.clone());
            let targets = self.targets(&all, &groups);
            if self.entangled(&all, &groups, &targets).is_empty() {
                return (Route { parts: all, groups, targets }, Vec::new());
            }
        }
        let groups = groups.dissolved("modules of the interface package would import each other", &parts);
        let targets = self.targets(&parts, &groups);
        let lost = self.entangled(&parts, &groups, &targets);
        (Route { parts, groups, targets }, lost)
    }

    /// The module that each definition goes to: one for what leaves a module, and
    /// one for what of it stands for others as well.
    fn targets(&self, parts: &Parts, groups: &Groups) -> BTreeMap<Definition, String> {
        let mut seats: BTreeMap<(ModuleId, bool), BTreeSet<&Definition>> = BTreeMap::new();
        for definition in parts.keys() {
            let module = groups.first_of(definition).module;
            let is_shared = groups.first.contains_key(definition);
            seats.entry((module, is_shared)).or_default().insert(definition);
        }
        let mut taken = BTreeSet::new();
        let mut targets = BTreeMap::new();
        for ((module, is_shared), members) in seats {
            let own = self.workspace().modules().get(module);
            if let Some(name) = own.name.as_ref().filter(|_| own.package == Some(self.home.package)) {
                targets.extend(members.into_iter().map(|one| (one.clone(), name.clone())));
                continue;
            }
            let free = self.names_for(module, is_shared).into_iter().find(|name| {
                let takes = |one: &&Definition| Target::takes_from(self.trees, self.home, name, one.module);
                let is_free =
                    || members.iter().any(takes) || !Target::exists(self.workspace(), self.home, name);
                !taken.contains(name) && is_free()
            });
            if let Some(name) = free {
                targets.extend(members.into_iter().map(|one| (one.clone(), name.clone())));
                taken.insert(name);
            }
        }
        targets
    }

    /// What the target of `module` may be called, the best first.
    fn names_for(&self, module: ModuleId, is_shared: bool) -> Vec<String> {
        let module = self.workspace().modules().get(module);
        let package = self.workspace().package_name(module).unwrap_or_default();
        let domain = module.package.and_then(|id| self.workspace().domains().of(id)).unwrap_or(package);
        let domain = if is_shared { SHARED } else { domain };
        let stem = module.components().next_back().unwrap_or("types");
        let (domain, package, stem) = (identifier(domain), identifier(package), identifier(stem));
        let plain = [stem.clone(), format!("{package}_{stem}")].into_iter();
        let numbered = (2..1000).map(|number| format!("{package}_{stem}_{number}"));
        plain.chain(numbered).map(|name| format!("{}.{domain}.{name}", self.home.name)).collect()
    }

    /// The definitions whose targets would import each other, and those that have
    /// none.
    fn entangled(
        &self,
        parts: &Parts,
        groups: &Groups,
        targets: &BTreeMap<Definition, String>,
    ) -> Vec<Definition> {
        let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (definition, part) in parts.iter().filter(|(one, _)| groups.first_of(one) == *one) {
            for need in &part.needs {
                if let Need::Definition { definition: other, type_checking: false, .. } = need
                    && let (Some(from), Some(to)) = (targets.get(definition), targets.get(other))
                    && from != to
                {
                    edges.entry(from).or_default().insert(to);
                }
            }
        }
        let circle: BTreeSet<&str> =
            targets.values().map(String::as_str).filter(|name| reaches_itself(&edges, name)).collect();
        let is_lost = |one: &&Definition| targets.get(*one).is_none_or(|name| circle.contains(name.as_str()));
        let mut lost: BTreeSet<Definition> = parts.keys().filter(is_lost).cloned().collect();
        // What needs something that stays has to stay as well.
        loop {
            let needs_lost = |part: &crate::Part| {
                part.needs.iter().any(
                    |need| matches!(need, Need::Definition { definition, .. } if lost.contains(definition)),
                )
            };
            let more: Vec<Definition> = parts
                .iter()
                .filter(|(one, part)| !lost.contains(*one) && needs_lost(part))
                .map(|(one, _)| one.clone())
                .collect();
            if more.is_empty() {
                return lost.into_iter().collect();
            }
            lost.extend(more);
        }
    }

    /// Writes what goes to `target`.
    fn receive(
        &self,
        target: &str,
        own: &Parts,
        route: &Route,
        wanted: &BTreeMap<Definition, BTreeSet<String>>,
        relocated: &mut Relocated,
    ) {
        let Some(module) = own.keys().next().map(|one| one.module) else { return };
        let mut imports = BTreeSet::new();
        for need in own.values().flat_map(|part| &part.needs) {
            match need {
                Need::Import(import) => drop(imports.insert(import.clone())),
                Need::Definition { bound, definition, type_checking } => {
                    let module = route.targets.get(definition).map(String::as_str).unwrap_or_default();
                    if module != target {
                        let import = crate::Import::from(module, &definition.name, bound);
                        imports.insert(crate::Import { type_checking: *type_checking, ..import });
                    }
                }
            }
        }
        let places = imports.iter().flat_map(|import| self.workspace().named(&import.module));
        let packages = places.filter_map(|place| self.workspace().package_of(&place));
        relocated.packages.extend(packages.filter(|package| self.home.may_import(Some(*package))));
        relocated.needs.extend(imports.iter().filter_map(|import| self.home.foreign_root(&import.module)));
        let goes_there = |one: &Definition| own.contains_key(route.groups.first_of(one));
        let users = wanted.iter().filter(|(one, _)| goes_there(one)).flat_map(|(_, users)| users);
        let users: BTreeSet<String> = users.cloned().collect();
        let from = route.parts.keys().filter(|one| goes_there(one)).map(|one| one.module).collect();
        Target::new(self.trees, self.home, target, module).receive(own, imports, (&users, &from), relocated);
    }

    /// Takes what leaves `module` out of it.
    fn leave(&self, module: ModuleId, own: Parts, route: &Route, relocated: &mut Relocated) {
        Departure::new(self.trees, module, &route.targets, &own).leave(relocated);
        let path = &self.workspace().modules().get(module).path;
        let source = self.trees.get(module);
        for (definition, part) in own {
            let Some(target) = route.targets.get(&definition) else { continue };
            let place = (path.clone(), source.line(part.span.start), part.span);
            let twins = route.groups.others_of(&definition);
            if !twins.is_empty() {
                relocated.twins.insert(definition.clone(), twins);
            }
            relocated.places.insert(definition.clone(), place);
            relocated.moved.insert(definition, target.clone());
        }
    }

    /// The `__init__.py` of each folder that the targets need and that is not
    /// there, where the interface package itself has one.
    fn open_folders(&self, route: &Route, relocated: &mut Relocated) {
        let exists = |folder: &RelPath| {
            folder.join("__init__.py").is_ok_and(|path| self.workspace().snapshot().get(&path).is_some())
        };
        if !exists(&self.home.folder) {
            return;
        }
        let mut folders = BTreeMap::new();
        for definition in route.parts.keys() {
            let path = route.targets.get(definition).and_then(|target| Target::path(self.home, target));
            let Some(folder) = path.and_then(|path| path.parent()).filter(|folder| !exists(folder)) else {
                continue;
            };
            let module = self.workspace().modules().get(definition.module);
            let domain = module.package.and_then(|id| self.workspace().domains().of(id));
            let domain = domain.or(self.workspace().package_name(module)).unwrap_or_default();
            let about = match route.groups.first.contains_key(definition) {
                true => "What several domains define alike.".to_owned(),
                false => format!("What `{domain}` shares with the other domains."),
            };
            folders.entry(folder).or_insert(about);
        }
        for (folder, about) in folders {
            let Ok(path) = folder.join("__init__.py") else { continue };
            let text = format!("\"\"\"{about}\"\"\"\n");
            relocated.created.push((path, Content::plain(text.into_bytes())));
        }
    }
}

/// Whether a way along `edges` leads from `start` back to it.
fn reaches_itself(edges: &BTreeMap<&str, BTreeSet<&str>>, start: &str) -> bool {
    let (mut seen, mut work) = (BTreeSet::new(), vec![start]);
    while let Some(next) = work.pop() {
        for other in edges.get(next).into_iter().flatten() {
            if *other == start {
                return true;
            }
            if seen.insert(*other) {
                work.push(other);
            }
        }
    }
    false
}

/// The nearest identifier to a name of a folder or domain.
fn identifier(name: &str) -> String {
    let words = name.split(|char: char| !(char.is_alphanumeric() || char == '_'));
    let joined = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_").to_lowercase();
    if is_identifier(&joined) { joined } else { format!("{joined}_") }
}
