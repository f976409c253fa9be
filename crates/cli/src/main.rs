//! The binary: hands the process to [`repot_cli::run`].

#![allow(clippy::disallowed_methods, reason = "the one place that looks at the process")]

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use repot_cli::Environment;

fn main() -> ExitCode {
    let (stdin, stdout, stderr) = (io::stdin(), io::stdout(), io::stderr());
    let has = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let environment = Environment {
        args: std::env::args_os().collect(),
        current_dir: std::env::current_dir().unwrap_or_default(),
        no_color: has("NO_COLOR"),
        force_color: has("FORCE_COLOR"),
        asks: stdin.is_terminal() && stderr.is_terminal(),
        out_is_terminal: stdout.is_terminal(),
        err_is_terminal: stderr.is_terminal(),
        input: &mut stdin.lock(),
        out: &mut io::BufWriter::new(stdout.lock()),
        err: &mut stderr.lock(),
    };
    repot_cli::run(environment).into()
}
