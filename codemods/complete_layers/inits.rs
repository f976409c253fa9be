//! The habit of a package: whether its folders of code have an `__init__.py`.

use std::collections::BTreeSet;

use repot_change::RelPath;
use repot_workspace::{Role, Workspace, is_identifier};

/// The folders of code below an import package, by whether they have one.
pub(super) struct Habit<'a> {
    workspace: &'a Workspace,
    folder: &'a RelPath,
    regular: usize,
    plain: Vec<RelPath>,
}

impl<'a> Habit<'a> {
    pub(super) fn of(workspace: &'a Workspace, folder: &'a RelPath) -> Self {
        let mut folders = BTreeSet::new();
        for (path, _) in workspace.snapshot().below(folder) {
            let module = workspace.modules().at(path).map(|id| workspace.modules().get(id));
            if module.is_some_and(|module| module.role == Role::Code) {
                folders.extend(path.ancestors().take_while(|above| above != folder));
            }
        }
        let (regular, plain): (Vec<_>, Vec<_>) =
            folders.into_iter().partition(|inside| is_regular(workspace, inside));
        Self { workspace, folder, regular: regular.len(), plain }
    }

    /// Whether the import package is a regular one whose folders mostly are.
    /// Where it has none, it is the only example.
    fn is_regular(&self) -> bool {
        is_regular(self.workspace, self.folder) && self.regular >= self.plain.len()
    }

    /// The files that the folders without one would need, in order, where most
    /// have one.
    pub(super) fn missing(&self) -> Vec<RelPath> {
        if !self.is_regular() || self.regular == self.plain.len() {
            return Vec::new();
        }
        let is_spelt = |inside: &&RelPath| {
            inside.relative_to(self.folder).is_some_and(|rest| rest.split('/').all(is_identifier))
        };
        let spelt = self.plain.iter().filter(is_spelt);
        spelt.filter_map(|inside| inside.join("__init__.py").ok()).collect()
    }

    /// Why no folder with an `__init__.py` is made here.
    pub(super) fn obstacle(&self) -> Option<String> {
        let is_namespace = !is_regular(self.workspace, self.folder);
        is_namespace.then(|| {
            format!("`{}` is a namespace package, whose layers come with their first module", self.folder)
        })
    }

    /// What speaks for a missing file.
    pub(super) fn rule(&self) -> String {
        format!("{} of its {} folders have one", self.regular, self.regular + self.plain.len())
    }
}

fn is_regular(workspace: &Workspace, folder: &RelPath) -> bool {
    let has = |name| folder.join(name).is_ok_and(|init| workspace.snapshot().get(&init).is_some());
    has("__init__.py") || has("__init__.pyi")
}
