//! Poetry: <https://python-poetry.org/docs/pyproject/#packages>.

use super::{Shipped, Wheel, dotted, import_name, join, literal_prefix};
use crate::package::project::Project;
use crate::package::site::Site;
use crate::package::{Tree, TreeOrigin};

pub(super) fn wheel(site: &Site<'_>, project: &Project) -> Wheel {
    let mut wheel = Wheel::default();
    let Some(toml) = &project.pyproject else { return wheel };
    for table in toml.tables("tool.poetry.packages") {
        let text = |key| toml.text_in(table, key).map(|stated| stated.text);
        let is_for_wheel = text("format").is_none_or(|format| format == "wheel");
        let Some(include) = toml.text_in(table, "include").filter(|_| is_for_wheel) else { continue };
        let below = literal_prefix(&include.text);
        let path = join(&text("from").unwrap_or_default(), &below);
        let name = dotted(&join(&text("to").unwrap_or_default(), &below));
        wheel.shipped.push(Shipped { path, name, stated: Some(include) });
    }
    if wheel.shipped.is_empty() {
        by_name(site, project).iter().for_each(|tree| wheel.ship_found(site, tree));
    }
    wheel
}

/// The default: a folder or module called like the project, beside the project
/// file or in `src`.
fn by_name(site: &Site<'_>, project: &Project) -> Option<Tree> {
    let name = import_name(&project.distribution()?);
    named_in(site, "", &name).or_else(|| named_in(site, "src", &name))
}

/// The package (a folder with Python) or module called `name` in `root`.
pub(super) fn named_in(site: &Site<'_>, root: &str, name: &str) -> Option<Tree> {
    let root = site.path(root)?;
    let folder =
        Tree::child(&root, name, false, TreeOrigin::Build).filter(|tree| site.has_python(&tree.folder));
    folder.or_else(|| {
        Tree::child(&root, &format!("{name}.py"), true, TreeOrigin::Build)
            .filter(|tree| site.is_file(&tree.folder))
    })
}
