//! `repot redo`: applies again what was last undone.

use super::apply;
use crate::ExitStatus;
use crate::args::Consent;
use crate::confirm::agree;
use crate::console::Console;
use crate::error::Failure;
use crate::settings::Settings;

/// Asks and redoes.
pub fn run(consent: Consent, settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    let (repository, lock) = apply::open(settings)?;
    if !agree(console, consent, "Apply again what was last undone?")? {
        console.message("Nothing was changed.");
        return Ok(ExitStatus::Fine);
    }
    let operation = repository.redo(&lock)?;
    console.message(format!("Redone: {} files, as operation {}.", operation.files.len(), operation.id));
    Ok(ExitStatus::Fine)
}
