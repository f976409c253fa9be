//! Trials of a plan: which commands are run for which phase.

use std::time::Duration;

use repot_change::{CheckStatus, Plan, PlannedPhase, RelPath};
use repot_roadmap::Phase;
use repot_trial::{Interrupt, Proof, Tree};
use repot_workspace::is_in_git;

use crate::args;
use crate::console::Console;
use crate::error::Failure;
use crate::progress::Progress;
use crate::session::Session;
use crate::settings::Settings;

/// The commands by which a plan is tried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The command lines, for every phase; none for those of the roadmap.
    commands: Vec<String>,
    /// How long each may take, whatever the roadmap says.
    limit: Option<Duration>,
}

impl Wanted {
    /// What `plan` is asked to try of `phases`, if anything.
    ///
    /// # Errors
    ///
    /// [`Failure`] when the timeout is none, or no phase names a command.
    pub fn by(args: &args::Plan, phases: &[&Phase]) -> Result<Option<Self>, Failure> {
        let limit = args.verify_timeout.map(Duration::try_from).transpose();
        let limit =
            limit.ok().filter(|limit| limit.is_none_or(|limit| !limit.is_zero())).ok_or_else(|| {
                Failure::hinted(
                    "`--verify-timeout` is no time that a command could take",
                    "write `90s` or `10m`",
                )
            })?;
        let is_said = |command: &&String| !command.trim().is_empty();
        let commands: Vec<String> = args.verify.iter().filter(is_said).cloned().collect();
        if args.verify.is_empty() {
            // Whoever applies a saved plan relies on what was verified of it.
            return Ok((args.preview.output.is_some() && !args.no_verify).then(Self::default));
        }
        if commands.is_empty() && phases.iter().all(|phase| phase.verify.commands.is_empty()) {
            return Err(Failure::hinted(
                "the roadmap names no command to verify by",
                "write one, `--verify 'pytest -q'`, or add `[phase.verify]` to the roadmap",
            ));
        }
        Ok(Some(Self { commands, limit }))
    }
}

/// Tries every phase of `plan` that changes anything, and adds what came of it.
/// A plan that failed a check of its own is not tried: it cannot be applied.
///
/// # Errors
///
/// [`Failure`] when a command says nothing of the tree, or is interrupted.
pub fn add(
    plan: &mut Plan,
    session: &Session,
    wanted: &Wanted,
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let folder = folder(session, settings);
    let proofs = |phase: &PlannedPhase| proofs(phase, session, wanted, &folder);
    let mut tried = plan.phases.iter().filter(|phase| !phase.is_empty());
    if !tried.any(|phase| !proofs(phase).is_empty()) {
        return Ok(());
    }
    if plan.phases.iter().flat_map(|phase| &phase.checks).any(|check| check.status != CheckStatus::Passed) {
        console.message("The plan failed a check, so that no command is run.");
        return Ok(());
    }
    let snapshot = session.workspace.snapshot();
    let tree = Tree {
        root: snapshot.root().unwrap_or(&session.root).to_owned(),
        files: snapshot.files().map(|(path, _)| path.clone()).collect(),
        links: snapshot.links().to_vec(),
        is_in_git: snapshot.root().is_some_and(is_in_git),
    };
    let interrupt = Interrupt::of_process()
        .map_err(|error| Failure::new(format!("signals cannot be taken while commands run: {error}")))?;
    let mut progress = Progress::new(console, settings);
    Ok(repot_trial::prove(plan, &tree, &proofs, &mut progress, &interrupt)?)
}

fn proofs(phase: &PlannedPhase, session: &Session, wanted: &Wanted, folder: &RelPath) -> Vec<Proof> {
    let proof = |command: &str, folder: &RelPath, limit: Option<Duration>| Proof {
        command: command.to_owned(),
        folder: folder.clone(),
        limit: wanted.limit.or(limit),
    };
    if !wanted.commands.is_empty() {
        return wanted.commands.iter().map(|command| proof(command, folder, None)).collect();
    }
    let verify = session.roadmap.phase(&phase.name).map(|phase| &phase.verify).into_iter();
    // What the roadmap says holds wherever the user stands.
    let root = RelPath::root();
    verify
        .flat_map(|verify| verify.commands.iter().map(|command| proof(&command.value, &root, verify.timeout)))
        .collect()
}

/// Where the user stands in the tree; the root when they stand elsewhere.
fn folder(session: &Session, settings: &Settings) -> RelPath {
    let current = settings.current_dir.canonicalize().unwrap_or_else(|_| settings.current_dir.clone());
    let root = session.workspace.snapshot().root();
    let below = root.and_then(|root| current.strip_prefix(root).ok()).and_then(|below| below.to_str());
    below.and_then(|below| RelPath::new(below).ok()).unwrap_or_else(RelPath::root)
}
