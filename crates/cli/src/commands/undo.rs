//! `repot undo`: takes an applied phase back, byte for byte.

use repot_apply::Preview;

use crate::ExitStatus;
use crate::args;
use crate::confirm::agree;
use crate::console::Console;
use crate::error::Failure;
use crate::session;
use crate::settings::Settings;

/// Shows what undoing changes, asks, and undoes.
pub fn run(args: &args::Undo, settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    let (repository, lock) = session::open_to_write(settings)?;
    let id =
        match &args.id {
            Some(text) => Some(text.parse().map_err(|_| {
                Failure::hinted(format!("`{text}` is no operation"), "`repot log` lists them")
            })?),
            None => None,
        };
    let Preview { deltas, merged } = repository.preview_undo(id.as_ref())?;
    console.result(repot_report::stat(&deltas, settings.style(), 80));
    for path in &merged {
        console.line(format!("{path} keeps what was done to other lines since."));
    }
    if !agree(console, args.consent, &format!("Take back {} files?", deltas.len()))? {
        console.message("Nothing was changed.");
        return Ok(ExitStatus::Fine);
    }
    let operation = repository.undo(&lock, id.as_ref())?;
    let count = operation.files.len();
    console.message(match merged.len() {
        0 => format!("Undone: {count} files are as they were before. `repot redo` applies them again."),
        kept => format!("Undone: {count} files, of which {kept} keep what was done to other lines since. `repot redo` applies them again."),
    });
    Ok(ExitStatus::Fine)
}
