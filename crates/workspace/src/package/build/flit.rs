//! Flit: <https://flit.pypa.io/en/stable/pyproject_toml.html>.

use super::{Shipped, Wheel, import_name, poetry::named_in};
use crate::package::project::Project;
use crate::package::site::Site;

pub(super) fn wheel(site: &Site<'_>, project: &Project) -> Wheel {
    let mut wheel = Wheel::default();
    let Some(toml) = &project.pyproject else { return wheel };
    let stated = toml.text("tool.flit.module.name").or_else(|| toml.text("tool.flit.metadata.module"));
    let default = || project.distribution().map(|name| import_name(&name));
    let Some(name) = stated.as_ref().map(|stated| stated.text.clone()).or_else(default) else { return wheel };
    let path = name.replace('.', "/");
    match named_in(site, "", &path).or_else(|| named_in(site, "src", &path)) {
        Some(tree) => {
            let path = tree.folder.relative_to(site.folder).unwrap_or_default().to_owned();
            wheel.shipped.push(Shipped { path, name, stated });
        }
        // It does not exist; when the name is stated, that will be noted.
        None => wheel.shipped.push(Shipped { path, name, stated }),
    }
    wheel
}
