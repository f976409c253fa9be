//! `repot merge`: one package goes into another, with every reference.

use repot_apply::{OperationKind, Repository, State};
use repot_codemods::merge_packages::{MergePackages, is_package};
use repot_roadmap::Phase;

use crate::ExitStatus;
use crate::args;
use crate::console::Console;
use crate::error::Failure;
use crate::session;
use crate::settings::Settings;
use crate::single::{self, Single};

/// What is said when there is nothing to do.
const NOTHING: &str = "Nothing to merge.";

/// Plans the merge as a phase of its own, shows it, asks, and carries it out.
pub fn run(
    args: &args::Merge,
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<ExitStatus, Failure> {
    if was_made(args, settings)? {
        console
            .message(format!("`{}` was merged into `{}` before, as `repot log` says.", args.from, args.into));
        console.message(NOTHING);
        return Ok(ExitStatus::Fine);
    }
    let single =
        Single { phase: phase(args)?, only_shows: args.dry_run, checks: args.check, nothing: NOTHING };
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
    let title = title(args);
    single::phase(&MergePackages, "merge", title, &pairs)
}

fn title(args: &args::Merge) -> String {
    format!("Merge {} into {}", args.from, args.into)
}

/// Whether the journal says that this very merge was made, and the package is not
/// back since. Where there is a roadmap, that says it as well.
fn was_made(args: &args::Merge, settings: &Settings) -> Result<bool, Failure> {
    let title = title(args);
    let operations = Repository::open(&session::root(settings))?.log()?;
    let is_kept = operations.iter().any(|one| {
        one.title == title && one.state == State::Applied && !matches!(one.kind, OperationKind::Undo { .. })
    });
    Ok(is_kept && !is_package(&session::any_workspace(settings)?.0, &args.from))
}
