//! `align-versions`: every requirement of every package asks for the versions
//! that the workspace has agreed on.
//!
//! What is agreed on, `repot-project` finds: the roadmap's `[versions]`, else
//! what all packages ask for together. Here it is written, and a requirement that
//! names a package of the workspace by its folder becomes a plain one. Nothing is
//! loosened, and what does not go together is a decision.

mod evidence;
mod sources;

use std::collections::BTreeMap;

use repot_change::{Class, RelPath};
use repot_codemod::{Codemod, CodemodError, Context, Proposal};
use repot_project::{Change, Document, Verdict, edits, text};
use repot_roadmap::{CodemodSchema, SettingKind, SettingSchema, Versions};
use repot_workspace::{Agreement, Workspace};

use evidence::Scribe;
use sources::Sources;

/// The codemod.
pub struct AlignVersions;

const SETTINGS: &[SettingSchema<'static>] = &[SettingSchema {
    name: "sources",
    kind: SettingKind::Bool,
    default: "true",
    about: "Whether a requirement that names the folder of a package becomes a plain one with a source of the workspace.",
}];

impl Codemod for AlignVersions {
    fn schema(&self) -> CodemodSchema<'static> {
        CodemodSchema { name: "align-versions", settings: SETTINGS }
    }

    fn about(&self) -> &'static str {
        "Brings every requirement to the versions of the roadmap's catalogue, or to what all packages ask for together."
    }

    fn propose(&self, context: &Context<'_>) -> Result<Proposal, CodemodError> {
        let derived = Versions::default();
        let versions = context.versions.unwrap_or(&derived);
        let agreement = context.workspace.agreement(versions);
        let scribe = Scribe { workspace: context.workspace, agreement: &agreement };
        let mut proposal = Proposal::default();
        proposal.notes.extend(agreement.notes.iter().cloned());
        let mut changes: Changes = aligned(&agreement, &scribe, &mut proposal);
        if context.settings.get_bool("sources")? {
            let sources = Sources::of(context.workspace, versions);
            for settled in sources.settle(&agreement, &scribe) {
                changes.entry(settled.evidence.path.clone()).or_default().extend(settled.changes);
                proposal.evidence.push(settled.evidence);
            }
        }
        for (path, changes) in changes {
            write(context.workspace, &path, &changes, &mut proposal)?;
        }
        proposal.evidence.sort_by(|a, b| (&a.path, a.line, &a.subject).cmp(&(&b.path, b.line, &b.subject)));
        Ok(proposal)
    }
}

/// What is to change, by file.
type Changes = BTreeMap<RelPath, Vec<Change>>;

/// The changes that bring every requirement where it should be.
fn aligned(agreement: &Agreement, scribe: &Scribe<'_>, proposal: &mut Proposal) -> Changes {
    let mut changes = Changes::new();
    for (at, (required, verdict)) in agreement.required.iter().zip(&agreement.verdicts).enumerate() {
        if let Verdict::Drift { versions, .. } = verdict {
            changes.entry(required.path.clone()).or_default().extend(required.stated.asking(versions));
        }
        proposal.evidence.extend(scribe.of_verdict(at));
    }
    changes
}

fn write(
    workspace: &Workspace,
    path: &RelPath,
    changes: &[Change],
    proposal: &mut Proposal,
) -> Result<(), CodemodError> {
    let Some(bytes) = workspace.snapshot().get(path).and_then(|file| file.bytes()) else { return Ok(()) };
    let Some(mut document) = text(bytes).and_then(|text| Document::parse(&text).ok()) else { return Ok(()) };
    changes.iter().for_each(|change| document.change(change));
    let edits = edits(bytes, &document.render());
    if !edits.is_empty() {
        proposal.changes_mut(Class::Config).add_edits(path, edits)?;
    }
    Ok(())
}
