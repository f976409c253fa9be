//! `repot move`: one move of a module, package or symbol, with every reference.

use repot_codemods::move_code::MoveCode;
use repot_roadmap::Phase;

use crate::ExitStatus;
use crate::args;
use crate::console::Console;
use crate::error::Failure;
use crate::settings::Settings;
use crate::single::{self, Single};

/// Plans the move as a phase of its own, shows it, asks, and carries it out.
pub fn run(args: &args::Move, settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    let single = Single {
        phase: phase(args)?,
        only_shows: args.dry_run,
        checks: args.check,
        nothing: "Nothing to move.",
    };
    single.run((&args.preview, &args.landing, args.consent), settings, console)
}

/// The move as a phase with one step.
fn phase(args: &args::Move) -> Result<Phase, Failure> {
    let (old, new) = match args.symbol {
        true => (symbol(&args.old), symbol(&args.new)),
        false => (args.old.clone(), args.new.clone()),
    };
    let (title, only, until) =
        (format!("{old} -> {new}"), args.only.join(","), single::until(args.shim_until));
    let mut pairs = vec![("moves", title.as_str())];
    pairs.extend((!only.is_empty()).then_some(("only", only.as_str())));
    pairs.extend(args.shim.then_some(("shim", "true")));
    pairs.extend(args.shim.then_some(("shim-until", until.as_str())));
    single::phase(&MoveCode, "move", format!("Move {title}"), &pairs)
}

/// `a.b.Name` as the symbol `a.b:Name`.
fn symbol(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((module, symbol)) if !name.contains(':') => format!("{module}:{symbol}"),
        _ => name.to_owned(),
    }
}
