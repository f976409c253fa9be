//! Saved plans: writing one, reading one, and whether it fits the tree.

use std::path::Path;

use repot_apply::{ApplyError, Drift, DriftKind, read_output, write_output};
use repot_change::{Basis, Plan, RelPath, Reliance, SavedPlan};
use repot_git::Git;
use repot_workspace::{Snapshot, Workspace};

use crate::error::Failure;
use crate::settings::Settings;

/// The version that plans and commits name.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a plan was made of.
pub struct Origin<'a> {
    /// The tree.
    pub workspace: &'a Workspace,
    /// The file of the roadmap, where there is one.
    pub roadmap: Option<&'a str>,
    /// What the plan was limited to, as it was asked for.
    pub selection: String,
}

/// Saves `plan` to the file `path`.
///
/// # Errors
///
/// [`Failure`] when the file cannot be written.
pub fn save(plan: &Plan, origin: &Origin<'_>, path: &Path, settings: &Settings) -> Result<(), Failure> {
    let snapshot = origin.workspace.snapshot();
    let roadmap = origin.roadmap.and_then(|name| RelPath::new(name).ok());
    let basis = Basis {
        made_by: VERSION.to_owned(),
        commit: snapshot.root().and_then(head),
        roadmap: roadmap.map(|path| Reliance { hash: snapshot.get(&path).map(|file| file.hash()), path }),
        selection: origin.selection.clone(),
    };
    let saved = SavedPlan { plan: plan.clone(), basis };
    Ok(write_output(&settings.current_dir.join(path), &saved.to_bytes())?)
}

/// The plan that was saved to `path`.
///
/// # Errors
///
/// [`Failure`] when there is none that can be used.
pub fn load(path: &Path, settings: &Settings) -> Result<SavedPlan, Failure> {
    let bytes = read_output(&settings.current_dir.join(path))?;
    SavedPlan::from_bytes(&bytes)
        .map_err(|error| Failure::hinted(format!("{} {error}", path.display()), error.hint()))
}

/// How many phases of `saved` are applied in the tree already.
///
/// # Errors
///
/// [`Failure`] that names each file which is neither as before the plan nor as
/// after some of its phases.
pub fn applied(saved: &SavedPlan, snapshot: &Snapshot) -> Result<usize, Failure> {
    let phases = saved.plan.phases.len();
    let mut drifts = (0..=phases).map(|index| (index, drift(saved, index, snapshot)));
    // The nearest state is the one to compare with when none fits.
    let (index, files) = drifts.by_ref().min_by_key(|(_, files)| files.len()).unwrap_or_default();
    if files.is_empty() { Ok(index) } else { Err(stale(saved, files, snapshot)) }
}

/// What differs from the tree before phase `index`.
fn drift(saved: &SavedPlan, index: usize, snapshot: &Snapshot) -> Vec<Drift> {
    let differs = |(path, expected)| {
        let kind = match (expected, snapshot.get(&path).map(|file| file.hash())) {
            (expected, found) if expected == found => return None,
            (None, _) => DriftKind::Appeared,
            (_, None) => DriftKind::Missing,
            _ => DriftKind::Changed,
        };
        Some(Drift { path, kind })
    };
    saved.state_before(index).into_iter().filter_map(differs).collect()
}

fn stale(saved: &SavedPlan, files: Vec<Drift>, snapshot: &Snapshot) -> Failure {
    let error = ApplyError::Stale { files };
    let hint = error.hint().unwrap_or_default();
    let now = snapshot.root().and_then(head);
    let commits = match (&saved.basis.commit, now) {
        (Some(then), Some(now)) if *then != now => {
            format!("\nit was made at commit {}, and {} is checked out now", short(then), short(&now))
        }
        _ => String::new(),
    };
    Failure::hinted(format!("{error}{commits}"), hint)
}

/// The commit that is checked out; a plan can do without, so no git is no error.
fn head(root: &Path) -> Option<String> {
    Git::open(root).ok().flatten()?.head().ok().flatten()
}

/// A commit as git shortens it.
pub fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}
