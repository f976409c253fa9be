//! The two sides of a merge: import packages, and the distributions around them.

use repot_change::RelPath;
use repot_workspace::{Package, PackageId, Place, Tree, TreeOrigin, Workspace};

/// One of the two packages.
#[derive(Debug, Clone)]
pub struct Side {
    /// The dotted import name.
    pub name: String,
    /// The import package.
    pub place: Place,
    /// Its folder.
    pub folder: RelPath,
    /// The distribution, where the import package is what it ships.
    pub package: Option<PackageId>,
}

impl Side {
    /// The package that `text` means, an import name or a package's name or
    /// folder; `None` when there is none.
    ///
    /// # Errors
    ///
    /// What is wrong, when `text` means several packages, or one that cannot be
    /// merged.
    pub fn find(workspace: &Workspace, text: &str) -> Result<Option<Self>, String> {
        let folder = text.trim_end_matches('/');
        let meant = workspace.packages_meant(folder);
        let by_folder = |id: &PackageId| workspace.package(*id).folder.as_str() == folder;
        if let Some(id) = meant.iter().copied().find(by_folder) {
            let is_empty = workspace.package(id).trees.is_empty();
            return if is_empty { Ok(None) } else { Self::of_package(workspace, id).map(Some) };
        }
        let mut named = workspace.named(text);
        if named.len() == 1 {
            return Ok(named.pop().and_then(|place| Self::of_place(workspace, place)));
        }
        match (&named[..], &meant[..]) {
            ([], []) => Ok(None),
            ([], [only]) => Self::of_package(workspace, *only).map(Some),
            ([], several) => {
                let folders = several.iter().map(|id| workspace.package(*id).folder.to_string());
                Err(several_folders(text, &folders.collect::<Vec<_>>()))
            }
            (several, _) => {
                let folders = several.iter().map(|place| workspace.path_of(place).to_string());
                Err(several_folders(text, &folders.collect::<Vec<_>>()))
            }
        }
    }

    fn of_place(workspace: &Workspace, place: Place) -> Option<Self> {
        let folder = workspace.folder_of(&place)?;
        let name = workspace.name_of(&place)?;
        let ships =
            |id: &PackageId| main_tree(workspace.package(*id)).is_some_and(|tree| tree.folder == folder);
        let package = workspace.package_of(&place).filter(ships);
        Some(Self { name, place, folder, package })
    }

    fn of_package(workspace: &Workspace, id: PackageId) -> Result<Self, String> {
        let package = workspace.package(id);
        let place = main_tree(package).and_then(|tree| workspace.locate(&tree.folder, &[]));
        let side = place.and_then(|place| Self::of_place(workspace, place));
        side.ok_or_else(|| {
            format!("`{}` ({}) has no import package of its own, or several", package.name, package.folder)
        })
    }
}

/// The one import package that a distribution ships, or the one of several that
/// has its name.
fn main_tree(package: &Package) -> Option<&Tree> {
    let shipped: Vec<&Tree> = package
        .trees
        .iter()
        .filter(|tree| tree.origin != TreeOrigin::Leftover && tree.folder.extension() != Some("py"))
        .collect();
    let normal = |name: &str| name.to_lowercase().replace(['-', '.'], "_");
    let is_called = |tree: &&&Tree| {
        [package.name.as_str(), package.folder.file_name()]
            .iter()
            .any(|name| normal(name) == normal(&tree.name))
    };
    match &shipped[..] {
        [only] => Some(only),
        several => several.iter().find(is_called).copied(),
    }
}

fn several_folders(text: &str, folders: &[String]) -> String {
    format!("`{text}` is the name of {}; name one by its folder", folders.join(" and of "))
}
