//! PDM: <https://backend.pdm-project.org/build_config/>.

use super::{Shipped, Wheel, dotted, literal_prefix};
use crate::package::TreeOrigin;
use crate::package::project::Project;
use crate::package::site::Site;
use crate::package::toml::{Stated, Toml};

pub(super) fn wheel(site: &Site<'_>, project: &Project) -> Wheel {
    let mut wheel = Wheel::default();
    let Some(toml) = &project.pyproject else { return wheel };
    let root = package_dir(site, toml);
    let includes = setting(toml, "includes").unwrap_or_default();
    for stated in includes {
        let path = literal_prefix(&stated.text);
        let below = path
            .strip_prefix(&root)
            .filter(|rest| rest.is_empty() || root.is_empty() || rest.starts_with('/'));
        let name = dotted(below.unwrap_or(&path));
        if !path.is_empty() {
            wheel.shipped.push(Shipped { path, name, stated: Some(stated) });
        }
    }
    if wheel.shipped.is_empty() {
        found_in(site, &root, &mut wheel);
    }
    wheel
}

/// Settings stood directly in `[tool.pdm]` before PDM 2.
fn setting(toml: &Toml, key: &str) -> Option<Vec<Stated>> {
    toml.texts(&format!("tool.pdm.build.{key}")).or_else(|| toml.texts(&format!("tool.pdm.{key}")))
}

fn package_dir(site: &Site<'_>, toml: &Toml) -> String {
    let stated = setting(toml, "package-dir").and_then(|mut stated| stated.pop());
    let has_src = || site.path("src").is_some_and(|src| site.snapshot.is_folder(&src));
    let default = || if has_src() { "src".to_owned() } else { String::new() };
    stated.map_or_else(default, |stated| literal_prefix(&stated.text))
}

/// The default: every regular package but the tests, else every module.
fn found_in(site: &Site<'_>, root: &str, wheel: &mut Wheel) {
    let Some(root) = site.path(root) else { return };
    let mut trees = site.regular_children(&root, TreeOrigin::Build);
    trees.retain(|tree| tree.name != "tests");
    if trees.is_empty() {
        trees = site.children(&root, TreeOrigin::Build);
        trees.retain(|tree| site.is_file(&tree.folder));
    }
    trees.iter().for_each(|tree| wheel.ship_found(site, tree));
}
