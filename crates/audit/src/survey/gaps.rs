//! What packages lack of what most of them have.
//!
//! The template is read off the packages: the backend, the Python version, the
//! groups, the tools and the layers that most of them agree on.

use repot_change::RelPath;
use repot_roadmap::Template;
use repot_workspace::{Snapshot, Workspace};

use super::habits::{add_habits, layered, most};
use super::pyproject::Toml;
use super::{Missing, SurveyedPackage, TemplateGap};

/// The layers by the names that they usually have, the innermost first.
const LAYERS: [&str; 6] =
    ["domain", "application", "infrastructure", "adapters", "presentation", "interfaces"];

/// A group of dependencies by one of these names is for development.
const GROUPS: [&str; 8] = ["dev", "develop", "development", "test", "tests", "docs", "doc", "lint"];

/// Where such groups stand.
const GROUP_TABLES: [&str; 5] = [
    "project.optional-dependencies",
    "dependency-groups",
    "tool.poetry.group",
    "tool.pdm.dev-dependencies",
    "tool.hatch.envs",
];

/// A package with what its project file says.
struct Described<'a> {
    folder: &'a RelPath,
    pyproject: Option<Toml>,
    layers: Vec<&'static str>,
}

/// What each package with Python lacks, and what most of them have.
pub(super) fn gaps(workspace: &Workspace, packages: &[SurveyedPackage]) -> (Vec<TemplateGap>, Template) {
    let snapshot = workspace.snapshot();
    let living = packages.iter().filter(|package| package.modules > 0);
    let described: Vec<Described<'_>> = living.map(|package| describe(snapshot, &package.folder)).collect();
    let mut template = template(&described);
    template.layered = layered(workspace, &template);
    let gaps = described.iter().filter_map(|package| gap(package, &template)).collect();
    (gaps, template)
}

fn describe<'a>(snapshot: &Snapshot, folder: &'a RelPath) -> Described<'a> {
    let pyproject = folder.join("pyproject.toml").ok().and_then(|path| Toml::read(snapshot, &path));
    let has = |layer: &str| {
        let folders =
            snapshot.below(folder).filter(|(_, file)| file.is_python()).filter_map(|(path, _)| path.parent());
        folders.into_iter().any(|inside| {
            inside
                .relative_to(folder)
                .is_some_and(|inside| inside.split('/').take(4).any(|part| part == layer))
        })
    };
    let layers = LAYERS.into_iter().filter(|layer| has(layer)).collect();
    Described { folder, pyproject, layers }
}

fn gap(package: &Described<'_>, template: &Template) -> Option<TemplateGap> {
    let mut missing = Vec::new();
    match &package.pyproject {
        None => missing.push(Missing::Pyproject),
        Some(toml) => {
            let lacks = [
                (Missing::BuildSystem, !toml.has("build-system")),
                (Missing::RequiresPython, requires_python(toml).is_none()),
                (Missing::DependencyGroups, !has_groups(toml)),
            ];
            missing.extend(lacks.into_iter().filter(|(_, lacks)| *lacks).map(|(missing, _)| missing));
        }
    }
    if !template.layers.is_empty() && package.layers.is_empty() {
        missing.push(Missing::Layers);
    }
    (!missing.is_empty()).then(|| TemplateGap { package: package.folder.clone(), missing })
}

fn requires_python(toml: &Toml) -> Option<&str> {
    toml.text("project.requires-python").or_else(|| toml.text("tool.poetry.dependencies.python"))
}

fn has_groups(toml: &Toml) -> bool {
    let is_group = |key: &str| GROUPS.contains(&key.to_ascii_lowercase().as_str());
    GROUP_TABLES.iter().any(|keys| toml.has_key(keys, is_group))
        || toml.has("tool.uv.dev-dependencies")
        || toml.has("tool.poetry.dev-dependencies")
}

fn template(packages: &[Described<'_>]) -> Template {
    let files: Vec<&Toml> = packages.iter().filter_map(|package| package.pyproject.as_ref()).collect();
    let layers = LAYERS.into_iter().filter(|layer| {
        let having = packages.iter().filter(|package| package.layers.contains(layer)).count();
        having >= 2 && having * 3 >= packages.len()
    });
    let layers: Vec<String> = layers.map(str::to_owned).collect();
    let pythons = files.iter().filter_map(|toml| toml.text("project.requires-python"));
    let mut template = Template {
        build_backend: most(files.iter().filter_map(|toml| backend(toml))),
        requires_python: most(pythons.map(str::to_owned)),
        // A single layer is a folder by chance.
        layers: if layers.len() < 2 { Vec::new() } else { layers },
        ..Template::default()
    };
    add_habits(&mut template, &files);
    template
}

/// The distribution of the build backend.
fn backend(toml: &Toml) -> Option<String> {
    let module = toml.text("build-system.build-backend")?;
    let known = [
        ("hatchling", "hatchling"),
        ("setuptools", "setuptools"),
        ("poetry", "poetry-core"),
        ("pdm", "pdm-backend"),
        ("uv_build", "uv-build"),
        ("flit_core", "flit-core"),
        ("maturin", "maturin"),
        ("scikit_build_core", "scikit-build-core"),
    ];
    let top = module.split(['.', ':']).next()?;
    known.iter().find(|(name, _)| *name == top).map(|(_, distribution)| (*distribution).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_development_group_is_found_under_any_roof() {
        for text in [
            "[project.optional-dependencies]\ndev = []\n",
            "[dependency-groups]\ntest = []\n",
            "[tool.poetry.group.docs.dependencies]\n",
            "[tool.uv]\ndev-dependencies = []\n",
        ] {
            assert!(has_groups(&Toml::parse(text).unwrap()), "{text}");
        }
        assert!(!has_groups(&Toml::parse("[project.optional-dependencies]\ngpu = []\n").unwrap()));
    }

    #[test]
    fn backends_are_known_by_their_distributions() {
        let backend = |text: &str| {
            backend(&Toml::parse(&format!("[build-system]\nbuild-backend = \"{text}\"\n")).unwrap())
        };
        assert_eq!(backend("hatchling.build").as_deref(), Some("hatchling"));
        assert_eq!(backend("poetry.core.masonry.api").as_deref(), Some("poetry-core"));
        assert_eq!(backend("mine"), None);
    }
}
