//! How far a trial is: a line that is drawn anew on a terminal, and one plain
//! line for each run elsewhere; and how many of many things are done.

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

/// Tells how many of many things are done: a bar on a terminal, and nothing
/// elsewhere.
pub struct Counted(Option<ProgressBar>);

impl Counted {
    /// A bar for things that are called `noun`.
    pub fn new(noun: &'static str, settings: &Settings) -> Self {
        if !settings.err_is_terminal || settings.quiet {
            return Self(None);
        }
        let style = ProgressStyle::with_template("{spinner} {bar:30} {pos}/{len} {msg} ({elapsed})");
        let target = ProgressDrawTarget::stderr_with_hz(RATE);
        let bar = ProgressBar::with_draw_target(Some(0), target).with_message(noun);
        Self(Some(match style {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }))
    }

    /// So many more are to be done.
    pub fn add(&self, count: usize) {
        self.0.iter().for_each(|bar| bar.inc_length(count as u64));
    }

    /// One more is done.
    pub fn step(&self) {
        self.0.iter().for_each(|bar| bar.inc(1));
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.iter().for_each(ProgressBar::finish_and_clear);
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
