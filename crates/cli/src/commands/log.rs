//! `repot log`: what was applied, undone and redone, the newest first; and `log
//! prune`, which forgets the oldest of it.

use repot_apply::{FileState, JournalEntry, Operation, OperationKind, Repository, State};
use repot_change::RelPath;
use serde_json::{Value, json};

use crate::ExitStatus;
use crate::args::{self, Format, LogCommand};
use crate::confirm::agree;
use crate::console::Console;
use crate::error::Failure;
use crate::session;
use crate::settings::Settings;

/// Lists the journal, or prunes it.
pub fn run(args: &args::Log, settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    match &args.command {
        Some(LogCommand::Prune(args)) => prune(args, settings, console),
        None => list(settings, console),
    }
}

fn list(settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    let mut operations = Repository::open(&session::root(settings))?.log()?;
    operations.reverse();
    if settings.format == Format::Json {
        console.json(&log_json(&operations));
        return Ok(ExitStatus::Fine);
    }
    if operations.is_empty() {
        console.message("Nothing was applied here yet.");
        return Ok(ExitStatus::Fine);
    }
    for operation in &operations {
        console.line(line(operation));
    }
    console.line(format!("The journal occupies {}.", size(bytes(&operations))));
    Ok(ExitStatus::Fine)
}

/// Shows what would be forgotten, asks, and forgets it.
fn prune(args: &args::Prune, settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    let (repository, lock) = session::open_to_write(settings)?;
    let operations = repository.preview_prune(args.keep)?;
    if operations.is_empty() {
        console.message("There is nothing to forget.");
        return Ok(ExitStatus::Fine);
    }
    for operation in operations.iter().rev() {
        console.line(line(operation));
    }
    let question = format!("Forget {} operations? They cannot be undone any more.", operations.len());
    if !agree(console, args.consent, &question)? {
        console.message("Nothing was forgotten.");
        return Ok(ExitStatus::Fine);
    }
    let forgotten = repository.prune(&lock, args.keep)?;
    console.message(format!("Forgot {} operations: {} freed.", forgotten.len(), size(bytes(&forgotten))));
    Ok(ExitStatus::Fine)
}

fn line(operation: &Operation) -> String {
    let time = operation.time.strftime("%Y-%m-%d %H:%M:%S UTC");
    let state = match operation.state {
        State::Applied => String::new(),
        State::Undone { by } => format!(" (undone by {by})"),
        State::Unfinished => " (cut off: `repot recover` brings the tree to one side)".to_owned(),
    };
    let forced = operation.forced.as_ref().map(|reason| format!(" (forced: {})", reason.replace('\n', " ")));
    let forced = forced.unwrap_or_default();
    format!(
        "{}  {time}  {}  {} files  {}{forced}{state}",
        operation.id,
        kind(operation),
        operation.files.len(),
        operation.title
    )
}

fn kind(operation: &Operation) -> String {
    match &operation.kind {
        OperationKind::Apply => "apply".to_owned(),
        OperationKind::Undo { of } => format!("undo of {of}"),
        OperationKind::Redo { of } => format!("redo of {of}"),
    }
}

fn bytes(operations: &[Operation]) -> u64 {
    operations.iter().map(|operation| operation.bytes).sum()
}

/// `bytes` in the largest unit of which there is at least one.
fn size(bytes: u64) -> String {
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    match units.into_iter().find(|(_, unit)| bytes >= *unit) {
        // Cut, not rounded: 999,999 bytes are less than a megabyte.
        Some((name, unit)) => format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit),
        None => format!("{bytes} bytes"),
    }
}

fn log_json(operations: &[Operation]) -> Value {
    json!({
        "version": 1,
        "kind": "log",
        "bytes": bytes(operations),
        "operations": operations.iter().map(operation_json).collect::<Vec<_>>(),
    })
}

fn operation_json(operation: &Operation) -> Value {
    let (kind, of) = match &operation.kind {
        OperationKind::Apply => ("apply", None),
        OperationKind::Undo { of } => ("undo", Some(of.to_string())),
        OperationKind::Redo { of } => ("redo", Some(of.to_string())),
    };
    let (state, undone_by) = match &operation.state {
        State::Applied => ("applied", None),
        State::Undone { by } => ("undone", Some(by.to_string())),
        State::Unfinished => ("unfinished", None),
    };
    json!({
        "id": operation.id.to_string(),
        "kind": kind,
        "of": of,
        "title": operation.title,
        "forced": operation.forced,
        "time": operation.time.to_string(),
        "state": state,
        "undone_by": undone_by,
        "bytes": operation.bytes,
        "files": operation.files.iter().map(file_json).collect::<Vec<_>>(),
    })
}

fn file_json(entry: &JournalEntry) -> Value {
    let state = |state: Option<FileState>| {
        state.map(|state| {
            let mode = format!("{:04o}", state.mode);
            json!({ "hash": state.hash.to_string(), "size": state.size, "mode": mode })
        })
    };
    json!({
        "path": entry.path.as_str(),
        "moved_from": entry.moved_from.as_ref().map(RelPath::as_str),
        "before": state(entry.before),
        "after": state(entry.after),
    })
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_told_in_the_largest_unit_that_they_fill() {
        let sizes = [0, 999, 1_000, 999_999, 1_250_000, 34_000_000_000].map(size);
        assert_eq!(sizes, ["0 bytes", "999 bytes", "1.0 kB", "999.9 kB", "1.2 MB", "34.0 GB"]);
    }
}
