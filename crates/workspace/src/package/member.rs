//! Which folders of a snapshot are packages.

use repot_change::RelPath;
use repot_roadmap::Pattern;

use super::site::Exclusion;
use crate::Snapshot;

/// The folders that `members` name and `exclude` does not, sorted.
pub(super) fn folders(snapshot: &Snapshot, members: &[Pattern], exclude: &[Pattern]) -> Vec<RelPath> {
    let mut exclusion = Exclusion::new(exclude);
    let named = |folder: &RelPath| members.iter().any(|glob| glob.matches(folder.as_str()));
    let folders =
        snapshot.folders().map(|(folder, _)| folder).filter(|folder| may_be_package(folder) && named(folder));
    folders.filter(|folder| !exclusion.holds_folder(folder)).cloned().collect()
}

/// The indexes of the member globs that name no folder which can be a package;
/// a folder that is excluded counts as named.
#[must_use]
pub fn unmatched_members(snapshot: &Snapshot, members: &[Pattern]) -> Vec<usize> {
    let folders: Vec<&RelPath> =
        snapshot.folders().map(|(folder, _)| folder).filter(|folder| may_be_package(folder)).collect();
    unmatched(members, |glob| folders.iter().any(|folder| glob.matches(folder.as_str())))
}

/// The indexes of the globs in `exclude` that name no file and no folder.
#[must_use]
pub fn unmatched_exclude(snapshot: &Snapshot, exclude: &[Pattern]) -> Vec<usize> {
    unmatched(exclude, |glob| {
        snapshot.folders().any(|(folder, _)| glob.matches(folder.as_str()))
            || snapshot.files().any(|(file, _)| glob.matches(file.as_str()))
    })
}

fn unmatched(globs: &[Pattern], matches: impl Fn(&Pattern) -> bool) -> Vec<usize> {
    globs.iter().enumerate().filter(|(_, glob)| !matches(glob)).map(|(index, _)| index).collect()
}

fn may_be_package(folder: &RelPath) -> bool {
    !folder.components().any(is_out_of_sight)
}

/// Whether a folder of this name holds nothing that anybody imports.
pub(super) fn is_out_of_sight(name: &str) -> bool {
    name.starts_with('.') || name == "__pycache__"
}
