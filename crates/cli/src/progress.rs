//! How far a trial is: a line that is drawn anew on a terminal, and one plain
//! line for each run elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use repot_trial::{Trying, Watch};

use crate::console::Console;
use crate::settings::Settings;

/// How often a second the line is drawn.
const RATE: u8 = 10;

/// How many characters of a command are drawn.
const COMMAND: usize = 40;

/// Tells of runs as they go.
pub struct Progress<'a, 'c> {
    console: &'a mut Console<'c>,
    is_drawn: bool,
    bar: Option<ProgressBar>,
}

impl<'a, 'c> Progress<'a, 'c> {
    /// Progress that is told on `console`.
    pub fn new(console: &'a mut Console<'c>, settings: &Settings) -> Self {
        Self { console, is_drawn: settings.err_is_terminal && !settings.quiet, bar: None }
    }
}

impl Watch for Progress<'_, '_> {
    fn begins(&mut self, trying: Trying<'_>) {
        self.ends();
        let Trying { command, phase, side } = trying;
        let side = side.name();
        if !self.is_drawn {
            self.console.message(format!("Running `{command}` in a copy of the tree {side} phase `{phase}`"));
            return;
        }
        let text = format!("{side} `{phase}`: {}", shorten(command));
        let style = ProgressStyle::with_template("{spinner} {prefix} ({elapsed}) {wide_msg:.dim}");
        let target = ProgressDrawTarget::stderr_with_hz(RATE);
        let bar = ProgressBar::with_draw_target(None, target).with_prefix(text);
        let bar = match style {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        };
        bar.tick();
        self.bar = Some(bar);
    }

    fn goes_on(&mut self, _elapsed: Duration, line: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(line.replace(char::is_control, " "));
            bar.tick();
        }
    }

    fn ends(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

/// A command line on one line, with room for what it prints beside it.
fn shorten(command: &str) -> String {
    let words: Vec<&str> = command.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(COMMAND) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

impl Drop for Progress<'_, '_> {
    fn drop(&mut self) {
        self.ends();
    }
}
