//! The habit of the neighbours: their layout, their build backend, the Python
//! that they ask for.
//!
//! Neighbours are the packages that share the most folders with the new one.

use std::collections::BTreeMap;

use repot_change::RelPath;
use repot_codemod::Context;
use repot_roadmap::SettingError;
use repot_workspace::{Package, TreeOrigin};
use toml_edit::{Document, Item};

/// A build backend that the built-in templates know how to set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Backend {
    /// The distribution, normalised.
    distribution: &'static str,
    /// What `requires` asks for.
    pub(super) requires: &'static str,
    /// The value of `build-backend`.
    pub(super) module: &'static str,
}

/// The backends, the default first. The lower bounds are the releases that
/// first read `[project]` as it is written here.
const BACKENDS: [Backend; 6] = [
    Backend { distribution: "hatchling", requires: "hatchling", module: "hatchling.build" },
    Backend { distribution: "setuptools", requires: "setuptools>=61", module: "setuptools.build_meta" },
    Backend { distribution: "poetry-core", requires: "poetry-core>=2.0", module: "poetry.core.masonry.api" },
    Backend { distribution: "flit-core", requires: "flit-core>=3.8", module: "flit_core.buildapi" },
    Backend { distribution: "pdm-backend", requires: "pdm-backend", module: "pdm.backend" },
    Backend { distribution: "uv-build", requires: "uv-build>=0.7.19,<1", module: "uv_build" },
];

/// What is asked of Python where neither the template nor a neighbour says.
const REQUIRES_PYTHON: &str = ">=3.11";

/// What the neighbours have in common.
pub(super) struct Neighbours {
    /// Their folders.
    pub(super) folders: Vec<RelPath>,
    has_src: bool,
    /// What builds them, or the name of what is asked for and not known here.
    backend: Result<Backend, String>,
    pub(super) requires_python: String,
}

impl Neighbours {
    pub(super) fn read(context: &Context<'_>) -> Result<Self, SettingError> {
        let text = context.settings.get_str("path")?;
        let folder = RelPath::new(text.trim_end_matches('/').trim_start_matches("./"))
            .unwrap_or_else(|_| RelPath::root());
        let packages = nearest(context, &folder);
        let stated =
            |keys: &[&str]| most(packages.iter().filter_map(|package| project_text(context, package, keys)));
        let template = context.template;
        let backend = match template.and_then(|template| template.build_backend.as_deref()) {
            Some(name) => by_distribution(name).ok_or_else(|| name.to_owned()),
            None => stated(&["build-system", "build-backend"])
                .and_then(|module| by_module(&module))
                .map_or(Ok(BACKENDS[0]), Ok),
        };
        let requires_python = template.and_then(|template| template.requires_python.clone());
        let requires_python = requires_python.or_else(|| stated(&["project", "requires-python"]));
        let trees = packages.iter().flat_map(|package| package.trees.iter().map(move |tree| (package, tree)));
        let shipped = trees.filter(|(_, tree)| tree.origin != TreeOrigin::Leftover);
        let roots: Vec<&str> =
            shipped.filter_map(|(package, tree)| tree.root.relative_to(&package.folder)).collect();
        let in_src = roots.iter().filter(|root| **root == "src").count();
        let flat = roots.iter().filter(|root| root.is_empty()).count();
        Ok(Self {
            folders: packages.iter().map(|package| package.folder.clone()).collect(),
            has_src: in_src >= flat,
            backend,
            requires_python: requires_python.unwrap_or_else(|| REQUIRES_PYTHON.to_owned()),
        })
    }

    /// The backend that a new package is set up for.
    ///
    /// # Errors
    ///
    /// What is wrong with the one that is asked for, and what would be right.
    pub(super) fn backend(&self) -> Result<Backend, (String, String)> {
        self.backend.as_ref().copied().map_err(|name| {
            let known = BACKENDS.map(|backend| backend.distribution).join(", ");
            let hint =
                format!("they know {known}; for others, `path` in `[template]` names templates of your own");
            (format!("the built-in templates have no settings for `{name}`"), hint)
        })
    }

    /// What stands on `sys.path` in a new package: `src`, or nothing for its
    /// folder itself.
    pub(super) fn source(&self) -> &'static str {
        if self.has_src { "src" } else { "" }
    }

    /// The lowest minor version of Python 3 that is asked for; 9, whose grammar
    /// every template keeps to, where that cannot be read.
    pub(super) fn python_minor(&self) -> u32 {
        let bounds = self.requires_python.split(',').map(str::trim);
        let lower = bounds.filter_map(|bound| {
            let bound = bound
                .strip_prefix(">=")
                .or_else(|| bound.strip_prefix("~="))
                .or_else(|| bound.strip_prefix("=="))?;
            bound.trim().strip_prefix("3.")?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
        });
        lower.max().unwrap_or(9)
    }
}

fn by_distribution(name: &str) -> Option<Backend> {
    let normal = name.to_ascii_lowercase().replace(['_', '.'], "-");
    BACKENDS.into_iter().find(|backend| backend.distribution == normal)
}

fn by_module(module: &str) -> Option<Backend> {
    BACKENDS.into_iter().find(|backend| backend.module == module)
}

/// The packages that share the most folders with `folder`, but not the one that
/// is there.
fn nearest<'a>(context: &Context<'a>, folder: &RelPath) -> Vec<&'a Package> {
    let shared = |package: &Package| {
        let pairs = package.folder.components().zip(folder.components());
        pairs.take_while(|(one, other)| one == other).count()
    };
    let others = context.workspace.packages().iter().filter(|package| package.folder != *folder);
    let others: Vec<&Package> = others.collect();
    let most = others.iter().map(|package| shared(package)).max();
    others.into_iter().filter(|package| Some(shared(package)) == most).collect()
}

fn project_text(context: &Context<'_>, package: &Package, keys: &[&str]) -> Option<String> {
    let path = package.folder.join("pyproject.toml").ok()?;
    let bytes = context.workspace.snapshot().get(&path)?.bytes()?.clone();
    let document = Document::parse(std::str::from_utf8(&bytes).ok()?).ok()?;
    let item = keys.iter().try_fold(document.as_item(), |item, key| item.get(key));
    item.and_then(Item::as_str).map(str::to_owned)
}

/// The most frequent text; of equally frequent ones the last in order.
fn most(texts: impl Iterator<Item = String>) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    texts.for_each(|text| *counts.entry(text).or_default() += 1);
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(text, _)| text)
}
