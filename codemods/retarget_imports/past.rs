//! The past: what nobody defines any longer may be brought back.
//!
//! A contract says what is owed, and somebody has to write it. Where an earlier
//! commit had the very thing, whether it comes back is a person's choice.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Candidate, Note};
use repot_codemod::{Context, Former, Lost, Memories, components};
use repot_interface::{Strategy, Terms};
use repot_workspace::{Role, Workspace, matched};

use crate::border;

use super::ruling::{FileRulings, Ruling};

/// How many former versions of one thing are offered.
const OFFERED: usize = 3;

/// Offers to bring back what the past had of what nobody defines, instead of a
/// contract; says why there may be more of it.
pub fn offer(context: &Context<'_>, files: &mut [FileRulings], terms: &Terms) -> Vec<Note> {
    let is_asked = context.settings.get_str("resurrect") == Ok("offer");
    let Some(past) = context.past.filter(|_| is_asked && terms.allowed.contains(&Strategy::Contract)) else {
        return Vec::new();
    };
    let open = |ruling: &&Ruling| {
        ruling.lost.is_some() && border::pin_of(context, &[&ruling.evidence.subject]).is_none()
    };
    let all = files.iter().flat_map(|file| &file.rulings);
    let lost: BTreeSet<Lost> = all.filter(open).filter_map(|ruling| ruling.lost.clone()).collect();
    if lost.is_empty() {
        return Vec::new();
    }
    let Memories { formers, notes } = past.recall(&lost);
    let formers: BTreeMap<Lost, Vec<Candidate>> =
        formers.into_iter().map(|(lost, all)| (lost.clone(), best(context.workspace, &lost, &all))).collect();
    for ruling in files.iter_mut().flat_map(|file| &mut file.rulings).filter(|ruling| open(&&**ruling)) {
        let candidates =
            ruling.lost.as_ref().and_then(|lost| formers.get(lost)).filter(|all| !all.is_empty());
        let Some(candidates) = candidates else { continue };
        ruling.evidence.candidates.clone_from(candidates);
        ruling.evidence.rule = "no module of the workspace defines it any longer".to_owned();
        ruling.nowhere = None;
    }
    notes.into_iter().map(|message| Note { path: None, line: None, message }).collect()
}

/// The former versions that come into question, the best first: as the search
/// ranks what is there, then the newest, then what lies less deep, as backups
/// keep whole trees.
fn best(workspace: &Workspace, lost: &Lost, formers: &[Former]) -> Vec<Candidate> {
    let age = |former: &Former| formers.iter().position(|other| other.commit == former.commit);
    let mut ranked: Vec<_> = formers
        .iter()
        .filter(|former| workspace.role_at(&former.path) == Role::Code)
        .map(|former| {
            let is_module = lost.is_module_at(&former.path);
            let (suffix, below) = matched(&components(&former.path), &lost.module);
            let suffix = if is_module { lost.module.len() } else { suffix.max(below) };
            (suffix, is_module, former)
        })
        .collect();
    ranked
        .sort_by_key(|(suffix, _, former)| (Reverse(*suffix), age(former), former.path.components().count()));
    ranked.truncate(OFFERED);
    ranked
        .into_iter()
        .map(|(suffix, is_module, former)| candidate(workspace, suffix, is_module, former))
        .collect()
}

fn candidate(workspace: &Workspace, suffix: usize, is_module: bool, former: &Former) -> Candidate {
    let Former { path, commit, day, version } = former;
    let verb = if is_module { "was it" } else { "defined it" };
    Candidate {
        module: components(path).join("."),
        package: workspace.package_at(path).map(|id| workspace.package(id).name.clone()),
        path: path.clone(),
        how: format!("{verb} until {commit} of {day}"),
        suffix,
        reach: "gone".to_owned(),
        obstacle: Some(format!("it is gone; `git show {version}` prints it")),
    }
}
