//! Taking one file out of what the reference engine proposes, to write it
//! otherwise.

use repot_change::{ChangeSet, Class, Edit, FileChange, RelPath};
use repot_codemod::Proposal;

/// Takes whatever is proposed for `path` out of the proposal, and gives back the
/// edits.
pub fn take_out(proposal: &mut Proposal, path: &RelPath) -> Vec<Edit> {
    let mut edits = Vec::new();
    for class in Class::ALL {
        let changes = proposal.changes_mut(class);
        edits.extend(edits_of(changes, path));
        changes.retain(|other, _| other != path);
    }
    edits
}

fn edits_of(changes: &ChangeSet, path: &RelPath) -> Vec<Edit> {
    let own = changes.iter().filter(|(other, _)| *other == path).map(|(_, change)| change);
    let edits = |change: &FileChange| match change {
        FileChange::Edit(edits) | FileChange::Move { edits, .. } => edits.iter().cloned().collect(),
        FileChange::Create(_) | FileChange::Delete => Vec::new(),
    };
    own.flat_map(edits).collect()
}
