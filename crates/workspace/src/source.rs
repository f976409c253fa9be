//! Where the packages of a workspace say that others of them lie, and which
//! package is meant where a requirement names a folder.

use repot_change::RelPath;
use repot_project::{Document, Key, Reference, text};
use repot_roadmap::Pattern;
use serde_json::{Value, json};

use crate::{PackageId, Workspace};

/// The table of uv's that says where packages lie.
pub const SOURCES: &str = "tool.uv.sources";

/// Where the tree says from which folder a package comes.
#[derive(Debug, Clone)]
pub enum SourceHabit {
    /// A uv workspace with these members and without these.
    Workspace {
        /// The globs of its members.
        members: Vec<Pattern>,
        /// The globs of what is no member all the same.
        exclude: Vec<Pattern>,
    },
    /// Sources of uv by path, and whether they are editable.
    Paths {
        /// As most of the tree's own sources say it.
        editable: Option<bool>,
    },
    /// It does not.
    Unknown,
}

/// Why it is not clear which package is meant, and which ones it may be, each
/// with how it comes into question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmeant {
    /// Why.
    pub reason: &'static str,
    /// Which packages it may be.
    pub packages: Vec<(PackageId, &'static str)>,
}

impl Workspace {
    /// The habit of this workspace.
    #[must_use]
    pub fn source_habit(&self) -> SourceHabit {
        let root = RelPath::new("pyproject.toml").ok().and_then(|path| self.project_file(&path));
        if let Some(root) = root.filter(|root| root.get("tool.uv.workspace").is_some()) {
            let globs = |name: &str| {
                let texts = root.texts(&Key::dotted("tool.uv.workspace").child(name)).unwrap_or_default();
                texts.into_iter().filter_map(|glob| Pattern::new(glob.trim_end_matches('/')).ok()).collect()
            };
            return SourceHabit::Workspace { members: globs("members"), exclude: globs("exclude") };
        }
        let files = self.packages().iter().filter_map(|package| package.folder.join("pyproject.toml").ok());
        let places: Vec<Value> = files
            .filter_map(|path| self.project_file(&path)?.plain(&Key::dotted(SOURCES)))
            .flat_map(|sources| {
                sources.as_object().into_iter().flat_map(|it| it.values().cloned()).collect::<Vec<_>>()
            })
            .filter(|source| is_place(source) && source.get("path").is_some())
            .collect();
        let editable = |source: &Value| source.get("editable").and_then(Value::as_bool);
        match places.first() {
            None => SourceHabit::Unknown,
            Some(first) => SourceHabit::Paths { editable: editable(first) },
        }
    }

    /// The project file at `path`, where there is one that is TOML.
    #[must_use]
    pub fn project_file(&self, path: &RelPath) -> Option<Document> {
        Document::parse(&text(self.snapshot().get(path)?.bytes()?)?).ok()
    }

    /// The package that a requirement for `name` in a file of `folder` means: its
    /// folder and its name have to say the same.
    ///
    /// # Errors
    ///
    /// Why it is not clear.
    pub fn package_meant(
        &self,
        folder: &RelPath,
        name: &str,
        reference: &Reference,
    ) -> Result<PackageId, Unmeant> {
        let by_folder = match reference {
            Reference::Relative(path) => joined(folder, path).and_then(|path| self.package_in(path.as_str())),
            Reference::Absolute(path) => self.by_end(path),
            Reference::Unclear => None,
        };
        let by_name = self.packages_of_distribution(name);
        if let Some(id) = by_folder.filter(|id| by_name.contains(id)) {
            return Ok(id);
        }
        let reason = match (by_folder.is_some(), by_name.is_empty()) {
            (true, _) => "the package in that folder has another name",
            (false, false) => "the package of that name lies in another folder",
            (false, true) => "there is no such package in the workspace",
        };
        let folders = by_folder.map(|id| (id, "in that folder"));
        let names = by_name.into_iter().map(|id| (id, "of that name"));
        Err(Unmeant { reason, packages: folders.into_iter().chain(names).collect() })
    }

    /// The package whose folder is `folder`.
    #[must_use]
    pub fn package_in(&self, folder: &str) -> Option<PackageId> {
        self.package_ids().find(|id| self.package(*id).folder.as_str() == folder)
    }

    /// The package with the longest folder in which `path` ends.
    fn by_end(&self, path: &str) -> Option<PackageId> {
        let folder = |id: &PackageId| &self.package(*id).folder;
        let ends = |id: &PackageId| {
            let rest = path.strip_suffix(folder(id).as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/')) && !folder(id).is_root()
        };
        self.package_ids().filter(ends).max_by_key(|id| folder(id).as_str().len())
    }
}

impl SourceHabit {
    /// What a project file in `own` says of the package in `target`; `None` where
    /// the tree has no habit.
    ///
    /// # Errors
    ///
    /// The folder that is no member of the uv workspace.
    pub fn source<'p>(&self, own: &'p RelPath, target: &'p RelPath) -> Result<Option<Value>, &'p RelPath> {
        match self {
            Self::Unknown => Ok(None),
            Self::Paths { editable: None } => Ok(Some(json!({ "path": way(own, target) }))),
            Self::Paths { editable } => Ok(Some(json!({ "path": way(own, target), "editable": editable }))),
            Self::Workspace { .. } => match [own, target].into_iter().find(|it| !self.has(it)) {
                Some(stranger) => Err(stranger),
                None => Ok(Some(json!({ "workspace": true }))),
            },
        }
    }

    /// Whether a folder is a member of the uv workspace; its root is one.
    fn has(&self, folder: &RelPath) -> bool {
        let Self::Workspace { members, exclude } = self else { return false };
        let named = |globs: &[Pattern]| globs.iter().any(|glob| glob.matches(folder.as_str()));
        folder.is_root() || (named(members) && !named(exclude))
    }
}

/// Whether a source says a folder or the workspace, and nothing besides.
#[must_use]
pub fn is_place(source: &Value) -> bool {
    let known = ["path", "editable", "workspace"];
    source.as_object().is_some_and(|source| source.keys().all(|key| known.contains(&key.as_str())))
}

/// `path`, seen from `folder`; `None` above the root.
fn joined(folder: &RelPath, path: &str) -> Option<RelPath> {
    let mut parts: Vec<&str> = folder.components().collect();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    RelPath::new(&parts.join("/")).ok()
}

/// The way from one folder to another.
pub(crate) fn way(from: &RelPath, to: &RelPath) -> String {
    let (from, to): (Vec<&str>, Vec<&str>) = (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(from, to)| from == to).count();
    let up = vec![".."; from.len() - shared];
    let parts = [up, to[shared..].to_vec()].concat();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}
