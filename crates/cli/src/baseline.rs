//! The baseline of a run: read from the tree or from a commit, accepted, judged,
//! and brought up to date.

use repot_audit::{Audit, Baseline};
use repot_change::{Note, RelPath};
use repot_git::Git;

use crate::console::Console;
use crate::error::Failure;
use crate::session::Session;

/// The baseline file's path in the tree.
fn path() -> Result<RelPath, Failure> {
    RelPath::new(Baseline::FILE).map_err(|error| Failure::new(error.to_string()))
}

/// Takes out of `audit` what the baseline accepts, and adds what is stale in
/// it. With a `revision` only what that commit's baseline accepts is taken out,
/// so that a change cannot accept its own violations.
pub fn judge(audit: &mut Audit, session: &Session, revision: Option<&str>) -> Result<(), Failure> {
    let own = in_tree(session)?;
    let found = Baseline::of(&audit.findings);
    let accepted = match revision {
        None => own.clone(),
        Some(revision) => in_commit(session, revision, audit)?.or_else(|| own.clone()),
    };
    if let Some(accepted) = accepted {
        accepted.accept(audit);
    }
    if let Some(own) = own {
        let metrics: Vec<&str> = audit.figures.iter().map(|figure| figure.metric.as_ref()).collect();
        let is_measured = |rule: &str| metrics.contains(&repot_audit::metric_of(rule));
        let snapshot = session.workspace.snapshot();
        let is_read = |path: &RelPath| {
            snapshot.get(path).is_none_or(|file| file.bytes().is_some() && !file.is_broken())
        };
        audit.findings.extend(own.stale(&found, is_measured, is_read));
        audit.findings.sort();
    }
    Ok(())
}

/// Writes the baseline of what was found; where there is one, takes out of it
/// what is mended, and adds nothing.
pub fn update(audit: &Audit, session: &Session, console: &mut Console<'_>) -> Result<(), Failure> {
    let found = Baseline::of(&audit.findings);
    let (before, after) = match in_tree(session)? {
        Some(own) => (own.len(), own.shrunk_to(&found)),
        None => (0, found),
    };
    repot_apply::write_output(&session.root.join(Baseline::FILE), after.text().as_bytes())?;
    let text = match (before, after.len()) {
        (0, now) => format!("Wrote {}: it accepts {now} findings.", Baseline::FILE),
        (before, now) if before == now => format!("{} stays: it accepts {now} findings.", Baseline::FILE),
        (before, now) => format!("{} accepts {now} findings, {} fewer.", Baseline::FILE, before - now),
    };
    console.message(text);
    Ok(())
}

fn in_tree(session: &Session) -> Result<Option<Baseline>, Failure> {
    let file = session.workspace.snapshot().get(&path()?);
    file.and_then(|file| file.bytes()).map(|bytes| parse(bytes, Baseline::FILE)).transpose()
}

fn in_commit(session: &Session, revision: &str, audit: &mut Audit) -> Result<Option<Baseline>, Failure> {
    let git = Git::open(&session.root)?.ok_or_else(|| {
        Failure::hinted(
            "`--baseline-ref` needs a git repository",
            "leave it out to take the tree's own baseline",
        )
    })?;
    let bytes = git.file_at(revision, &path()?)?;
    if bytes.is_none() {
        let message = format!("`{revision}` has no {}, so that the tree's own is taken", Baseline::FILE);
        audit.notes.push(Note { path: None, line: None, message });
    }
    bytes.map(|bytes| parse(&bytes, &format!("{revision}:{}", Baseline::FILE))).transpose()
}

fn parse(bytes: &[u8], name: &str) -> Result<Baseline, Failure> {
    let text = String::from_utf8_lossy(bytes);
    Baseline::parse(&text).map_err(|error| {
        Failure::hinted(
            format!("{name}: {error}"),
            "take the line out, or delete the file and write it anew with `repot check --update-baseline`",
        )
    })
}
