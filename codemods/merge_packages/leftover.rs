//! What stays of the old package: nothing, an archive, or a shim under the old
//! name.

use repot_change::{ChangeSet, Class, Content, Edit, FileChange, RelPath, TreeError};
use repot_codemod::Proposal;
use repot_refer::Shim;
use repot_workspace::Workspace;

use super::side::Side;
use super::taken::take_out;

/// What stays of the old package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leftover {
    /// Nothing.
    Removed,
    /// What is not in the target goes to `archive/NAME/`.
    Archived,
    /// The old name stays importable.
    Shim,
}

impl Leftover {
    /// As a roadmap writes them.
    pub const NAMES: &'static [&'static str] = &["remove", "archive", "shim"];

    /// The one that is called `name`.
    pub fn named(name: &str) -> Self {
        match name {
            "archive" => Self::Archived,
            "shim" => Self::Shim,
            _ => Self::Removed,
        }
    }
}

/// Where the archive of the folder `home` is.
pub fn archive(home: &RelPath) -> Option<RelPath> {
    RelPath::new(&format!("archive/{}", home.file_name())).ok()
}

/// Files of `home` that would be deleted go to the archive instead.
pub fn archive_deleted(home: &RelPath, proposal: &mut Proposal) -> Result<(), TreeError> {
    let Some(archive) = archive(home) else { return Ok(()) };
    for class in Class::ALL {
        let changes = proposal.changes_mut(class);
        let gone: Vec<RelPath> = deleted(changes).filter(|path| path.is_within(home)).cloned().collect();
        changes.retain(|path, change| !(matches!(change, FileChange::Delete) && gone.contains(path)));
        for path in gone {
            let rest = path.relative_to(home).unwrap_or_default();
            let Ok(to) = archive.join(rest) else { continue };
            changes.rename(path, to)?;
        }
    }
    Ok(())
}

fn deleted(changes: &ChangeSet) -> impl Iterator<Item = &RelPath> {
    changes.iter().filter(|(_, change)| matches!(change, FileChange::Delete)).map(|(path, _)| path)
}

/// The old package's `__init__` becomes the shim.
pub fn leave_shim(
    workspace: &Workspace,
    (from, into): (&Side, &Side),
    until: Option<&str>,
    proposal: &mut Proposal,
) -> Result<(), TreeError> {
    let Ok(init) = from.folder.join("__init__.py") else { return Ok(()) };
    let shim = Shim { old: &from.name, new: &into.name, is_package: true, until };
    let ending = workspace.modules().at(&init).map_or("\n", |id| workspace.file(id).parse().line_ending());
    let text = shim.text().replace('\n', ending).into_bytes();
    let is_moved = Class::ALL.into_iter().any(|class| {
        let mut changes = proposal.changes_mut(class).iter();
        changes.any(|(path, change)| *path == init && matches!(change, FileChange::Move { .. }))
    });
    let content = workspace.snapshot().content(&init);
    let changes = match (is_moved, content) {
        (false, Some(content)) => {
            take_out(proposal, &init);
            // The new module gives the names, which the shim stands for.
            let names = workspace.snapshot().get(&init).map(|file| file.definitions().names.keys().cloned());
            proposal.retired.extend(names.into_iter().flatten().map(|name| (init.clone(), name)));
            let edit = Edit { span: repot_change::Span::new(0, content.bytes.len()), new: text };
            return proposal.changes_mut(Class::Imports).add_edits(&init, vec![edit]);
        }
        _ => proposal.changes_mut(Class::Imports),
    };
    changes.create(init, Content::plain(text))
}
