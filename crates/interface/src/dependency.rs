//! Dependencies: what a package's project file has to say so that an import of
//! the interface package is no accident.
//!
//! Written as the file writes its others: in `[project]` or as Poetry does, with
//! a source for uv or a path where the tree has the habit.

use std::collections::BTreeSet;

use repot_change::{Edit, RelPath};
use repot_project::{Change, Document, Key};
use repot_workspace::{PackageId, Workspace};
use serde_json::{Value, json};

/// A change of one project file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The file.
    pub path: RelPath,
    /// The line of the list that gets longer, counted from 1.
    pub line: usize,
    /// The edits.
    pub edits: Vec<Edit>,
    /// What is added, as a person would say it.
    pub added: String,
}

/// Why a dependency is not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undeclared {
    /// The file, or the package's folder when there is none.
    pub path: RelPath,
    /// The reason, as a sentence without a full stop.
    pub reason: String,
}

/// What a package comes to import.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Packages of the workspace.
    pub packages: BTreeSet<PackageId>,
    /// Distributions from outside.
    pub outside: BTreeSet<String>,
    /// A package that may say in which versions.
    pub like: Option<PackageId>,
}

/// What `package` has to say so that it may import what is `wanted`; `None` when
/// it says so already.
///
/// # Errors
///
/// [`Undeclared`] when its project file cannot be changed.
pub fn declare(
    workspace: &Workspace,
    package: PackageId,
    wanted: &Wanted,
) -> Result<Option<Declared>, Undeclared> {
    let own = workspace.package(package);
    let is_new = |other: &&PackageId| **other != package && !workspace.declares(package, **other);
    let packages = wanted.packages.iter().filter(is_new).map(|other| workspace.package(*other));
    let packages = packages.filter_map(|other| Some((other.distribution.as_deref()?, &other.folder)));
    let packages: Vec<(&str, &RelPath)> = packages.collect();
    let outside = wanted.outside.iter().map(|name| name.replace('_', "-").to_ascii_lowercase());
    let outside: Vec<String> = outside.filter(|name| !own.dependencies.contains(name)).collect();
    let names = packages.iter().map(|(name, _)| *name).chain(outside.iter().map(String::as_str));
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        return Ok(None);
    }
    let project = Project::open(workspace, package, &names.join(", "))?;
    let mut changes = Vec::new();
    for (name, folder) in packages {
        changes.extend(project.changes_for(workspace, name, &way(&own.folder, folder)));
    }
    for name in &outside {
        let stated = wanted.like.and_then(|like| stated(workspace, like, name));
        changes.push(match project.list {
            List::Standard => {
                Change::Push(Key::dotted("project.dependencies"), stated.unwrap_or_else(|| name.clone()))
            }
            List::Poetry => Change::Set(Key::new(["tool", "poetry", "dependencies", name]), json!("*")),
        });
    }
    Ok(Some(project.changed(&changes, &names.join(", "))))
}

/// Where a project file lists what it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    Standard,
    Poetry,
}

/// A project file that can be changed.
struct Project {
    path: RelPath,
    bytes: std::sync::Arc<[u8]>,
    document: Document,
    list: List,
}

impl Project {
    fn open(workspace: &Workspace, package: PackageId, names: &str) -> Result<Self, Undeclared> {
        let folder = &workspace.package(package).folder;
        let refuse = |path: &RelPath, why: &str| Undeclared {
            path: path.clone(),
            reason: format!("{why}; it now needs {names}"),
        };
        let path = folder.join("pyproject.toml").map_err(|_| refuse(folder, "it has no `pyproject.toml`"))?;
        let bytes = workspace.snapshot().get(&path).and_then(|file| file.bytes().cloned());
        let bytes = bytes.ok_or_else(|| refuse(folder, "it has no `pyproject.toml`"))?;
        let text = repot_project::text(&bytes).ok_or_else(|| refuse(&path, "it is not UTF-8"))?;
        let document = Document::parse(&text).map_err(|_| refuse(&path, "it is no TOML"))?;
        let dynamic = document.texts(&Key::dotted("project.dynamic")).unwrap_or_default();
        let list = match (document.get("project").is_some(), document.get("tool.poetry").is_some()) {
            (true, _) if dynamic.contains(&"dependencies") => {
                return Err(refuse(&path, "its dependencies are dynamic"));
            }
            (true, true)
                if document.get("project.dependencies").is_none()
                    && document.get("tool.poetry.dependencies").is_some() =>
            {
                List::Poetry
            }
            (true, _) => List::Standard,
            (false, true) => List::Poetry,
            (false, false) => return Err(refuse(&path, "it states no project")),
        };
        Ok(Self { path, bytes, document, list })
    }

    /// The changes by which the file needs the distribution `name`, which lies at
    /// the end of `way`.
    fn changes_for(&self, workspace: &Workspace, name: &str, way: &str) -> Vec<Change> {
        match self.list {
            List::Standard => {
                let source = source_for_uv(workspace, &self.document, way);
                let source =
                    source.map(|value| Change::Set(Key::new(["tool", "uv", "sources", name]), value));
                let own = Change::Push(Key::dotted("project.dependencies"), name.to_owned());
                std::iter::once(own).chain(source).collect()
            }
            List::Poetry => {
                let develop = habit(&self.document, "tool.poetry.dependencies", "develop");
                let value = json!({ "path": way, "develop": develop.unwrap_or(json!(true)) });
                vec![Change::Set(Key::new(["tool", "poetry", "dependencies", name]), value)]
            }
        }
    }

    fn changed(mut self, changes: &[Change], names: &str) -> Declared {
        let list = match self.list {
            List::Standard => "project.dependencies",
            List::Poetry => "tool.poetry.dependencies",
        };
        let line = self.document.line(&Key::dotted(list));
        changes.iter().for_each(|change| self.document.change(change));
        let edits = repot_project::edits(&self.bytes, &self.document.render());
        Declared { path: self.path, line, edits, added: format!("{names} in `{list}`") }
    }
}

/// Where uv finds the package, when the file or the tree has the habit of
/// saying so.
fn source_for_uv(workspace: &Workspace, document: &Document, way: &str) -> Option<Value> {
    if let Some(editable) =
        habit(document, "tool.uv.sources", "path").and(Some(habit(document, "tool.uv.sources", "editable")))
    {
        return Some(match editable {
            Some(editable) => json!({ "path": way, "editable": editable }),
            None => json!({ "path": way }),
        });
    }
    let root = RelPath::new("pyproject.toml").ok()?;
    let text = workspace.snapshot().get(&root).and_then(|file| repot_project::text(file.bytes()?))?;
    let is_workspace = Document::parse(&text).is_ok_and(|root| root.get("tool.uv.workspace").is_some());
    is_workspace.then(|| json!({ "workspace": true }))
}

/// The value that the first entry of the table at `table` has for `key`.
fn habit(document: &Document, table: &str, key: &str) -> Option<Value> {
    let values = document.values();
    let table = table.split('.').try_fold(&values, |value, part| value.get(part))?;
    table.as_object()?.values().find_map(|entry| entry.get(key).cloned())
}

/// How `package` states that it needs the distribution `name`.
fn stated(workspace: &Workspace, package: PackageId, name: &str) -> Option<String> {
    let path = workspace.package(package).folder.join("pyproject.toml").ok()?;
    let text = repot_project::text(workspace.snapshot().get(&path)?.bytes()?)?;
    let document = Document::parse(&text).ok()?;
    let is_it = |stated: &&str| {
        let end = stated.find(|char: char| !(char.is_ascii_alphanumeric() || "-_.".contains(char)));
        let own = &stated[..end.unwrap_or(stated.len())];
        own.replace(['_', '.'], "-").eq_ignore_ascii_case(name)
    };
    document.texts(&Key::dotted("project.dependencies"))?.into_iter().find(is_it).map(str::to_owned)
}

/// The way from one folder to another.
fn way(from: &RelPath, to: &RelPath) -> String {
    let (from, to): (Vec<&str>, Vec<&str>) = (from.components().collect(), to.components().collect());
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - common);
    up.chain(to[common..].iter().copied()).collect::<Vec<_>>().join("/")
}
