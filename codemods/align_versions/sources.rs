//! Requirements that name the folder of a package: plain ones with a source.
//!
//! The folder and the name have to mean one package. Where a package's source is
//! said is the tree's habit: a uv workspace, else the sources by path that its
//! packages have. Without a habit a plain requirement would be looked for on an
//! index, so a person decides.

use repot_change::{Applicability, Candidate, DecisionKind, Evidence, Outcome, RelPath};
use repot_project::{Asks, Change, Document, Key, Reference, normal, text};
use repot_roadmap::{DecideRequirement, Pattern, RequirementTarget, Versions};
use repot_workspace::{Agreement, PackageId, Required, Workspace};
use serde_json::{Value, json};

use super::evidence::Scribe;

const SOURCES: &str = "tool.uv.sources";

/// What becomes of one requirement.
pub(super) struct Settled {
    pub changes: Vec<Change>,
    pub evidence: Evidence,
}

/// Where the tree says from which folder a package comes.
enum Habit {
    /// A uv workspace with these members and without these.
    Workspace { members: Vec<Pattern>, exclude: Vec<Pattern> },
    /// Sources of uv by path, and whether they are editable.
    Paths { editable: Option<bool> },
    /// It does not.
    Unknown,
}

pub(super) struct Sources<'a> {
    workspace: &'a Workspace,
    versions: &'a Versions,
    habit: Habit,
}

/// Why a requirement waits, and the packages that it may mean.
type Doubt = (String, Vec<Candidate>);

impl<'a> Sources<'a> {
    pub fn of(workspace: &'a Workspace, versions: &'a Versions) -> Self {
        Self { workspace, versions, habit: Habit::of(workspace) }
    }

    /// What becomes of the requirements that name a folder.
    pub fn settle(&self, agreement: &Agreement, scribe: &Scribe<'_>) -> Vec<Settled> {
        let places = agreement.required.iter().filter_map(|required| match &required.stated.asks {
            Asks::Place(place) => Some((required, Reference::of(place)?)),
            Asks::Versions(_) => None,
        });
        places.map(|(required, reference)| self.one(required, &reference, scribe)).collect()
    }

    fn one(&self, required: &Required, reference: &Reference, scribe: &Scribe<'_>) -> Settled {
        let decided = self.decided(required);
        if let Some(kept) = decided.filter(|it| it.target.is_none()) {
            let reason = kept.reason.clone().unwrap_or_else(|| "kept by the roadmap".to_owned());
            return Settled { changes: Vec::new(), evidence: scribe.skipped(required, "decided", reason) };
        }
        let settled = self
            .target(required, reference, decided, scribe)
            .and_then(|target| Ok((self.changes(required, target, scribe)?, target)));
        match settled {
            Ok((changes, target)) => {
                let plain = changes.iter().find_map(|change| match change {
                    Change::Replace { to, .. } => Some(to.clone()),
                    _ => None,
                });
                let to = plain.unwrap_or_else(|| required.stated.spelled.clone());
                let outcome = Outcome::Rewritten { to, applicability: Applicability::Certain };
                let candidates = vec![scribe.meant(target, "its folder and its name")];
                let rule = "the package is one of the workspace";
                let evidence =
                    Evidence { candidates, winner: Some(0), ..scribe.evidence(required, rule, outcome) };
                Settled { changes, evidence }
            }
            Err((rule, candidates)) => {
                let outcome = Outcome::Decision { decision: DecisionKind::Source };
                let evidence = Evidence { candidates, ..scribe.evidence(required, &rule, outcome) };
                Settled { changes: Vec::new(), evidence }
            }
        }
    }

    /// What a person has decided about the requirement.
    fn decided(&self, required: &Required) -> Option<&'a DecideRequirement> {
        let fits = |it: &&DecideRequirement| {
            let is_here = it.within.as_ref().is_none_or(|glob| glob.value.matches(required.path.as_str()));
            let is_place = !matches!(it.target, Some(RequirementTarget::Versions(..)));
            is_here && is_place && normal(&it.requirement.value) == required.stated.name
        };
        self.versions.decided.iter().filter(fits).max_by_key(|it| it.within.is_some())
    }

    /// The package that is meant.
    fn target(
        &self,
        required: &Required,
        reference: &Reference,
        decided: Option<&DecideRequirement>,
        scribe: &Scribe<'_>,
    ) -> Result<PackageId, Doubt> {
        let at = |folder: &str| self.workspace.package_ids().find(|id| self.folder(*id).as_str() == folder);
        if let Some(RequirementTarget::Folder(folder)) = decided.and_then(|it| it.target.as_ref())
            && let Some(id) = at(folder)
        {
            return Ok(id);
        }
        let by_folder = match reference {
            Reference::Relative(path) => {
                joined(self.folder(required.package), path).and_then(|path| at(path.as_str()))
            }
            Reference::Absolute(path) => self.by_end(path),
            Reference::Unclear => None,
        };
        let by_name = self.workspace.packages_of_distribution(&required.stated.name);
        if let Some(id) = by_folder.filter(|id| by_name.contains(id)) {
            return Ok(id);
        }
        let folders = by_folder.map(|id| scribe.meant(id, "in that folder"));
        let names = by_name.iter().map(|id| scribe.meant(*id, "of that name"));
        let reason = match (by_folder.is_some(), by_name.is_empty()) {
            (true, _) => "the package in that folder has another name",
            (false, false) => "the package of that name lies in another folder",
            (false, true) => "there is no such package in the workspace",
        };
        Err((reason.to_owned(), folders.into_iter().chain(names).collect()))
    }

    fn folder(&self, id: PackageId) -> &RelPath {
        &self.workspace.package(id).folder
    }

    /// The package with the longest folder in which `path` ends.
    fn by_end(&self, path: &str) -> Option<PackageId> {
        let ends = |id: &PackageId| {
            let rest = path.strip_suffix(self.folder(*id).as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/')) && !self.folder(*id).is_root()
        };
        self.workspace.package_ids().filter(ends).max_by_key(|id| self.folder(*id).as_str().len())
    }

    /// The changes that make the requirement a plain one.
    fn changes(
        &self,
        required: &Required,
        target: PackageId,
        scribe: &Scribe<'_>,
    ) -> Result<Vec<Change>, Doubt> {
        let doubt = |reason: &str| (reason.to_owned(), vec![scribe.meant(target, "its folder and its name")]);
        let Some(plain) = required.stated.plain() else {
            return Err(doubt("Poetry has no workspaces; `fit-pyproject` carries its metadata over"));
        };
        let own = self.folder(required.package);
        let source = match &self.habit {
            Habit::Unknown => {
                return Err(doubt("the tree nowhere says where a package of its own comes from"));
            }
            Habit::Paths { editable: None } => json!({ "path": way(own, self.folder(target)) }),
            Habit::Paths { editable } => {
                json!({ "path": way(own, self.folder(target)), "editable": editable })
            }
            Habit::Workspace { .. } => match [own, self.folder(target)].iter().find(|it| !self.habit.has(it))
            {
                Some(stranger) => {
                    return Err(doubt(&format!("`{stranger}` is no member of the uv workspace")));
                }
                None => json!({ "workspace": true }),
            },
        };
        let known = self.stated_source(required);
        let key = known.as_ref().map_or(required.stated.spelled.as_str(), |(key, _)| key);
        let set = Change::Set(Key::dotted(SOURCES).child(key), source.clone());
        match &known {
            Some((_, stated)) if *stated == source => Ok(vec![plain]),
            Some((key, stated)) if !is_place(stated) => {
                Err(doubt(&format!("`{SOURCES}.{key}` says otherwise")))
            }
            _ => Ok(vec![plain, set]),
        }
    }

    /// What the file says already about the source of what is required.
    fn stated_source(&self, required: &Required) -> Option<(String, Value)> {
        let sources = document(self.workspace, &required.path)?.plain(&Key::dotted(SOURCES))?;
        let mut sources = sources.as_object()?.iter();
        sources
            .find(|(name, _)| normal(name) == required.stated.name)
            .map(|(name, value)| (name.clone(), value.clone()))
    }
}

impl Habit {
    fn of(workspace: &Workspace) -> Self {
        let root = RelPath::new("pyproject.toml").ok().and_then(|path| document(workspace, &path));
        if let Some(root) = root.filter(|root| root.get("tool.uv.workspace").is_some()) {
            let globs = |name: &str| {
                let texts = root.texts(&Key::dotted("tool.uv.workspace").child(name)).unwrap_or_default();
                texts.into_iter().filter_map(|glob| Pattern::new(glob.trim_end_matches('/')).ok()).collect()
            };
            return Self::Workspace { members: globs("members"), exclude: globs("exclude") };
        }
        let files =
            workspace.packages().iter().filter_map(|package| package.folder.join("pyproject.toml").ok());
        let places: Vec<Value> = files
            .filter_map(|path| document(workspace, &path)?.plain(&Key::dotted(SOURCES)))
            .flat_map(|sources| {
                sources.as_object().into_iter().flat_map(|it| it.values().cloned()).collect::<Vec<_>>()
            })
            .filter(|source| is_place(source) && source.get("path").is_some())
            .collect();
        let editable = |source: &Value| source.get("editable").and_then(Value::as_bool);
        match places.first() {
            None => Self::Unknown,
            Some(first) => Self::Paths { editable: editable(first) },
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
fn is_place(source: &Value) -> bool {
    let known = ["path", "editable", "workspace"];
    source.as_object().is_some_and(|source| source.keys().all(|key| known.contains(&key.as_str())))
}

fn document(workspace: &Workspace, path: &RelPath) -> Option<Document> {
    Document::parse(&text(workspace.snapshot().get(path)?.bytes()?)?).ok()
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
fn way(from: &RelPath, to: &RelPath) -> String {
    let (from, to): (Vec<&str>, Vec<&str>) = (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(from, to)| from == to).count();
    let up = vec![".."; from.len() - shared];
    let parts = [up, to[shared..].to_vec()].concat();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}
