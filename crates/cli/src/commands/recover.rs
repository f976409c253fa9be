//! `repot recover`: brings the tree back after a run that was cut off.

use repot_apply::{Recovered, Recovery, Repository};

use crate::ExitStatus;
use crate::args::Consent;
use crate::confirm::agree;
use crate::console::Console;
use crate::error::Failure;
use crate::session;
use crate::settings::Settings;

/// Says what was cut off and where the tree goes, asks, and recovers.
pub fn run(consent: Consent, settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    let repository = Repository::open(&session::root(settings))?.named(&settings.command);
    let lock = repository.lock()?;
    let Some(recovery) = repository.preview_recover()? else {
        console.message("Nothing to recover: no run was cut off here.");
        return Ok(ExitStatus::Fine);
    };
    console.line(outlook(&recovery));
    if !agree(console, consent, "Bring the tree there?")? {
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

/// What was cut off, and to which side of it the tree goes.
fn outlook(recovery: &Recovery) -> String {
    let (Recovered::Back(operation) | Recovered::Forward(operation)) = &recovery.to;
    let (count, files) = (operation.files.len(), recovery.files);
    let way = match recovery.to {
        Recovered::Back(_) => {
            format!("The tree goes back: {files} of its {count} files are put back as they were.")
        }
        Recovered::Forward(_) => format!(
            "The tree goes forward: its {count} files are all written, only the mark that says so is missing."
        ),
    };
    format!("Operation {} ({}) was cut off. {way}", operation.id, operation.title)
}
