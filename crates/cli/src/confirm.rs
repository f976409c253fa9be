//! Consent: nothing is changed that nobody agreed to.

use crate::args::Consent;
use crate::console::Console;
use crate::error::Failure;

/// Whether the change may be made: `--yes` was given, or a person says yes.
///
/// # Errors
///
/// [`Failure`] when there is nobody to ask.
pub fn agree(console: &mut Console<'_>, consent: Consent, question: &str) -> Result<bool, Failure> {
    if consent.yes {
        return Ok(true);
    }
    if !console.asks() {
        return Err(Failure::hinted("there is no terminal to ask on", "`--yes` goes ahead without asking"));
    }
    Ok(console.ask(question))
}

/// Refuses consent to what only shows a plan.
///
/// # Errors
///
/// [`Failure`] when `--yes` was given.
pub fn refuse_consent(consent: Consent) -> Result<(), Failure> {
    if !consent.yes {
        return Ok(());
    }
    Err(Failure::hinted(
        "`--yes` goes ahead, and a plan that is only shown or saved does not",
        "leave `--yes` out, or `repot apply FILE` a plan that was saved",
    ))
}
