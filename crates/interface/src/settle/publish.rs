//! Publication: generated definitions go into modules, into fresh ones or into
//! those that hold others about the same.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Content, Edit, RelPath};
use repot_python::SourceFile;
use repot_workspace::{PackageId, is_identifier};

use crate::home::Home;
use crate::python::{Contradiction, Module, merge};
use crate::target::exists;
use crate::trees::Trees;
use crate::{Definition, Draft, Import};

/// What a generated module is about, and where it may lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subject {
    /// The import name of the tree in which it lies, or what stands for one where
    /// nobody imports it, and its folder.
    tree: (String, RelPath),
    /// The dotted name that code in the tree has for it, where that is another.
    own: Option<String>,
    /// What it may be called below that, dotted, the best first.
    names: Vec<String>,
    /// The first sentence of its docstring, by which it is known again.
    about: String,
    /// The package that implements what it says.
    implementer: Option<String>,
}

/// A generated definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The file that has it.
    pub path: RelPath,
    /// The dotted module that has it.
    pub module: String,
    /// Its name there.
    pub name: String,
    /// What it is.
    pub kind: PublicationKind,
    /// Who uses it.
    pub users: BTreeSet<String>,
    /// What deserves a look, as sentences without a full stop.
    pub notes: Vec<String>,
}

/// What a generated definition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicationKind {
    /// What is used of something that is defined.
    Protocol,
    /// What would be used of something that nobody defines.
    Contract,
    /// The check that something is what its protocol says.
    Check,
}

/// What is generated.
#[derive(Debug, Default)]
pub struct Published {
    /// New files.
    pub created: Vec<(RelPath, Content)>,
    /// Edits of files that exist.
    pub edits: BTreeMap<RelPath, Vec<Edit>>,
    /// The definitions, by file.
    pub publications: Vec<Publication>,
    /// Where people wrote what disagrees.
    pub contradictions: Vec<(RelPath, Contradiction)>,
}

/// A module that receives definitions.
struct Seat {
    path: RelPath,
    tree: (String, RelPath),
    is_there: bool,
    names: BTreeSet<String>,
    /// What it imports, by the names that this binds.
    bound: BTreeMap<String, Import>,
    module: Module,
    publications: Vec<Publication>,
}

/// Finds the modules, and writes them.
pub(super) struct Publisher<'a> {
    trees: &'a Trees<'a>,
    home: &'a Home,
    seats: BTreeMap<String, Seat>,
}

impl Subject {
    /// What other domains use of the module of `definition`.
    pub(super) fn of(trees: &Trees<'_>, home: &Home, definition: &Definition) -> Self {
        let workspace = trees.workspace();
        let module = workspace.modules().get(definition.module);
        let package = workspace.package_name(module).unwrap_or_default();
        let domain = module.package.and_then(|id| workspace.domains().of(id)).unwrap_or(package);
        let stem = module.components().next_back().unwrap_or("types");
        let (domain, package, stem) = (identifier(domain), identifier(package), identifier(stem));
        let plain = [format!("{stem}_protocols"), format!("{package}_{stem}_protocols")].into_iter();
        let numbered = (2..1000).map(|number| format!("{package}_{stem}_protocols_{number}"));
        let called = module.name.clone().unwrap_or_else(|| module.path.to_string());
        Self {
            tree: (home.name.clone(), home.folder.clone()),
            own: None,
            names: plain.chain(numbered).map(|name| format!("{domain}.{name}")).collect(),
            about: format!("What other domains use of `{called}`."),
            implementer: (!package.is_empty())
                .then(|| workspace.package_name(module).unwrap_or_default().to_owned()),
        }
    }
}

impl Subject {
    /// What the dotted `module` once had and nobody defines: in the tree of that
    /// name and folder, below `prefix`.
    pub(super) fn owed(tree: (String, RelPath), prefix: &str, module: &str) -> Self {
        let stem = identifier(module.rsplit('.').next().unwrap_or_default());
        let stem = if stem == "_" { "legacy".to_owned() } else { stem };
        let numbered = (2..1000).map(|number| format!("{stem}_contracts_{number}"));
        let names = std::iter::once(format!("{stem}_contracts")).chain(numbered);
        let below = |name: String| if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        let what = if module.is_empty() { "the legacy package".to_owned() } else { format!("`{module}`") };
        Self {
            tree,
            own: None,
            names: names.map(below).collect(),
            about: format!("What {what} would have to define, and nobody does yet."),
            implementer: None,
        }
    }
}

impl Subject {
    /// The checks that what a package defines is what protocols say, among its
    /// tests.
    pub(super) fn checks(trees: &Trees<'_>, package: PackageId) -> Option<Self> {
        let package = trees.workspace().package(package);
        let folder = package.folder.join("tests").ok()?;
        let name = identifier(&package.name);
        let numbered = (2..1000).map(|number| format!("{name}_conformance_{number}"));
        Some(Self {
            own: Some(dotted(trees, &folder)),
            tree: (folder.to_string(), folder),
            names: std::iter::once(format!("{name}_conformance")).chain(numbered).collect(),
            about: "Type checkers fail here when something is no longer what its protocol says.".to_owned(),
            implementer: None,
        })
    }
}

impl<'a> Publisher<'a> {
    pub(super) fn new(trees: &'a Trees<'a>, home: &'a Home) -> Self {
        Self { trees, home, seats: BTreeMap::new() }
    }

    /// The module that receives `draft` about `subject`: one in which its name and
    /// those that it imports mean nothing else.
    pub(super) fn seat(&mut self, subject: &Subject, draft: &Draft) -> Option<String> {
        if draft.imports.iter().any(|import| import.bound() == draft.name) {
            return None;
        }
        for below in &subject.names {
            let module = format!("{}.{below}", subject.tree.0);
            if let Some(seat) = self.seats.get_mut(&module) {
                if seat.module.about == subject.about && seat.takes(draft) {
                    return Some(module);
                }
                continue;
            }
            let Ok(path) = subject.tree.1.join(&format!("{}.py", below.replace('.', "/"))) else { continue };
            let is_there = self.trees.workspace().snapshot().get(&path).is_some();
            let may_go = match is_there {
                true => self.about(&path).is_some_and(|about| about == subject.about),
                false => !exists(self.trees.workspace(), &path),
            };
            if may_go {
                let named = subject.own.as_ref().map(|own| format!("{own}.{below}"));
                let mut seat = Seat::new(named.as_ref().unwrap_or(&module), path, subject, is_there);
                seat.takes(draft);
                self.seats.insert(module.clone(), seat);
                return Some(module);
            }
        }
        None
    }

    /// The first paragraph of the docstring of a file.
    fn about(&self, path: &RelPath) -> Option<String> {
        paragraphs(&self.parsed(path)?).into_iter().next()
    }

    fn parsed(&self, path: &RelPath) -> Option<SourceFile> {
        let bytes = self.trees.workspace().snapshot().get(path)?.bytes()?.clone();
        Some(SourceFile::parse(bytes))
    }

    /// Adds a definition to the module that it has been given.
    pub(super) fn add(
        &mut self,
        module: &str,
        kind: PublicationKind,
        draft: Draft,
        users: &BTreeSet<String>,
    ) {
        let Some(seat) = self.seats.get_mut(module) else { return };
        seat.module.consumers.extend(users.iter().cloned());
        seat.publications.push(Publication {
            path: seat.path.clone(),
            module: seat.module.name.clone(),
            name: draft.name.clone(),
            kind,
            users: users.clone(),
            notes: draft.notes.clone(),
        });
        seat.module.drafts.push(draft);
    }

    /// Writes the modules.
    pub(super) fn publish(mut self) -> Published {
        let mut published = Published::default();
        let seats = std::mem::take(&mut self.seats);
        for (_, mut seat) in seats.into_iter().filter(|(_, seat)| !seat.module.drafts.is_empty()) {
            published.publications.append(&mut seat.publications);
            let known = if seat.is_there { self.parsed(&seat.path) } else { None };
            let Some(file) = known else {
                self.open_folders(&seat, &mut published);
                published.created.push((seat.path, Content::plain(seat.module.text().into_bytes())));
                continue;
            };
            seat.module.consumers.extend(listed(&file, "Used by "));
            seat.module.implementers.extend(listed(&file, "Implemented by "));
            let merged = merge(&file, &seat.module);
            let path = &seat.path;
            published.contradictions.extend(merged.contradictions.into_iter().map(|one| (path.clone(), one)));
            if !merged.edits.is_empty() {
                published.edits.insert(seat.path, merged.edits);
            }
        }
        published
    }

    /// The `__init__.py` of each folder that a module needs and that is not
    /// there, where its tree has one.
    fn open_folders(&self, seat: &Seat, published: &mut Published) {
        let exists = |path: &RelPath| self.trees.workspace().snapshot().get(path).is_some();
        let init = |folder: &RelPath| folder.join("__init__.py").ok();
        if !init(&seat.tree.1).is_some_and(|path| exists(&path)) {
            return;
        }
        let mut folder = seat.path.parent();
        while let Some(next) = folder.filter(|next| *next != seat.tree.1) {
            let last = next.components().next_back().unwrap_or_default().to_owned();
            if let Some(path) = init(&next).filter(|path| !exists(path)) {
                let is_new = published.created.iter().all(|(known, _)| *known != path);
                let is_domain = !seat.module.implementers.is_empty();
                let text = match seat.tree.0 == self.home.name {
                    true if is_domain => {
                        format!("\"\"\"What `{last}` shares with the other domains.\"\"\"\n")
                    }
                    true => format!("\"\"\"What several packages use of `{last}`.\"\"\"\n"),
                    false => String::new(),
                };
                if is_new {
                    published.created.push((path, Content::plain(text.into_bytes())));
                }
            }
            folder = next.parent();
        }
    }
}

impl Seat {
    fn new(module: &str, path: RelPath, subject: &Subject, is_there: bool) -> Self {
        Self {
            path,
            tree: subject.tree.clone(),
            is_there,
            names: BTreeSet::new(),
            bound: BTreeMap::new(),
            module: Module {
                name: module.to_owned(),
                about: subject.about.clone(),
                implementers: subject.implementer.iter().cloned().collect(),
                consumers: BTreeSet::new(),
                drafts: Vec::new(),
                has_future: true,
            },
            publications: Vec::new(),
        }
    }

    /// Takes a draft in, unless some name would mean two things.
    fn takes(&mut self, draft: &Draft) -> bool {
        let is_other = |import: &&Import| {
            let known = self.bound.get(import.bound());
            self.names.contains(import.bound()) || known.is_some_and(|known| !known.is_like(import))
        };
        let is_taken = self.names.contains(&draft.name) || self.bound.contains_key(&draft.name);
        if is_taken || draft.imports.iter().any(|import| is_other(&import)) {
            return false;
        }
        self.names.insert(draft.name.clone());
        self.bound.extend(draft.imports.iter().map(|one| (one.bound().to_owned(), one.clone())));
        true
    }
}

/// The dotted name of a folder of tests, as far up as folders are packages.
fn dotted(trees: &Trees<'_>, folder: &RelPath) -> String {
    let is_package = |folder: &RelPath| {
        let init = folder.join("__init__.py").ok();
        init.is_some_and(|init| trees.workspace().snapshot().get(&init).is_some())
    };
    let (mut parts, mut at) = (vec!["tests"], folder.clone());
    while let Some(parent) = at.parent().filter(|parent| is_package(&at) && is_package(parent)) {
        at = parent;
        let depth = at.components().count();
        parts.extend(folder.components().nth(depth.saturating_sub(1)));
    }
    parts.reverse();
    parts.join(".")
}

/// The paragraphs of a file's docstring, each on one line.
fn paragraphs(file: &SourceFile) -> Vec<String> {
    let strings = file.strings();
    let Some(docstring) = strings.first().filter(|one| one.is_docstring) else { return Vec::new() };
    let text = String::from_utf8_lossy(docstring.bytes).replace("\r\n", "\n");
    let words = |paragraph: &str| paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    text.split("\n\n").map(words).collect()
}

/// The packages that a paragraph of a file's docstring lists.
fn listed(file: &SourceFile, head: &str) -> Vec<String> {
    let paragraph = paragraphs(file).into_iter().find(|one| one.starts_with(head)).unwrap_or_default();
    paragraph.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The nearest identifier to a name of a folder or domain.
pub(super) fn identifier(name: &str) -> String {
    let words = name.split(|char: char| !(char.is_alphanumeric() || char == '_'));
    let joined = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_").to_lowercase();
    if is_identifier(&joined) { joined } else { format!("{joined}_") }
}
