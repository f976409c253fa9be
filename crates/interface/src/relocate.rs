//! Relocation: definitions move to the interface package, each once, and the
//! modules that they leave hand them on.
//!
//! What moves out of one module moves into one module, in the order in which it
//! stood. A name stays the very object that it was, so that `is`, `isinstance`
//! and `except` hold on both sides.

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

/// What a relocation does.
#[derive(Debug, Default)]
pub struct Relocated {
    /// Where each definition goes: the dotted module.
    pub moved: BTreeMap<Definition, String>,
    /// Where each of them stood: the file, the line, and the bytes with the
    /// comments right above them.
    pub places: BTreeMap<Definition, (RelPath, usize, Span)>,
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
}

impl<'a> Mover<'a> {
    /// What moves to `home`.
    #[must_use]
    pub fn new(trees: &'a Trees<'a>, home: &'a Home) -> Self {
        Self { trees, home }
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
        let mut targets = self.targets(&parts);
        for definition in self.entangled(&parts, &targets) {
            let chain = vec![definition.name.clone()];
            let reason = "the modules that it would move to would import each other".to_owned();
            parts.remove(&definition);
            blocked.insert(definition, Blocked { chain, reason });
        }
        targets.retain(|module, _| parts.keys().any(|definition| definition.module == *module));
        let mut relocated = Relocated { blocked, ..Relocated::default() };
        for (module, target) in &targets {
            self.carry(*module, target, &parts, &targets, wanted, &mut relocated)?;
        }
        self.open_folders(&targets, &mut relocated);
        Ok(relocated)
    }

    /// The module that the definitions of each module go to.
    fn targets(&self, parts: &Parts) -> BTreeMap<ModuleId, String> {
        let mut taken = BTreeSet::new();
        let mut targets = BTreeMap::new();
        let modules: BTreeSet<ModuleId> = parts.keys().map(|definition| definition.module).collect();
        for module in modules {
            let wanted = self.names_for(module);
            let free = wanted.into_iter().find(|name| {
                let is_own = Target::takes_from(self.trees, self.home, name, module);
                !taken.contains(name) && (is_own || !Target::exists(self.workspace(), self.home, name))
            });
            if let Some(name) = free {
                taken.insert(name.clone());
                targets.insert(module, name);
            }
        }
        targets
    }

    /// What the target of `module` may be called, the best first.
    fn names_for(&self, module: ModuleId) -> Vec<String> {
        let module = self.workspace().modules().get(module);
        let package = self.workspace().package_name(module).unwrap_or_default();
        let domain = module.package.and_then(|id| self.workspace().domains().of(id)).unwrap_or(package);
        let stem = module.components().next_back().unwrap_or("types");
        let (domain, package, stem) = (identifier(domain), identifier(package), identifier(stem));
        let plain = [stem.clone(), format!("{package}_{stem}")].into_iter();
        let numbered = (2..1000).map(|number| format!("{package}_{stem}_{number}"));
        plain.chain(numbered).map(|name| format!("{}.{domain}.{name}", self.home.name)).collect()
    }

    /// The definitions whose targets would import each other.
    fn entangled(&self, parts: &Parts, targets: &BTreeMap<ModuleId, String>) -> Vec<Definition> {
        let mut edges: BTreeMap<ModuleId, BTreeSet<ModuleId>> = BTreeMap::new();
        for (definition, part) in parts {
            for need in &part.needs {
                if let Need::Definition { definition: other, type_checking: false, .. } = need
                    && other.module != definition.module
                {
                    edges.entry(definition.module).or_default().insert(other.module);
                }
            }
        }
        let reaches_itself = |start: ModuleId| {
            let (mut seen, mut work) = (BTreeSet::new(), vec![start]);
            while let Some(next) = work.pop() {
                for other in edges.get(&next).into_iter().flatten() {
                    if *other == start {
                        return true;
                    }
                    if seen.insert(*other) {
                        work.push(*other);
                    }
                }
            }
            false
        };
        let circle: BTreeSet<ModuleId> = targets.keys().copied().filter(|id| reaches_itself(*id)).collect();
        let mut lost: BTreeSet<Definition> = parts
            .keys()
            .filter(|one| circle.contains(&one.module) || !targets.contains_key(&one.module))
            .cloned()
            .collect();
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

    fn carry(
        &self,
        module: ModuleId,
        target: &str,
        parts: &Parts,
        targets: &BTreeMap<ModuleId, String>,
        wanted: &BTreeMap<Definition, BTreeSet<String>>,
        relocated: &mut Relocated,
    ) -> Result<(), TreeError> {
        let own: Parts = parts
            .iter()
            .filter(|(definition, _)| definition.module == module)
            .map(|(definition, part)| (definition.clone(), part.clone()))
            .collect();
        let users = wanted.iter().filter(|(one, _)| own.contains_key(*one)).flat_map(|(_, users)| users);
        let file = Target::new(self.trees, self.home, target, module);
        let mut imports = BTreeSet::new();
        for need in own.values().flat_map(|part| &part.needs) {
            match need {
                Need::Import(import) => drop(imports.insert(import.clone())),
                Need::Definition { bound, definition, type_checking } if definition.module != module => {
                    let module = targets.get(&definition.module).map(String::as_str).unwrap_or_default();
                    let import = crate::Import::from(module, &definition.name, bound);
                    imports.insert(crate::Import { type_checking: *type_checking, ..import });
                }
                Need::Definition { .. } => {}
            }
        }
        let places = imports.iter().flat_map(|import| self.workspace().named(&import.module));
        let packages = places.filter_map(|place| self.workspace().package_of(&place));
        relocated.packages.extend(packages.filter(|package| self.home.may_import(Some(*package))));
        relocated.needs.extend(imports.iter().filter_map(|import| self.home.foreign_root(&import.module)));
        let users: BTreeSet<String> = users.cloned().collect();
        file.receive(&own, imports, &users, relocated);
        let departure = Departure::new(self.trees, module, target, &own);
        departure.leave(relocated);
        let path = &self.workspace().modules().get(module).path;
        let source = self.trees.get(module);
        let place = |span: Span| (path.clone(), source.line(span.start), span);
        relocated.places.extend(own.iter().map(|(one, part)| (one.clone(), place(part.span))));
        relocated.moved.extend(own.into_keys().map(|definition| (definition, target.to_owned())));
        Ok(())
    }

    /// The `__init__.py` of each folder that the targets need and that is not
    /// there, where the interface package itself has one.
    fn open_folders(&self, targets: &BTreeMap<ModuleId, String>, relocated: &mut Relocated) {
        let exists = |folder: &RelPath| {
            folder.join("__init__.py").is_ok_and(|path| self.workspace().snapshot().get(&path).is_some())
        };
        if !exists(&self.home.folder) {
            return;
        }
        let mut folders = BTreeMap::new();
        for (module, target) in targets {
            let Some(path) = Target::path(self.home, target) else { continue };
            let Some(folder) = path.parent().filter(|folder| !exists(folder)) else { continue };
            let module = self.workspace().modules().get(*module);
            let domain = module.package.and_then(|id| self.workspace().domains().of(id));
            let domain = domain.or(self.workspace().package_name(module)).unwrap_or_default().to_owned();
            folders.entry(folder).or_insert(domain);
        }
        for (folder, domain) in folders {
            let Ok(path) = folder.join("__init__.py") else { continue };
            let text = format!("\"\"\"What `{domain}` shares with the other domains.\"\"\"\n");
            relocated.created.push((path, Content::plain(text.into_bytes())));
        }
    }
}

/// The nearest identifier to a name of a folder or domain.
fn identifier(name: &str) -> String {
    let words = name.split(|char: char| !(char.is_alphanumeric() || char == '_'));
    let joined = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_").to_lowercase();
    if is_identifier(&joined) { joined } else { format!("{joined}_") }
}
