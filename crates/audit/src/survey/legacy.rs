//! Legacy roots: top-level names that code still imports and that nobody has.
//!
//! A name that is imported often, defined nowhere and declared by nobody is
//! either the repository's own past or a dependency that was forgotten. What is
//! imported from it tells them apart: the past looks like the present.

use std::collections::BTreeSet;

use repot_change::Note;
use repot_workspace::{ModuleId, Workspace, below, is_stdlib};

use super::declared::{Declared, declared};
use super::imports::{Tally, tallies};
use super::symbols::symbols;
use super::{LegacyReason, LegacyRoot, NameCount, Options};
use crate::distributions::{is_well_known, may_bring, normalised};

/// A name that is imported by fewer statements or files is no root of a tree.
const FEWEST_STATEMENTS: usize = 5;
const FEWEST_FILES: usize = 3;

/// So many statements, and such a share of those that name a module below the
/// root, must name one that the tree has as well.
const FEWEST_LIKENESSES: f64 = 3.0;
const LEAST_LIKENESS: f64 = 0.25;

/// What was found out about names that nobody has.
pub(super) struct Legacy {
    pub(super) roots: Vec<LegacyRoot>,
    pub(super) unsettled: Vec<NameCount>,
    pub(super) notes: Vec<Note>,
}

/// Finds the legacy roots of a workspace that was made without any.
pub(super) fn legacy(workspace: &Workspace, options: &Options) -> Legacy {
    let (mut roots, notes) = named(workspace, options);
    let is_named = |top: &str| options.legacy_roots.iter().any(|root| root.split('.').next() == Some(top));
    let is_foreign = |top: &str| !is_stdlib(top) && !workspace.is_first_party(top) && !is_named(top);
    let tallies = tallies(workspace, is_foreign);
    let declared = declared(workspace.snapshot());
    let defined = defined_names(workspace);
    let mut unsettled = Vec::new();
    for (name, tally) in tallies {
        let is_frequent = tally.statements >= FEWEST_STATEMENTS && tally.files >= FEWEST_FILES;
        if !is_frequent || !is_root(&name) || is_somebody_elses(&name, &declared) {
            continue;
        }
        let is_past = declared.own.contains(&normalised(&name)) || resembles(workspace, &tally);
        if is_past && !defined.contains(name.as_str()) {
            let reason = LegacyReason::ImportedOften;
            roots.push(LegacyRoot { name, statements: tally.statements, files: tally.files, reason });
        } else {
            unsettled.push(NameCount { name, statements: tally.statements });
        }
    }
    roots.sort_by(|a, b| b.statements.cmp(&a.statements).then_with(|| a.name.cmp(&b.name)));
    unsettled.sort_by(|a, b| b.statements.cmp(&a.statements).then_with(|| a.name.cmp(&b.name)));
    Legacy { roots, unsettled, notes }
}

/// The roots that were named, whatever the tree says about them.
fn named(workspace: &Workspace, options: &Options) -> (Vec<LegacyRoot>, Vec<Note>) {
    let wanted: BTreeSet<&String> = options.legacy_roots.iter().collect();
    let (good, bad): (Vec<&String>, Vec<&String>) =
        wanted.into_iter().partition(|root| root.split('.').all(is_root));
    let tallies = tallies(workspace, |top| good.iter().any(|root| root.split('.').next() == Some(top)));
    let root = |name: &&String| {
        let (top, below) = name.split_once('.').unwrap_or((name, ""));
        let (statements, files) = tallies.get(top).map_or((0, 0), |tally| count_below(tally, below));
        LegacyRoot { name: (*name).clone(), statements, files, reason: LegacyReason::Named }
    };
    let note = |name: &&String| Note {
        path: None,
        line: None,
        message: format!("`{name}` is no name that Python can import and is left out of the legacy roots"),
    };
    (good.iter().map(root).collect(), bad.iter().map(note).collect())
}

/// The statements below a dotted root; files are only known for a whole
/// top-level name, and are then at most as many.
fn count_below(tally: &Tally, prefix: &str) -> (usize, usize) {
    if prefix.is_empty() {
        return (tally.statements, tally.files);
    }
    let chains = tally.chains.iter().filter(|(chain, _)| below(chain, prefix).is_some());
    let statements = chains.map(|(_, (count, _))| count).sum();
    (statements, tally.files.min(statements))
}

/// Whether a roadmap takes the text for a part of a name.
fn is_root(text: impl AsRef<str>) -> bool {
    let text = text.as_ref();
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn is_somebody_elses(name: &str, declared: &Declared) -> bool {
    is_well_known(name) || declared.needed.iter().any(|distribution| may_bring(distribution, name))
}

/// The names of folders that could be top-level packages, were the folder above
/// them on the path: regular packages in a folder that is none.
fn defined_names(workspace: &Workspace) -> BTreeSet<&str> {
    let snapshot = workspace.snapshot();
    let is_regular = |folder: &repot_change::RelPath| {
        folder.join("__init__.py").is_ok_and(|init| snapshot.get(&init).is_some())
    };
    let modules = workspace.modules().iter().map(|(_, module)| module).filter(|module| module.is_init);
    let tops = modules.filter(|module| !module.folder().parent().is_some_and(|parent| is_regular(&parent)));
    tops.filter_map(|module| module.components().next_back()).collect()
}

/// Whether what is imported looks like the tree's own modules.
fn resembles(workspace: &Workspace, tally: &Tally) -> bool {
    let (mut alike, mut all) = (0.0, 0.0);
    for (chain, (count, names)) in tally.chains.iter().filter(|(chain, _)| !chain.is_empty()) {
        let weight = as_number(*count);
        let likeness = match chain.rsplit_once('.') {
            Some((before, last)) => f64::from(u8::from(has_chain(workspace, before, last))),
            None => share_defined(workspace, chain, names),
        };
        alike += weight * likeness;
        all += weight;
    }
    alike >= FEWEST_LIKENESSES && alike >= LEAST_LIKENESS * all
}

#[allow(clippy::cast_precision_loss)]
fn as_number(count: usize) -> f64 {
    count as f64
}

/// Whether the tree has a module or folder `last` in a folder that is called
/// like the last part of `before`.
fn has_chain(workspace: &Workspace, before: &str, last: &str) -> bool {
    let modules = workspace.modules();
    let before = before.rsplit('.').next().unwrap_or(before);
    let is_below = |id: &ModuleId| modules.get(*id).components().nth_back(1) == Some(before);
    let folders = modules.folders_ending_with(last);
    modules.ending_with(last).iter().any(is_below)
        || folders.iter().any(|folder| folder.parent().is_some_and(|parent| parent.file_name() == before))
}

/// Which share of `names` the modules `last` of the tree define at their left
/// margin. Third parties have a `models` or `utils` as well, but other names in
/// it.
fn share_defined(workspace: &Workspace, last: &str, names: &BTreeSet<String>) -> f64 {
    let modules = workspace.modules().ending_with(last).iter();
    let sources = modules.filter_map(|id| workspace.file(*id).bytes());
    let defined: BTreeSet<&str> = sources.flat_map(|bytes| symbols(bytes)).collect();
    let count = names.iter().filter(|name| defined.contains(name.as_str())).count();
    as_number(count) / as_number(names.len().max(1))
}
