//! A session: the root, its snapshot, the roadmap, and what they mean together.

use std::path::PathBuf;
use std::sync::Arc;

use repot_apply::{Lock, Repository};
use repot_audit::Asked;
use repot_change::{Plan, RelPath, line_at};
use repot_codemod::{CodemodError, PlanError, Planner, Registry};
use repot_roadmap::{
    Decide, Phase, Roadmap, RoadmapErrors, RoadmapProblem, Scope, SettingError, Spanned, Vocabulary,
};
use repot_workspace::{Shape, Snapshot, Workspace, find_root, unmatched_exclude, unmatched_members};

use crate::earlier::Earlier;
use crate::error::Failure;
use crate::settings::Settings;

/// The name of the roadmap file.
pub const ROADMAP: &str = "repot.toml";

/// The codemods that exist.
pub const CODEMODS: Registry = repot_codemods::REGISTRY;

/// An opened workspace.
pub struct Session {
    /// The root of the tree.
    pub root: PathBuf,
    /// The roadmap.
    pub roadmap: Roadmap,
    /// The tree and what it means.
    pub workspace: Workspace,
    /// What the tree was.
    earlier: Earlier,
}

impl Session {
    /// Opens the workspace that `settings` name.
    ///
    /// # Errors
    ///
    /// [`Failure`] when there is no readable tree or no sound roadmap.
    pub fn open(settings: &Settings) -> Result<Self, Failure> {
        let (root, snapshot) = read(settings)?;
        let roadmap = read_roadmap(&snapshot)?;
        Self::new(root, snapshot, roadmap)
    }

    /// Opens the workspace that `settings` name; `None` when it has no roadmap.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub fn open_any(settings: &Settings) -> Result<Option<Self>, Failure> {
        let (root, snapshot) = read(settings)?;
        match find_roadmap(&snapshot)? {
            Some(roadmap) => Self::new(root, snapshot, roadmap).map(Some),
            None => Ok(None),
        }
    }

    fn new(root: PathBuf, snapshot: Snapshot, roadmap: Roadmap) -> Result<Self, Failure> {
        let workspace = Workspace::new(snapshot, Arc::new(shape(&roadmap)));
        let earlier = Earlier::new(root.clone());
        let session = Self { root, roadmap, workspace, earlier };
        session.check_shape()?;
        Ok(session)
    }

    /// The phase called `name`, or all phases.
    ///
    /// # Errors
    ///
    /// [`Failure`] when there is no such phase.
    pub fn phases(&self, name: Option<&str>) -> Result<Vec<&Phase>, Failure> {
        match name {
            Some(name) => Ok(vec![self.roadmap.phase(name)?]),
            None => Ok(self.roadmap.phases.iter().collect()),
        }
    }

    /// The plan of `phases`.
    ///
    /// # Errors
    ///
    /// [`Failure`] when a codemod cannot say what it would change.
    pub fn plan(&self, phases: &[&Phase]) -> Result<Plan, Failure> {
        let plan = self.planner().plan(&self.workspace, phases.iter().copied());
        plan.map_err(|error| self.refusal(error))
    }

    /// Why there is no plan: where a setting of the roadmap will not do, with its
    /// place.
    pub fn refusal(&self, error: PlanError) -> Failure {
        if let PlanError::Codemod { source, .. } = &error
            && let CodemodError::Setting(setting) = &**source
            && setting.span.is_some()
        {
            let SettingError { message, hint, span, .. } = setting.clone();
            return RoadmapErrors::new(vec![self.roadmap.problem(span, message, hint)]).into();
        }
        error.into()
    }

    /// A planner that knows what the roadmap decided.
    pub fn planner(&self) -> Planner<'_> {
        Planner::new(CODEMODS, &self.roadmap.decisions)
            .fitting(self.roadmap.template.as_ref())
            .aligning(&self.roadmap.versions)
            .remembering(&self.earlier)
    }

    /// What the roadmap asks of packages, to be measured.
    pub fn asked(&self) -> Asked<'_> {
        Asked { today: Some(jiff::Zoned::now().date()), ..asked(&self.roadmap) }
    }

    /// What a roadmap says that the tree does not bear out.
    fn check_shape(&self) -> Result<(), Failure> {
        let problems =
            [self.unmatched_globs(), self.empty_domains(), self.empty_graph(), self.unknown_packages()]
                .concat();
        if problems.is_empty() { Ok(()) } else { Err(RoadmapErrors::new(problems).into()) }
    }

    fn unmatched_globs(&self) -> Vec<RoadmapProblem> {
        let (table, shape) = (&self.roadmap.workspace, self.workspace.shape());
        let snapshot = self.workspace.snapshot();
        let members = unmatched_members(snapshot, &shape.members);
        let members = members.into_iter().filter_map(|index| table.members.get(index));
        let excluded = unmatched_exclude(snapshot, &shape.exclude);
        let excluded = excluded.into_iter().filter_map(|index| table.exclude.get(index));
        let problem = |glob: &repot_roadmap::Spanned<repot_roadmap::Pattern>| {
            let message = format!("`{}` matches nothing in the workspace", glob.value.as_str());
            let hint = "globs are relative to the workspace root; `*` stays within one folder".to_owned();
            self.roadmap.problem(glob.span.clone(), message, Some(hint))
        };
        members.chain(excluded).map(problem).collect()
    }

    fn empty_domains(&self) -> Vec<RoadmapProblem> {
        let folders: Vec<&RelPath> =
            self.workspace.packages().iter().map(|package| &package.folder).collect();
        let globs = self.roadmap.domains.values().flat_map(|domain| &domain.members);
        let lost = globs.filter(|glob| !folders.iter().any(|folder| glob.value.matches(folder.as_str())));
        let problem = |glob: &repot_roadmap::Spanned<repot_roadmap::Pattern>| {
            let message = format!("`{}` matches no package", glob.value.as_str());
            let nearest =
                repot_roadmap::nearest(glob.value.as_str(), folders.iter().map(|folder| folder.as_str()));
            self.roadmap.problem(
                glob.span.clone(),
                message,
                nearest.map(|name| format!("did you mean `{name}`?")),
            )
        };
        lost.map(problem).collect()
    }

    /// Packages that gates and coverage name, of which there is none.
    fn unknown_packages(&self) -> Vec<RoadmapProblem> {
        let gates = self.roadmap.phases.iter().flat_map(|phase| &phase.gates);
        let gates = gates.filter_map(|gate| match &gate.scope {
            Some(Scope::Package(package)) => Some((package, true)),
            _ => None,
        });
        let floors = self.roadmap.coverage.iter().flat_map(|coverage| &coverage.at_least);
        let named = gates.chain(floors.map(|(package, _)| (package, false)));
        let names: Vec<&str> =
            self.workspace.packages().iter().map(|package| package.name.as_str()).collect();
        let problem = |(package, is_one): (&Spanned<String>, bool)| {
            let (message, hint) = match self.workspace.packages_meant(&package.value)[..] {
                [] => {
                    let near = repot_roadmap::nearest(&package.value, names.iter().copied());
                    let hint = near.map(|name| format!("did you mean `{name}`?"));
                    (format!("there is no package `{}`", package.value), hint)
                }
                [_, _, ..] if is_one => {
                    let hint = "name its folder; a gate looks at one package".to_owned();
                    (format!("`{}` means several packages", package.value), Some(hint))
                }
                _ => return None,
            };
            Some(self.roadmap.problem(package.span.clone(), message, hint))
        };
        named.filter_map(problem).collect()
    }

    /// Packages without a single import are not what anybody meant.
    fn empty_graph(&self) -> Vec<RoadmapProblem> {
        let imports = |path: &RelPath| {
            self.workspace.snapshot().get(path).is_some_and(|file| !file.imports().is_empty())
        };
        if self.workspace.modules().iter().any(|(_, module)| imports(&module.path)) {
            return Vec::new();
        }
        let span = self.roadmap.workspace.members.first().and_then(|glob| glob.span.clone());
        let message = "the packages hold no import statement at all".to_owned();
        vec![self.roadmap.problem(
            span,
            message,
            Some("`members` should name folders with Python code".to_owned()),
        )]
    }
}

/// The shape of the workspace that `roadmap` describes.
pub fn shape(roadmap: &Roadmap) -> Shape {
    Shape::new(&roadmap.workspace, &roadmap.domains)
        .with_composition_roots(&roadmap.boundaries.composition_roots)
}

/// The metrics by which `roadmap` is measured.
pub fn metrics(roadmap: &Roadmap) -> Vec<&'static str> {
    repot_audit::usual(&roadmap.boundaries, &roadmap.phases)
}

/// What `roadmap` asks, to be measured on whatever day: its exceptions hold.
pub fn asked(roadmap: &Roadmap) -> Asked<'_> {
    Asked {
        template: roadmap.template.as_ref(),
        versions: Some(&roadmap.versions).filter(|versions| versions.is_asked),
        decided: &roadmap.decisions,
        boundaries: Some(&roadmap.boundaries),
        exceptions: &roadmap.exceptions,
        retired: &roadmap.retired,
        undeclared: roadmap.workspace.undeclared,
        ..Asked::default()
    }
}

/// The workspace that `settings` name, with a roadmap or without: where there
/// is none, the tree shows what its packages are. With it the file of the
/// roadmap.
///
/// # Errors
///
/// [`Failure`] when there is no readable tree, or its roadmap is not sound.
pub fn any_workspace(settings: &Settings) -> Result<(Workspace, Option<String>), Failure> {
    let (root, snapshot) = read(settings)?;
    match find_roadmap(&snapshot)? {
        Some(roadmap) => {
            let name = roadmap.file.name.to_string();
            Ok((Session::new(root, snapshot, roadmap)?.workspace, Some(name)))
        }
        None => {
            let shape = repot_audit::survey::shape(&snapshot);
            Ok((Workspace::new(snapshot, Arc::new(shape)), None))
        }
    }
}

/// The root that `settings` name, and the tree below it: every command that
/// judges a tree reads it here.
///
/// # Errors
///
/// [`Failure`] when there is no readable tree, or it stands in the middle of an
/// operation.
pub fn read(settings: &Settings) -> Result<(PathBuf, Snapshot), Failure> {
    let root = root(settings);
    let snapshot = Snapshot::read(&root)?;
    // Afterwards, so that an operation that began in the meantime is seen.
    Repository::open(&root)?.check_finished()?;
    Ok((root, snapshot))
}

/// The place that `settings` name, for writing; every other run is kept out.
///
/// # Errors
///
/// [`Failure`] when somebody else is at work, or the tree stands in the middle of
/// an operation.
pub fn open_to_write(settings: &Settings) -> Result<(Repository, Lock), Failure> {
    let repository = Repository::open(&root(settings))?.named(&settings.command);
    let lock = repository.lock()?;
    repository.refuse_unfinished()?;
    Ok((repository, lock))
}

/// The root that was named, or the one that is found from the current directory.
pub fn root(settings: &Settings) -> PathBuf {
    settings.root.clone().unwrap_or_else(|| find_root(&settings.current_dir))
}

/// The roadmap of a tree: `repot.toml`, or `[tool.repot]` in `pyproject.toml`.
///
/// # Errors
///
/// [`Failure`] when there is none, or it is not sound.
pub fn read_roadmap(snapshot: &Snapshot) -> Result<Roadmap, Failure> {
    find_roadmap(snapshot)?.ok_or_else(|| {
        let place = snapshot.root().map_or_else(String::new, |root| format!(" in {}", root.display()));
        Failure::hinted(
            format!("there is no {ROADMAP}{place}"),
            "`repot init` surveys the tree and writes one",
        )
    })
}

/// What people have decided, in a tree with a roadmap; nothing in one without.
///
/// # Errors
///
/// [`Failure`] when the roadmap is not sound.
pub fn decided(snapshot: &Snapshot) -> Result<Vec<Decide>, Failure> {
    Ok(find_roadmap(snapshot)?.map(|roadmap| roadmap.decisions).unwrap_or_default())
}

fn find_roadmap(snapshot: &Snapshot) -> Result<Option<Roadmap>, Failure> {
    let schemas = CODEMODS.schemas();
    let vocabulary =
        Vocabulary { codemods: &schemas, metrics: repot_audit::METRICS, rules: repot_audit::RULES };
    if let Some(text) = text_of(snapshot, ROADMAP)? {
        return Ok(Some(Roadmap::parse(ROADMAP, &text, &vocabulary)?));
    }
    match text_of(snapshot, "pyproject.toml")? {
        Some(text) if text.contains("[tool.repot") => {
            Ok(Roadmap::from_pyproject("pyproject.toml", &text, &vocabulary)?)
        }
        _ => Ok(None),
    }
}

fn text_of(snapshot: &Snapshot, name: &str) -> Result<Option<String>, Failure> {
    let Some(content) = RelPath::new(name).ok().and_then(|path| snapshot.content(&path)) else {
        return Ok(None);
    };
    let text = String::from_utf8(content.bytes.to_vec());
    text.map(Some).map_err(|error| {
        let line = line_at(&content.bytes, error.utf8_error().valid_up_to());
        Failure::hinted(format!("{name}:{line} is not UTF-8"), "TOML files are UTF-8; save it as such")
    })
}
