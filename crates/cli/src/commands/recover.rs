//! `repot recover`: brings the tree back after a run that was cut off.

use repot_apply::{Recovered, Repository};

use crate::ExitStatus;
use crate::args::Consent;
use crate::confirm::agree;
use crate::console::Console;
use crate::error::Failure;
use crate::session;
use crate::settings::Settings;

/// Says what was cut off, asks, and recovers.
pub fn run(consent: Consent, settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    let repository = Repository::open(&session::root(settings))?;
    let lock = repository.lock()?;
    let Some(operation) = repository.unfinished()? else {
        console.message("Nothing to recover: no run was cut off here.");
        return Ok(ExitStatus::Fine);
    };
    console.line(format!("Operation {} ({}) was cut off.", operation.id, operation.title));
    if !agree(console, consent, "Bring the tree to one side of it?")? {
        console.message("Nothing was changed.");
        return Ok(ExitStatus::Fine);
    }
    match repository.recover(&lock)? {
        None => console.message("Nothing to recover."),
        Some(Recovered::Back(_)) => console.message("Recovered: the tree is as it was before the operation."),
        Some(Recovered::Forward(_)) => console.message("Recovered: the operation is complete."),
    }
    Ok(ExitStatus::Fine)
}
