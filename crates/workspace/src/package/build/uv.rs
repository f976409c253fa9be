//! uv's build backend: <https://docs.astral.sh/uv/concepts/build-backend/>.

use super::{Shipped, Wheel, import_name, join};
use crate::package::project::Project;
use crate::package::site::Site;

pub(super) fn wheel(_: &Site<'_>, project: &Project) -> Wheel {
    let mut wheel = Wheel::default();
    let Some(toml) = &project.pyproject else { return wheel };
    let root =
        toml.text("tool.uv.build-backend.module-root").map_or_else(|| "src".to_owned(), |root| root.text);
    let path_of = |name: &str| join(&root, &name.replace('.', "/"));
    match toml.texts("tool.uv.build-backend.module-name") {
        Some(names) => wheel.shipped.extend(names.into_iter().map(|stated| Shipped {
            path: path_of(&stated.text),
            name: stated.text.clone(),
            stated: Some(stated),
        })),
        None => wheel.shipped.extend(project.distribution().map(|distribution| {
            let name = import_name(&distribution).to_lowercase();
            Shipped { path: path_of(&name), name, stated: None }
        })),
    }
    wheel
}
