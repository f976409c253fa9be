//! setuptools: <https://setuptools.pypa.io/en/latest/userguide/package_discovery.html>.
//!
//! Its settings may stand in `pyproject.toml`, `setup.cfg` and `setup.py`; each
//! setting is taken from the first of these that has it.

use globset::{Glob, GlobSet, GlobSetBuilder};
use repot_change::{Note, RelPath};

use super::{Shipped, Wheel, join};
use crate::package::project::Project;
use crate::package::setup_py::{SetupCall, Value};
use crate::package::site::Site;
use crate::package::toml::{Stated, Toml};
use crate::package::{Tree, TreeOrigin};

/// The settings that say what is shipped.
#[derive(Default)]
struct Settings {
    packages: Option<Packages>,
    /// Which folder stands for a package; that of `""` stands for the root.
    package_dir: Vec<(String, String)>,
    modules: Vec<Stated>,
}

enum Packages {
    Listed(Vec<Stated>),
    Find(Find),
    /// Computed by code that is not run here.
    Unknown,
}

/// `packages.find`, `find_packages` and their like.
struct Find {
    places: Vec<String>,
    include: Vec<String>,
    exclude: Vec<String>,
    /// Whether a folder without an `__init__` counts.
    namespaces: bool,
}

pub(super) fn wheel(site: &Site<'_>, project: &Project) -> Wheel {
    let settings = Settings::read(project);
    let mut wheel = Wheel::default();
    let root = settings.folder_of("");
    for stated in &settings.modules {
        let path = format!("{}.py", join(&root, &stated.text.replace('.', "/")));
        wheel.shipped.push(Shipped { path, name: stated.text.clone(), stated: Some(stated.clone()) });
    }
    match &settings.packages {
        Some(Packages::Listed(names)) => settings.ship_listed(names, &mut wheel),
        Some(Packages::Find(find)) => {
            let trees = find.places.iter().flat_map(|place| find.within(site, place));
            trees.for_each(|tree| wheel.ship_found(site, &tree));
        }
        None if settings.modules.is_empty() => discover(site, &settings, &mut wheel),
        None | Some(Packages::Unknown) => {}
    }
    wheel
}

impl Settings {
    fn read(project: &Project) -> Self {
        let mut settings = Self::default();
        if let Some(toml) = &project.pyproject {
            settings.packages = packages_in_toml(toml);
            settings.package_dir = toml
                .pairs("tool.setuptools.package-dir")
                .into_iter()
                .map(|(name, dir)| (name, dir.text))
                .collect();
            settings.modules = toml.texts("tool.setuptools.py-modules").unwrap_or_default();
        }
        settings.add_setup_cfg(project);
        if let Some(call) = &project.setup_py {
            settings.add_setup_py(call);
        }
        settings
    }

    fn add_setup_cfg(&mut self, project: &Project) {
        let Some(ini) = &project.setup_cfg else { return };
        let texts = |section, key| {
            let stated = ini.list(section, key).unwrap_or_default();
            stated.into_iter().map(|stated| stated.text).collect::<Vec<_>>()
        };
        if let Some(listed) = ini.list("options", "packages").filter(|_| self.packages.is_none()) {
            let find = |namespaces| {
                let section = "options.packages.find";
                let (places, include) = (texts(section, "where"), texts(section, "include"));
                Packages::Find(
                    Find { places, include, exclude: texts(section, "exclude"), namespaces }.filled(),
                )
            };
            self.packages = Some(match listed.first().map(|stated| stated.text.as_str()) {
                Some("find:") => find(false),
                Some("find_namespace:") => find(true),
                _ => Packages::Listed(listed),
            });
        }
        if self.package_dir.is_empty() {
            let pairs = texts("options", "package_dir");
            let pairs = pairs.iter().filter_map(|pair| pair.split_once('='));
            self.package_dir =
                pairs.map(|(name, dir)| (name.trim().to_owned(), dir.trim().to_owned())).collect();
        }
        if self.modules.is_empty() {
            self.modules = ini.list("options", "py_modules").unwrap_or_default();
        }
    }

    fn add_setup_py(&mut self, call: &SetupCall) {
        if self.packages.is_none() {
            self.packages = call.get("packages").map(packages_in_call);
        }
        if let Some(Value::Table(pairs)) = call.get("package_dir").filter(|_| self.package_dir.is_empty()) {
            let pairs = pairs.iter().filter_map(|(name, dir)| Some((name.clone(), dir.text()?.text.clone())));
            self.package_dir = pairs.collect();
        }
        if self.modules.is_empty() {
            self.modules = call.texts("py_modules").unwrap_or_default();
        }
        if call.is_open && self.packages.is_none() && self.modules.is_empty() {
            self.packages = Some(Packages::Unknown);
        }
    }

    /// The folder of the package `name`: that of the longest part of the name
    /// which `package_dir` knows, and the rest below it.
    fn folder_of(&self, name: &str) -> String {
        let known = self.package_dir.iter().filter_map(|(prefix, dir)| {
            let rest = name.strip_prefix(prefix.as_str())?;
            let is_whole = prefix.is_empty() || rest.is_empty() || rest.starts_with('.');
            is_whole.then_some((prefix.len(), dir, rest))
        });
        let (_, dir, rest) = known.max_by_key(|(len, _, _)| *len).unwrap_or((0, EMPTY, name));
        join(dir, &rest.trim_start_matches('.').replace('.', "/"))
    }

    /// Ships the listed packages but those that lie in another one as they
    /// should.
    fn ship_listed(&self, names: &[Stated], wheel: &mut Wheel) {
        for stated in names {
            let path = self.folder_of(&stated.text);
            let is_inside = names.iter().any(|outer| {
                let below = stated.text.strip_prefix(&outer.text).and_then(|rest| rest.strip_prefix('.'));
                below.is_some_and(|rest| path == join(&self.folder_of(&outer.text), &rest.replace('.', "/")))
            });
            if !is_inside {
                wheel.shipped.push(Shipped { path, name: stated.text.clone(), stated: Some(stated.clone()) });
            }
        }
    }
}

const EMPTY: &String = &String::new();

impl Find {
    /// Fills in the defaults: here, and everything.
    fn filled(mut self) -> Self {
        if self.places.is_empty() {
            self.places.push(".".to_owned());
        }
        if self.include.is_empty() {
            self.include.push("*".to_owned());
        }
        self
    }

    /// The packages found in the folder `place`, without those inside them.
    fn within(&self, site: &Site<'_>, place: &str) -> Vec<Tree> {
        let Some(root) = site.path(place) else { return Vec::new() };
        let mut found = Vec::new();
        self.descend(site, &root, "", &(globs(&self.include), globs(&self.exclude)), &mut found);
        found.iter_mut().for_each(|tree| tree.root.clone_from(&root));
        found
    }

    fn descend(
        &self,
        site: &Site<'_>,
        folder: &RelPath,
        above: &str,
        filter: &(GlobSet, GlobSet),
        found: &mut Vec<Tree>,
    ) {
        for mut tree in site.children(folder, TreeOrigin::Build) {
            let is_dotted = tree.name.contains('.') || site.is_file(&tree.folder);
            if is_dotted || !(self.namespaces || site.is_regular(&tree.folder)) {
                continue;
            }
            if !above.is_empty() {
                tree.name = format!("{above}.{}", tree.name);
            }
            if filter.0.is_match(&tree.name) && !filter.1.is_match(&tree.name) {
                found.push(tree);
            } else {
                self.descend(site, &tree.folder, &tree.name, filter, found);
            }
        }
    }
}

/// Globs over dotted names, in which `*` crosses dots; one that is no glob
/// matches nothing.
fn globs(patterns: &[String]) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    patterns.iter().filter_map(|pattern| Glob::new(pattern).ok()).for_each(|glob| {
        builder.add(glob);
    });
    builder.build().unwrap_or_default()
}

fn packages_in_toml(toml: &Toml) -> Option<Packages> {
    let find = "tool.setuptools.packages.find";
    if !toml.has(find) {
        return toml.texts("tool.setuptools.packages").map(Packages::Listed);
    }
    let texts = |key: &str| {
        let stated = toml.texts(&format!("{find}.{key}")).unwrap_or_default();
        stated.into_iter().map(|stated| stated.text).collect()
    };
    let namespaces = toml.flag(&format!("{find}.namespaces")).unwrap_or(true);
    let found =
        Find { places: texts("where"), include: texts("include"), exclude: texts("exclude"), namespaces };
    Some(Packages::Find(found.filled()))
}

fn packages_in_call(value: &Value) -> Packages {
    if let Some(listed) = value.texts() {
        return Packages::Listed(listed);
    }
    let Value::Call(name, positional, named) = value else { return Packages::Unknown };
    if !matches!(name.as_str(), "find_packages" | "find_namespace_packages") {
        return Packages::Unknown;
    }
    let argument = |position: usize, name: &str| match positional.get(position).or_else(|| named.get(name)) {
        None => Some(Vec::new()),
        Some(value) => Some(value.texts()?.into_iter().map(|stated| stated.text).collect()),
    };
    match (argument(0, "where"), argument(1, "exclude"), argument(2, "include")) {
        (Some(places), Some(exclude), Some(include)) => {
            let namespaces = name == "find_namespace_packages";
            Packages::Find(Find { places, include, exclude, namespaces }.filled())
        }
        _ => Packages::Unknown,
    }
}

/// Automatic discovery: what `package_dir` names, else a src layout, else a
/// flat layout with a single package or module.
fn discover(site: &Site<'_>, settings: &Settings, wheel: &mut Wheel) {
    let mapped: Vec<&(String, String)> =
        settings.package_dir.iter().filter(|(name, _)| !name.is_empty()).collect();
    if !mapped.is_empty() {
        wheel.shipped.extend(mapped.iter().map(|(name, dir)| Shipped {
            path: dir.clone(),
            name: name.clone(),
            stated: None,
        }));
        return;
    }
    let root = settings.package_dir.first().map_or("src", |(_, dir)| dir.as_str());
    let src = site.path(root).filter(|src| src != site.folder && site.snapshot.is_folder(src));
    let trees = match src {
        Some(src) => site.children(&src, TreeOrigin::Build),
        None => flat(site, &mut wheel.notes),
    };
    trees.iter().filter(|tree| !tree.name.contains('.')).for_each(|tree| wheel.ship_found(site, tree));
}

/// The package, or else the module, of a flat layout. Several are refused by
/// setuptools, and there is nothing to go by.
fn flat(site: &Site<'_>, notes: &mut Vec<Note>) -> Vec<Tree> {
    let mut trees = site.children(site.folder, TreeOrigin::Build);
    trees.retain(|tree| is_name(&tree.name) && !tree.name.starts_with(['.', '_']));
    let (mut modules, mut folders): (Vec<_>, Vec<_>) =
        trees.into_iter().partition(|tree| site.is_file(&tree.folder));
    folders.retain(|tree| !RESERVED_FOLDERS.contains(&tree.name.as_str()));
    modules.retain(|tree| !RESERVED_MODULES.contains(&tree.name.as_str()));
    let found = if folders.is_empty() { modules } else { folders };
    if found.len() > 1 {
        let names: Vec<String> = found.iter().map(|tree| format!("`{}`", tree.name)).collect();
        let message = format!("setuptools refuses to choose among {}; the layout counts", names.join(", "));
        notes.push(Note::about(site.folder, message));
        return Vec::new();
    }
    found
}

fn is_name(name: &str) -> bool {
    let name = name.strip_suffix("-stubs").unwrap_or(name);
    name.chars().all(|c| c == '_' || c.is_alphanumeric())
}

/// Folder names that automatic discovery passes over in a flat layout.
const RESERVED_FOLDERS: [&str; 32] = [
    "ci",
    "bin",
    "debian",
    "doc",
    "docs",
    "documentation",
    "manpages",
    "news",
    "newsfragments",
    "changelog",
    "test",
    "tests",
    "unit_test",
    "unit_tests",
    "example",
    "examples",
    "scripts",
    "tools",
    "util",
    "utils",
    "python",
    "build",
    "dist",
    "venv",
    "env",
    "requirements",
    "benchmark",
    "benchmarks",
    "exercise",
    "exercises",
    "htmlcov",
    "tasks",
];

/// Module names that automatic discovery passes over in a flat layout.
const RESERVED_MODULES: [&str; 19] = [
    "setup",
    "conftest",
    "test",
    "tests",
    "example",
    "examples",
    "build",
    "toxfile",
    "noxfile",
    "pavement",
    "dodo",
    "tasks",
    "fabfile",
    "SConstruct",
    "conanfile",
    "manage",
    "benchmark",
    "benchmarks",
    "exercise",
];
