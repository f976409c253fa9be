//! `repot merge`: one package goes into another, with every reference.

use repot_codemods::merge_packages::MergePackages;
use repot_roadmap::Phase;

use crate::ExitStatus;
use crate::args;
use crate::console::Console;
use crate::error::Failure;
use crate::settings::Settings;
use crate::single::{self, Single};

/// Plans the merge as a phase of its own, shows it, asks, and carries it out.
pub fn run(
    args: &args::Merge,
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<ExitStatus, Failure> {
    let single = Single {
        phase: phase(args)?,
        only_shows: args.dry_run,
        checks: args.check,
        nothing: "Nothing to merge.",
    };
    single.run((&args.preview, &args.landing, args.consent), settings, console)
}

/// The merge as a phase with one step.
fn phase(args: &args::Merge) -> Result<Phase, Failure> {
    let (only, take) = (args.only.join(","), args.take.join(","));
    let mut pairs = vec![("from", args.from.as_str()), ("into", args.into.as_str())];
    pairs.extend((!only.is_empty()).then_some(("only", only.as_str())));
    pairs.extend((!take.is_empty()).then_some(("take", take.as_str())));
    let until = single::until(args.shim_until);
    pairs.extend([("old", args.old.as_str()), ("retire", if args.no_retire { "false" } else { "true" })]);
    pairs.extend((args.old == "shim").then_some(("shim-until", until.as_str())));
    let title = format!("Merge {} into {}", args.from, args.into);
    single::phase(&MergePackages, "merge", title, &pairs)
}
