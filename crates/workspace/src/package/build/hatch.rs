//! Hatch: <https://hatch.pypa.io/latest/config/build/>.

use super::{Shipped, Wheel, dotted, literal_prefix};
use crate::package::project::Project;
use crate::package::site::{Site, is_init};
use crate::package::toml::{Stated, Toml};
use crate::package::{Tree, TreeOrigin};

pub(super) fn wheel(site: &Site<'_>, project: &Project) -> Wheel {
    let mut wheel = Wheel::default();
    let Some(toml) = &project.pyproject else { return wheel };
    let selected = selection(toml);
    if selected.is_empty() {
        by_name(site, project).iter().for_each(|tree| wheel.ship_found(site, tree));
    }
    let sources = sources(toml);
    for stated in selected {
        let path = literal_prefix(&stated.text);
        let name = dotted(&place_in_wheel(&path, &sources));
        wheel.shipped.push(Shipped { path, name, stated: Some(stated) });
    }
    for (path, target) in pairs(toml, "force-include") {
        let name = dotted(target.text.trim_start_matches('/'));
        // What is forced in may be any file; only Python at a place is a tree.
        wheel.shipped.push(Shipped { path, name, stated: None });
    }
    wheel
}

/// The option `key` of the wheel, else that of all targets.
fn option(toml: &Toml, key: &str) -> Option<Vec<Stated>> {
    let of_wheel = toml.texts(&format!("tool.hatch.build.targets.wheel.{key}"));
    of_wheel.or_else(|| toml.texts(&format!("tool.hatch.build.{key}")))
}

fn pairs(toml: &Toml, key: &str) -> Vec<(String, Stated)> {
    let of_wheel = toml.pairs(&format!("tool.hatch.build.targets.wheel.{key}"));
    if of_wheel.is_empty() { toml.pairs(&format!("tool.hatch.build.{key}")) } else { of_wheel }
}

/// What is selected: `only-include` before `packages` before the patterns of
/// `include`, of which those with a literal beginning can be read.
fn selection(toml: &Toml) -> Vec<Stated> {
    let options = ["only-include", "packages", "include"];
    let stated = options.iter().filter_map(|key| option(toml, key)).find(|stated| !stated.is_empty());
    let mut stated = stated.unwrap_or_default();
    // Everything is one tree only where all of it goes below one name.
    let is_below = pairs(toml, "sources").iter().any(|(from, to)| from.is_empty() && !to.text.is_empty());
    stated.retain(|stated| {
        let is_all = is_below && matches!(stated.text.as_str(), "*" | "**" | "/*" | "/**");
        is_all || !literal_prefix(&stated.text).is_empty() || !stated.text.contains('*')
    });
    stated
}

/// Prefixes that the wheel takes away or replaces; `packages` takes away the
/// folder above each package.
fn sources(toml: &Toml) -> Vec<(String, String)> {
    let removed = option(toml, "sources").unwrap_or_default();
    let packages = option(toml, "packages").unwrap_or_default();
    let above = packages.iter().filter_map(|stated| {
        let path = literal_prefix(&stated.text);
        path.rsplit_once('/').map(|(above, _)| (above.to_owned(), String::new()))
    });
    let replaced = pairs(toml, "sources")
        .into_iter()
        .map(|(from, to)| (literal_prefix(&from), literal_prefix(&to.text)));
    let removed = removed.iter().map(|stated| (literal_prefix(&stated.text), String::new()));
    removed.chain(replaced).chain(above).collect()
}

fn place_in_wheel(path: &str, sources: &[(String, String)]) -> String {
    let moved = sources.iter().find_map(|(from, to)| {
        let rest = path.strip_prefix(from.as_str())?;
        let is_whole = from.is_empty() || rest.is_empty() || rest.starts_with('/');
        is_whole.then(|| format!("{to}/{rest}"))
    });
    moved.unwrap_or_else(|| path.to_owned())
}

/// The default: a package or module called like the project, at one of four
/// places.
fn by_name(site: &Site<'_>, project: &Project) -> Option<Tree> {
    let raw = project.distribution()?;
    let name: String = raw
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("_");
    let lower = name.to_lowercase();
    let tree =
        |root: &str, child: &str, is_file| Tree::child(&site.path(root)?, child, is_file, TreeOrigin::Build);
    [name, lower].iter().find_map(|name| {
        let regular = |tree: &Tree| site.is_regular(&tree.folder);
        tree("", name, false)
            .filter(regular)
            .or_else(|| tree("src", name, false).filter(regular))
            .or_else(|| tree("", &format!("{name}.py"), true).filter(|tree| site.is_file(&tree.folder)))
            .or_else(|| namespace(site, name))
    })
}

/// The only folder that holds a package of this name.
fn namespace(site: &Site<'_>, name: &str) -> Option<Tree> {
    let mut trees = site.children(site.folder, TreeOrigin::Build);
    trees.retain(|tree| !is_init(tree.folder.file_name()));
    trees.retain(|tree| tree.folder.join(name).is_ok_and(|folder| site.is_regular(&folder)));
    trees.pop().filter(|_| trees.is_empty())
}
