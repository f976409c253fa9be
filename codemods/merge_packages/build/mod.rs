//! The build files of both packages become one: rules of one kind and name are
//! one rule with the sources, needs and labels of both; the others stand behind
//! each other.
//!
//! What two rules of one name say otherwise a person decides; until then the
//! target's stays.

mod starlark;
mod union;

use std::collections::BTreeMap;

use repot_change::{Class, RelPath, TreeError, edited};
use repot_codemod::Proposal;
use repot_project::{edits, text};
use repot_roadmap::Decide;
use repot_workspace::Workspace;

use super::taken::take_out;
use starlark::statements;
use union::{Union, differs};

/// The names of files in Starlark that say how a folder is built.
const FILES: [&str; 6] = ["BUCK", "BUCK.v2", "BUILD", "BUILD.bazel", "BUILD.pants", "TARGETS"];

/// Whether the build file `path` can be united with the one at `there`: both can
/// be read, and none sets a variable that the other sets otherwise.
pub fn fits(workspace: &Workspace, path: &RelPath, there: &RelPath) -> bool {
    let read = |path: &RelPath| text(&workspace.snapshot().content(path)?.bytes);
    let both = || Some((read(path)?, read(there)?));
    FILES.contains(&path.file_name())
        && both().is_some_and(|(one, other)| {
            let read = statements(&one).zip(statements(&other));
            read.is_some_and(|(one, other)| !differs(&one, &other))
        })
}

/// The build files of a merge.
pub struct Builds<'a> {
    pub workspace: &'a Workspace,
    pub decided: &'a [Decide],
    /// The word by which what came from the source is told apart.
    pub tag: &'a str,
}

impl Builds<'_> {
    /// Unites each of `files` with the one that it names.
    pub fn settle(
        &self,
        files: &BTreeMap<RelPath, RelPath>,
        proposal: &mut Proposal,
    ) -> Result<(), TreeError> {
        for (from, to) in files {
            let both = self.followed(from, proposal)?.zip(self.followed(to, proposal)?);
            let Some(((incoming, there), before)) = both.zip(self.workspace.snapshot().content(to)) else {
                continue;
            };
            let (after, evidence) = Union::new(self, (from, to), &there).of(&incoming);
            proposal.evidence.extend(evidence);
            let changes = proposal.changes_mut(Class::Config);
            changes.add_edits(to, edits(&before.bytes, &after))?;
            changes.delete(from.clone())?;
        }
        Ok(())
    }

    /// The file after the edits of the references in it, which are taken out of
    /// the proposal.
    fn followed(&self, path: &RelPath, proposal: &mut Proposal) -> Result<Option<String>, TreeError> {
        let Some(content) = self.workspace.snapshot().content(path) else { return Ok(None) };
        let bytes = edited(path, &content.bytes, take_out(proposal, path))?;
        Ok(text(&bytes))
    }
}
