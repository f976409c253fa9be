//! The commands, one file each.

pub mod apply;
mod check;
mod codemods;
mod demo;
mod explain;
mod graph;
mod init;
mod log;
mod merge;
mod r#move;
pub mod plan;
mod recover;
mod redo;
mod report;
mod run;
mod show;
mod status;
mod undo;

use crate::ExitStatus;
use crate::args::Command;
use crate::console::Console;
use crate::error::Failure;
use crate::settings::Settings;

/// Runs `command`.
///
/// # Errors
///
/// [`Failure`] when there is no result to speak of.
pub fn run(command: Command, settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    match command {
        Command::Init(args) => init::run(&args, settings, console),
        Command::Status(args) => status::run(&args, settings, console),
        Command::Plan(args) => plan::run(&args, settings, console),
        Command::Show(args) => show::run(&args, settings, console),
        Command::Apply(args) => apply::run(&args, settings, console),
        Command::Undo(args) => undo::run(&args, settings, console),
        Command::Redo(consent) => redo::run(consent, settings, console),
        Command::Log(args) => log::run(&args, settings, console),
        Command::Recover(consent) => recover::run(consent, settings, console),
        Command::Check(args) => check::run(&args, settings, console),
        Command::Report(args) => report::run(&args, settings, console),
        Command::Graph(args) => graph::run(&args, settings, console),
        Command::Explain(args) => explain::run(&args, settings, console),
        Command::Move(args) => r#move::run(&args, settings, console),
        Command::Merge(args) => merge::run(&args, settings, console),
        Command::Run(args) => run::run(&args, settings, console),
        Command::Codemods => codemods::run(console),
        Command::Demo(args) => demo::run(&args, settings, console),
    }
}
