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
