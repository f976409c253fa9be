//! What lies beside a package's `pyproject.toml`, as the rules of a template
//! need to know it.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::RelPath;
use repot_project::{Asks, Document, Facts, Older, Place, Reference, Shipped, Stated, normal, requirements};
use repot_python::SourceFile;
use repot_roadmap::{DecideRequirement, RequirementTarget, Template};

use crate::package::older;
use crate::source::{SourceHabit, Unmeant, way};
use crate::{Package, PackageId, TreeOrigin, Workspace};

/// Where packages state their version.
const VERSION_FILES: [&str; 5] =
    ["__init__.py", "__about__.py", "_version.py", "version.py", "__version__.py"];

impl Workspace {
    /// The facts about `package`, which is one of this workspace's; `template`
    /// holds what people have decided.
    #[must_use]
    pub fn facts(&self, package: &Package, template: &Template) -> Facts {
        let files = self.own_files(package);
        let versions = self.versions(package, &files);
        Facts {
            path: package.folder.join("pyproject.toml").map(|path| path.to_string()).unwrap_or_default(),
            folder: package.folder.file_name().to_owned(),
            places: self.places(package, template),
            inner: self.inner(package),
            outside: self.named_outside(package),
            built: shipped(package, TreeOrigin::Build),
            laid: shipped(package, TreeOrigin::Layout),
            older: self.older(package, &versions),
            summary: self.summary(package),
            versions,
            above: self.above(package).into_iter().map(|path| ("ruff".to_owned(), path)).collect(),
            files,
        }
    }

    /// The files that belong to the package and to none inside it.
    fn own_files(&self, package: &Package) -> BTreeSet<String> {
        let is_own = |path: &RelPath| {
            self.package_at(path).is_some_and(|id| self.package(id).folder == package.folder)
        };
        let below = self.snapshot().below(&package.folder).filter(|(path, _)| is_own(path));
        below.filter_map(|(path, _)| path.relative_to(&package.folder).map(str::to_owned)).collect()
    }

    /// The outermost folders inside the package that have a project file, or are
    /// packages of the workspace.
    fn inner(&self, package: &Package) -> BTreeSet<String> {
        let below = self.snapshot().below(&package.folder).map(|(path, _)| path);
        let files = below.filter(|path| matches!(path.file_name(), "pyproject.toml" | "setup.py"));
        let folders = files.filter_map(RelPath::parent);
        let packages = self.packages().iter().map(|inner| inner.folder.clone());
        let inside = folders.chain(packages).filter(|folder| folder.is_within(&package.folder));
        let names = inside.filter_map(|folder| folder.relative_to(&package.folder).map(str::to_owned));
        let names: BTreeSet<String> = names.filter(|name| !name.is_empty()).collect();
        let is_outermost = |name: &&String| {
            !names
                .iter()
                .any(|outer| name.strip_prefix(outer.as_str()).is_some_and(|rest| rest.starts_with('/')))
        };
        names.iter().filter(is_outermost).cloned().collect()
    }

    fn text(&self, folder: &RelPath, name: &str) -> Option<String> {
        let file = self.snapshot().get(&folder.join(name).ok()?)?;
        repot_project::text(file.bytes()?)
    }

    /// The files that the metadata name above the package and that exist.
    fn named_outside(&self, package: &Package) -> BTreeSet<String> {
        let text = self.text(&package.folder, "pyproject.toml").unwrap_or_default();
        let Ok(document) = Document::parse(&text) else { return BTreeSet::new() };
        let keys =
            ["project.readme", "project.readme.file", "project.license.file", "tool.hatch.version.path"];
        let named = keys.iter().filter_map(|key| document.text(key)).filter(|name| name.starts_with("../"));
        let exists = |name: &&str| {
            let (mut folder, mut rest) = (Some(package.folder.clone()), *name);
            while let Some(below) = rest.strip_prefix("../") {
                (folder, rest) = (folder.and_then(|folder| folder.parent()), below);
            }
            folder
                .and_then(|folder| folder.join(rest).ok())
                .is_some_and(|path| self.snapshot().get(&path).is_some())
        };
        named.filter(exists).map(str::to_owned).collect()
    }

    /// The files with a literal `__version__` that lie nearest to the package's
    /// folder.
    fn versions(&self, package: &Package, files: &BTreeSet<String>) -> Vec<String> {
        let modules = shipped(package, TreeOrigin::Build);
        let is_named = |file: &&String| {
            VERSION_FILES.contains(&file.rsplit('/').next().unwrap_or_default())
                || modules.iter().any(|module| module.path == **file)
        };
        let stated = files.iter().filter(is_named).filter(|file| {
            let text = self.text(&package.folder, file).unwrap_or_default();
            text.lines().any(states_version)
        });
        let depth = |file: &String| file.matches('/').count();
        let stated: Vec<&String> = stated.collect();
        let nearest = stated.iter().map(|file| depth(file)).min();
        stated.into_iter().filter(|file| Some(depth(file)) == nearest).cloned().collect()
    }

    /// What Poetry's dependencies name by a folder.
    fn places(&self, package: &Package, template: &Template) -> BTreeMap<(String, String), Place> {
        let project = package.folder.join("pyproject.toml").ok().and_then(|path| self.project_file(&path));
        let Some(project) = project.filter(|project| project.get("tool.poetry").is_some()) else {
            return BTreeMap::new();
        };
        let mut habit = None;
        let mut places = BTreeMap::new();
        for stated in requirements(&project).stated.into_iter().filter(|it| it.is_poetry) {
            let Asks::Place(path) = &stated.asks else { continue };
            let habit = habit.get_or_insert_with(|| self.source_habit());
            let place = self.place(package, &stated, path, (habit, template));
            places.insert((stated.spelled, path.clone()), place);
        }
        places
    }

    fn place(
        &self,
        package: &Package,
        stated: &Stated,
        path: &str,
        (habit, template): (&SourceHabit, &Template),
    ) -> Place {
        let as_said = || Place::Way(path.trim_start_matches("./").trim_end_matches('/').to_owned());
        let file = package.folder.join("pyproject.toml").map(|path| path.to_string()).unwrap_or_default();
        let fits = |it: &&DecideRequirement| {
            let is_here = it.within.as_ref().is_none_or(|glob| glob.value.matches(&file));
            let is_place = !matches!(it.target, Some(RequirementTarget::Versions(..)));
            is_here && is_place && normal(&it.requirement.value) == stated.name
        };
        let decided = template.placed.iter().filter(fits).max_by_key(|it| it.within.is_some());
        let Some(reference) = Reference::of(path).filter(|_| decided.is_none_or(|it| it.target.is_some()))
        else {
            return as_said();
        };
        let told = decided.and_then(|it| match &it.target {
            Some(RequirementTarget::Folder(folder)) => self.package_in(folder),
            _ => None,
        });
        let meant = told.map_or_else(|| self.package_meant(&package.folder, &stated.name, &reference), Ok);
        match meant.map(|id| &self.package(id).folder) {
            Ok(target) => match habit.source(&package.folder, target) {
                Ok(Some(source)) => Place::Source(source),
                _ => Place::Way(way(&package.folder, target)),
            },
            Err(Unmeant { reason, packages }) => {
                let folder =
                    |(id, how): (PackageId, &str)| (self.package(id).folder.to_string(), how.to_owned());
                Place::Unclear {
                    reason: reason.to_owned(),
                    folders: packages.into_iter().map(folder).collect(),
                }
            }
        }
    }

    /// The first line of the docstring of the first module that is shipped, for
    /// a package that Flit builds. A docstring with a prefix, with a backslash
    /// or of several parts is not plain.
    fn summary(&self, package: &Package) -> Option<String> {
        let project = self.text(&package.folder, "pyproject.toml")?;
        let tree = package.trees.iter().find(|tree| tree.origin == TreeOrigin::Build)?;
        let init = tree.folder.join("__init__.py").ok()?;
        let file = self.snapshot().get(&tree.folder).or_else(|| self.snapshot().get(&init))?;
        let bytes = file.bytes().filter(|_| project.contains("flit"))?;
        let source = SourceFile::parse(bytes.clone());
        let (first, literal) = (*source.statements().first()?, source.literals().into_iter().next()?);
        let is_bare =
            source.bytes()[literal.span.range()].first().is_some_and(|first| b"\"'".contains(first));
        let content = std::str::from_utf8(&source.bytes()[literal.content.range()]).ok()?;
        let is_plain = first == literal.span && is_bare && !content.contains('\\');
        content.trim_start().lines().next().filter(|_| is_plain).map(str::to_owned)
    }

    fn older(&self, package: &Package, versions: &[String]) -> Option<Older> {
        let (setup, config) =
            (self.text(&package.folder, "setup.py"), self.text(&package.folder, "setup.cfg"));
        older(setup.as_deref(), config.as_deref(), versions)
    }

    /// The way to the nearest file above that sets ruff up.
    fn above(&self, package: &Package) -> Option<String> {
        let mut way = String::new();
        for folder in package.folder.ancestors() {
            way.push_str("../");
            if self.text(&folder, "ruff.toml").is_some() {
                return Some(format!("{way}ruff.toml"));
            }
            let text = self.text(&folder, "pyproject.toml").unwrap_or_default();
            let document = text.contains("ruff").then(|| Document::parse(&text).ok()).flatten();
            if document.is_some_and(|document| document.get("tool.ruff").is_some()) {
                return Some(format!("{way}pyproject.toml"));
            }
        }
        None
    }
}

/// Whether a line is what Hatch reads a version from.
fn states_version(line: &str) -> bool {
    let value = line.strip_prefix("__version__").and_then(|rest| rest.split_once('='));
    value.is_some_and(|(_, value)| value.trim_start().starts_with(['"', '\'']))
}

/// The trees that are known in this way, by paths below the package's folder.
fn shipped(package: &Package, origin: TreeOrigin) -> Vec<Shipped> {
    let trees = package.trees.iter().filter(|tree| tree.origin == origin);
    let shipped = trees.filter_map(|tree| {
        let path = tree.folder.relative_to(&package.folder)?.to_owned();
        Some(Shipped { name: tree.name.clone(), path })
    });
    shipped.collect()
}
