//! What a package's build configuration ships, as trees.
//!
//! Each backend says which folders and modules would be in the wheel, and under
//! which name; here that is held against what is really there. A backend that
//! says nothing, or names only what does not exist, leaves it to the layout.

mod flit;
mod hatch;
mod pdm;
mod poetry;
mod setuptools;
mod uv;

use repot_change::{Note, RelPath};

use super::project::{Backend, Project};
use super::site::Site;
use super::toml::Stated;
use super::{Tree, TreeOrigin, layout};

/// A folder or module that would be in the wheel.
#[derive(Debug, Clone)]
struct Shipped {
    /// Where it lies, as text below the package's folder.
    path: String,
    /// Its dotted import name. When it is empty, what lies in the folder is
    /// shipped under its own names.
    name: String,
    /// Where the configuration says so; `None` for a backend's default, which
    /// was seen to be there.
    stated: Option<Stated>,
}

/// What a backend makes of its configuration.
#[derive(Debug, Default)]
struct Wheel {
    shipped: Vec<Shipped>,
    notes: Vec<Note>,
}

impl Wheel {
    /// Ships a tree that was seen to be there.
    fn ship_found(&mut self, site: &Site<'_>, tree: &Tree) {
        let path = tree.folder.relative_to(site.folder).unwrap_or_default().to_owned();
        self.shipped.push(Shipped { path, name: tree.name.clone(), stated: None });
    }
}

/// The trees that the build configuration ships, and what is odd about it.
pub(super) fn trees(site: &Site<'_>, project: &Project) -> (Vec<Tree>, Vec<Note>) {
    let wheel = match project.backend() {
        Backend::Hatch => hatch::wheel(site, project),
        Backend::Setuptools => setuptools::wheel(site, project),
        Backend::Poetry => poetry::wheel(site, project),
        Backend::Pdm => pdm::wheel(site, project),
        Backend::Uv => uv::wheel(site, project),
        Backend::Flit => flit::wheel(site, project),
        Backend::Other => Wheel::default(),
    };
    let mut notes = wheel.notes;
    let mut trees: Vec<Tree> = Vec::new();
    for shipped in &wheel.shipped {
        match place(site, shipped) {
            Ok(found) => {
                notes.extend(found.1);
                for tree in found.0 {
                    if !trees.iter().any(|known| known.name == tree.name && known.folder == tree.folder) {
                        trees.push(tree);
                    }
                }
            }
            Err(message) => notes.extend(shipped.stated.as_ref().map(|stated| stated.note(message))),
        }
    }
    (trees, notes)
}

type Placed = (Vec<Tree>, Option<Note>);

/// The trees of one shipped folder or module, or why it has none.
fn place(site: &Site<'_>, shipped: &Shipped) -> Result<Placed, String> {
    let text = shipped.stated.as_ref().map_or(&shipped.path, |stated| &stated.text);
    let Some(path) = site.path(&shipped.path) else {
        return Err(format!("the build ships `{text}`, which lies outside of the package"));
    };
    if !site.exists(&path) {
        return Err(format!("the build ships `{text}`, which does not exist in the package"));
    }
    if shipped.name.is_empty() && path == *site.folder {
        return Err("the build ships the whole folder, tests included, at the top level".to_owned());
    }
    if let Some(trees) = misnamed_src(site, shipped, &path) {
        let message =
            format!("the build ships `{text}` as a module called `src`; it is read as a src layout");
        return Ok((trees, shipped.stated.as_ref().map(|stated| stated.note(message))));
    }
    if shipped.name.is_empty() {
        return Ok((site.children(&path, TreeOrigin::Build), None));
    }
    if !site.ships_python(&path) {
        return Ok((Vec::new(), None));
    }
    let root = root_of(&path, &shipped.name);
    Ok((vec![Tree { name: shipped.name.clone(), folder: path, root, origin: TreeOrigin::Build }], None))
}

/// A wheel that ships `src` itself, with the packages inside it, is a slip: no
/// code in the package imports a module called `src`, unless it is a package.
fn misnamed_src(site: &Site<'_>, shipped: &Shipped, path: &RelPath) -> Option<Vec<Tree>> {
    let src = site.path("src")?;
    let is_src = shipped.name == "src" || shipped.name.starts_with("src.");
    if !is_src || site.is_regular(&src) || !path.is_within(&src) {
        return None;
    }
    let mut trees = layout::src(site)?;
    trees.retain(|tree| tree.folder.is_within(path) || path.is_within(&tree.folder));
    Some(trees).filter(|trees| !trees.is_empty())
}

/// The folder that would stand on `sys.path`: what is left of the path without
/// the components of the name, or, when the two differ, the folder above.
fn root_of(path: &RelPath, name: &str) -> RelPath {
    let folder = path.parent().unwrap_or_else(RelPath::root);
    let mut root = Some(folder.clone());
    let mut parts = name.rsplit('.');
    let last = parts.next().unwrap_or_default();
    if path.file_name() != last && path.file_stem() != last {
        return folder;
    }
    for part in parts {
        root = root.filter(|root| root.file_name() == part).and_then(|root| root.parent());
    }
    root.unwrap_or(folder)
}

/// The import name of a path in a wheel: `shop/cart.py` is `shop.cart`.
fn dotted(path: &str) -> String {
    let path = path.strip_suffix(".pyi").or_else(|| path.strip_suffix(".py")).unwrap_or(path);
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    parts.join(".")
}

/// The folder or file that a glob is about: its components before the first
/// with a wildcard, without a `/` in front.
fn literal_prefix(glob: &str) -> String {
    let parts = glob.split('/').filter(|part| !part.is_empty() && *part != ".");
    parts.take_while(|part| !part.contains(['*', '?', '[', '{'])).collect::<Vec<_>>().join("/")
}

fn join(root: &str, below: &str) -> String {
    let root = root.trim_end_matches('/');
    if root.is_empty() || root == "." { below.to_owned() } else { format!("{root}/{below}") }
}

/// The import name that a distribution's name suggests.
fn import_name(distribution: &str) -> String {
    distribution.replace(['-', '.'], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_above_the_name() {
        let root = |path: &str, name: &str| root_of(&RelPath::new(path).unwrap(), name).to_string();
        assert_eq!(root("p/src/shop", "shop"), "p/src");
        assert_eq!(root("p/src/ns/shop", "ns.shop"), "p/src");
        assert_eq!(root("p/shop.py", "shop"), "p");
        assert_eq!(root("p/lib", "shop"), "p");
        assert_eq!(root("p/lib/shop", "ns.shop"), "p/lib");
        assert_eq!(root("shop", "shop"), "");
    }

    #[test]
    fn globs_have_a_literal_beginning() {
        for (glob, prefix) in
            [("/a/b/**/*.py", "a/b"), ("./a/", "a"), ("**/*.py", ""), ("a/x?", "a"), ("a.py", "a.py")]
        {
            assert_eq!(literal_prefix(glob), prefix, "{glob}");
        }
    }
}
