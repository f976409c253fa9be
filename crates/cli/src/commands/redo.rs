//! `repot redo`: applies again what was last undone.

use repot_apply::Preview;

use crate::ExitStatus;
use crate::args::Consent;
use crate::confirm::agree;
use crate::console::Console;
use crate::error::Failure;
use crate::session;
use crate::settings::Settings;

/// Shows what redoing changes, asks, and redoes.
pub fn run(consent: Consent, settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    let (repository, lock) = session::open_to_write(settings)?;
    let Preview { deltas, merged } = repository.preview_redo()?;
    console.result(repot_report::stat(&deltas, settings.style(), 80));
    for path in &merged {
        console.line(format!("{path} keeps what was done to other lines since."));
    }
    if !agree(console, consent, &format!("Apply {} files again?", deltas.len()))? {
        console.message("Nothing was changed.");
        return Ok(ExitStatus::Fine);
    }
    let operation = repository.redo(&lock)?;
    console.message(format!("Redone: {} files, as operation {}.", operation.files.len(), operation.id));
    Ok(ExitStatus::Fine)
}
