//! `repot log`: what was applied, undone and redone, the newest first.

use repot_apply::{Operation, OperationKind, Repository};

use crate::ExitStatus;
use crate::args::Format;
use crate::console::Console;
use crate::error::Failure;
use crate::session;
use crate::settings::Settings;

/// Lists the journal.
pub fn run(settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    let mut operations = Repository::open(&session::root(settings))?.log()?;
    operations.reverse();
    if settings.format == Format::Json {
        console.json(&serde_json::Value::Array(operations.iter().map(json).collect()));
        return Ok(ExitStatus::Fine);
    }
    if operations.is_empty() {
        console.message("Nothing was applied here yet.");
    }
    for operation in &operations {
        console.line(line(operation));
    }
    Ok(ExitStatus::Fine)
}

fn line(operation: &Operation) -> String {
    let time = operation.time.strftime("%Y-%m-%d %H:%M:%S UTC");
    format!(
        "{}  {time}  {}  {} files  {}",
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

fn json(operation: &Operation) -> serde_json::Value {
    let files: Vec<&str> = operation.files.iter().map(|entry| entry.path.as_str()).collect();
    serde_json::json!({
        "id": operation.id.to_string(),
        "time": operation.time.to_string(),
        "kind": kind(operation),
        "title": operation.title,
        "files": files,
    })
}
