//! `repot demo`: the whole journey on a small monorepo that ships with Repot.

use std::path::{Path, PathBuf};

use include_dir::{Dir, DirEntry, include_dir};
use repot_change::{Content, RelPath};

use super::{apply, check, init, plan, undo};
use crate::ExitStatus;
use crate::args::{self, Consent};
use crate::console::Console;
use crate::error::Failure;
use crate::settings::Settings;

static TREE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../demo");

/// Unpacks the monorepo and goes through the journey: survey, diff, apply,
/// check, undo.
pub fn run(args: &args::Demo, settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    let root = folder(args, settings)?;
    let files = files()?;
    let count = files.len();
    repot_apply::write_new(&root, files)?;
    let settings = Settings { root: Some(root.clone()), ..settings.clone() };
    title(console, "0", &format!("A small monorepo of {count} files, in {}", root.display()));
    journey(&settings, console)?;
    title(console, "✓", "The tree is as it was, and it is yours to try");
    console.line(format!("  cd {}\n  repot plan\n  repot apply", root.display()));
    Ok(ExitStatus::Fine)
}

fn journey(settings: &Settings, console: &mut Console<'_>) -> Result<(), Failure> {
    let consent = Consent { yes: true };
    title(
        console,
        "1",
        "repot init --legacy-root monorepo --legacy-root legacy_shop: survey the tree, write a roadmap",
    );
    let roots = vec!["monorepo".to_owned(), "legacy_shop".to_owned()];
    init::run(&args::Init { legacy_root: roots, roadmap: None, stdout: false }, settings, console)?;
    title(console, "2", "repot plan: the exact diff, and what is left to a person");
    let request = args::Plan::default();
    plan::run(&request, settings, console)?;
    title(console, "3", "repot apply: all of it or nothing");
    apply::run(&args::Apply { consent, ..Default::default() }, settings, console)?;
    title(console, "4", "repot check --output-format concise: what is left, for CI");
    let settings_concise = Settings { format: args::Format::Concise, ..settings.clone() };
    check::run(&args::Check::default(), &settings_concise, console)?;
    title(console, "5", "repot undo: back, byte for byte");
    undo::run(&args::Undo { id: None, consent }, settings, console)?;
    Ok(())
}

fn title(console: &mut Console<'_>, number: &str, text: &str) {
    console.line(format!("\n── {number} ── {text}\n"));
}

/// The folder that was named, or a new temporary one that stays.
fn folder(args: &args::Demo, settings: &Settings) -> Result<PathBuf, Failure> {
    match &args.into {
        Some(into) => Ok(settings.current_dir.join(into)),
        None => {
            let made = tempfile::Builder::new().prefix("repot-demo-").tempdir();
            made.map(tempfile::TempDir::keep).map_err(|error| {
                Failure::hinted(
                    format!("no temporary folder could be made: {error}"),
                    "name one with `--into DIR`",
                )
            })
        }
    }
}

fn files() -> Result<Vec<(RelPath, Content)>, Failure> {
    let mut files = Vec::new();
    collect(&TREE, &mut files)
        .map_err(|path| Failure::new(format!("{}: is no path for the demo", path.display())))?;
    Ok(files)
}

fn collect<'a>(folder: &'a Dir<'_>, files: &mut Vec<(RelPath, Content)>) -> Result<(), &'a Path> {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(inner) => collect(inner, files)?,
            DirEntry::File(file) => {
                let path =
                    file.path().to_str().and_then(|text| RelPath::new(text).ok()).ok_or(file.path())?;
                files.push((path, Content::plain(file.contents())));
            }
        }
    }
    Ok(())
}
