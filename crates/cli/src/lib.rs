//! The command line of Repot: arguments, settings, exit status.
//!
//! The only printer. What was typed ([`args`]) becomes what is meant
//! ([`settings`]) once; after that nothing reads arguments, the environment or
//! the current directory. Each command has a file of its own and gives back an
//! [`ExitStatus`].

mod args;
mod baseline;
mod commands;
mod confirm;
mod console;
mod earlier;
mod error;
mod exit;
mod gates;
mod ignored;
mod interactive;
mod landing;
mod measured;
mod past;
mod progress;
mod saved;
mod select;
mod session;
mod settings;
mod single;
mod trials;

use std::ffi::OsString;
use std::io::{BufRead, Write};
use std::path::PathBuf;

use clap::Parser;

use args::Args;
use console::Console;
pub use exit::ExitStatus;
use settings::Settings;

/// Everything that a run knows of the world around it.
pub struct Environment<'a> {
    /// The arguments, the program's name first.
    pub args: Vec<OsString>,
    /// The current directory.
    pub current_dir: PathBuf,
    /// Whether `NO_COLOR` is set.
    pub no_color: bool,
    /// Whether `FORCE_COLOR` is set.
    pub force_color: bool,
    /// Whether a person can be asked.
    pub asks: bool,
    /// Whether results go to a terminal.
    pub out_is_terminal: bool,
    /// Whether messages go to a terminal.
    pub err_is_terminal: bool,
    /// Where answers come from.
    pub input: &'a mut dyn BufRead,
    /// Where results go.
    pub out: &'a mut dyn Write,
    /// Where messages go.
    pub err: &'a mut dyn Write,
}

/// Runs one command.
pub fn run(mut environment: Environment<'_>) -> ExitStatus {
    let args = match Args::try_parse_from(&environment.args) {
        Ok(args) => args,
        Err(error) => return usage(&error, &mut environment),
    };
    let settings = Settings::new(&args, &environment);
    let mut console = Console::new(&settings, environment);
    let outcome = commands::run(args.command, &settings, &mut console);
    let status = outcome.unwrap_or_else(|failure| {
        console.failure(&failure);
        ExitStatus::Refused
    });
    console.finish();
    status
}

/// Help and version go to the results, wrong usage to the messages.
fn usage(error: &clap::Error, environment: &mut Environment<'_>) -> ExitStatus {
    let force = environment.force_color;
    let colored = |is_terminal: bool| force || (is_terminal && !environment.no_color);
    let (target, colored, status): (&mut dyn Write, bool, ExitStatus) = match error.use_stderr() {
        true => (environment.err, colored(environment.err_is_terminal), ExitStatus::Refused),
        false => (environment.out, colored(environment.out_is_terminal), ExitStatus::Fine),
    };
    let text = error.render();
    let text = if colored { text.ansi().to_string() } else { text.to_string() };
    // A closed pipe is no reason to fail.
    let _ = target.write_all(text.as_bytes()).and_then(|()| target.flush());
    status
}
