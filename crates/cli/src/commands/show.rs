//! `repot show`: a saved plan, shown again. Nothing is read but the plan.

use super::plan;
use crate::ExitStatus;
use crate::args;
use crate::console::Console;
use crate::error::Failure;
use crate::saved::{load, short};
use crate::settings::Settings;

/// Shows the plan as `repot plan` showed it.
pub fn run(args: &args::Show, settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    let saved = load(&args.file, settings)?;
    plan::show(&saved.plan, &args.view, settings, console)?;
    let at = saved.basis.commit.as_deref().map_or_else(String::new, |id| format!(" at commit {}", short(id)));
    let only = match saved.basis.selection.as_str() {
        "" => String::new(),
        selection => format!(", limited to {selection}"),
    };
    console.message(format!("Planned by repot {}{at}{only}.", saved.basis.made_by));
    Ok(ExitStatus::Fine)
}
