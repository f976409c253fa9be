//! The folders that a list of files implies.
//!
//! As for git, a folder without a file does not exist.

use std::collections::HashMap;

use repot_change::RelPath;

/// What lies directly in one folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folder {
    files: Vec<RelPath>,
    folders: Vec<RelPath>,
}

impl Folder {
    /// The files directly in the folder, sorted.
    #[must_use]
    pub fn files(&self) -> &[RelPath] {
        &self.files
    }

    /// The folders directly in the folder, sorted.
    #[must_use]
    pub fn folders(&self) -> &[RelPath] {
        &self.folders
    }
}

/// Every folder by its path; the root is always among them.
pub(super) struct Folders {
    by_path: HashMap<RelPath, Folder>,
    /// The paths, sorted.
    sorted: Vec<RelPath>,
}

impl Folders {
    /// The folders above `files`, which are sorted. Then folders come up in
    /// their own order, each before what lies in it.
    pub(super) fn of<'a>(files: impl Iterator<Item = &'a RelPath>) -> Self {
        let by_path = HashMap::from([(RelPath::root(), Folder::default())]);
        let mut table = Self { by_path, sorted: vec![RelPath::root()] };
        let mut current = RelPath::root();
        for path in files {
            if path.relative_to(&current).is_none_or(|rest| rest.contains('/')) {
                current = path.parent().unwrap_or_else(RelPath::root);
                table.add(&current);
            }
            table.in_folder(&current, |folder| folder.files.push(path.clone()));
        }
        table
    }

    fn add(&mut self, folder: &RelPath) {
        if self.by_path.contains_key(folder) {
            return;
        }
        if let Some(parent) = folder.parent() {
            self.add(&parent);
            self.in_folder(&parent, |above| above.folders.push(folder.clone()));
        }
        self.by_path.insert(folder.clone(), Folder::default());
        self.sorted.push(folder.clone());
    }

    fn in_folder(&mut self, folder: &RelPath, change: impl FnOnce(&mut Folder)) {
        if let Some(folder) = self.by_path.get_mut(folder) {
            change(folder);
        }
    }

    pub(super) fn get(&self, path: &RelPath) -> Option<&Folder> {
        self.by_path.get(path)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&RelPath, &Folder)> {
        self.sorted.iter().filter_map(|path| Some((path, self.by_path.get(path)?)))
    }
}
