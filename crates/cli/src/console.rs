//! The console: results to one side, messages to the other.
//!
//! A reader who goes away (`repot plan | head`) is no failure: what cannot be
//! written any more is dropped.

use std::io::{BufRead, Write};

use anstyle::{AnsiColor, Style};

use crate::Environment;
use crate::error::Failure;
use crate::settings::Settings;

/// Where a run writes to and is answered from.
pub struct Console<'a> {
    input: &'a mut dyn BufRead,
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
    err_color: bool,
    quiet: bool,
    asks: bool,
}

impl<'a> Console<'a> {
    /// The console of a run.
    pub fn new(settings: &Settings, environment: Environment<'a>) -> Self {
        let Environment { input, out, err, .. } = environment;
        Self { input, out, err, err_color: settings.err_color, quiet: settings.quiet, asks: settings.asks }
    }

    /// Writes a part of the result.
    pub fn result(&mut self, text: impl AsRef<[u8]>) {
        let _ = self.out.write_all(text.as_ref());
    }

    /// Writes a line of the result.
    pub fn line(&mut self, text: impl AsRef<str>) {
        self.result(text.as_ref());
        self.result("\n");
    }

    /// Writes a JSON value, indented.
    pub fn json(&mut self, value: &serde_json::Value) {
        self.line(format!("{value:#}"));
    }

    /// Writes a message, unless messages are held back.
    pub fn message(&mut self, text: impl AsRef<str>) {
        if !self.quiet {
            // Results that were written before come first on the screen.
            let _ = self.out.flush();
            let _ = writeln!(self.err, "{}", text.as_ref());
        }
    }

    /// Writes what went wrong and what to do, however quiet the run is.
    pub fn failure(&mut self, failure: &Failure) {
        let _ = self.out.flush();
        let _ = self.err.write_all(failure.render(self.err_color).as_bytes());
    }

    /// Asks a question that is answered by yes or no; no without a person.
    pub fn ask(&mut self, question: &str) -> bool {
        let answer = self.answer(&format!("{question} [y/N] "));
        answer.is_some_and(|answer| matches!(answer.as_str(), "y" | "Y" | "yes"))
    }

    /// Asks a question and gives the answer without blanks around it; `None`
    /// when nobody answers any more.
    pub fn answer(&mut self, question: &str) -> Option<String> {
        let _ = self.out.flush();
        let _ = self.err.write_all(question.as_bytes());
        let _ = self.err.flush();
        let mut answer = String::new();
        let read = self.input.read_line(&mut answer).unwrap_or_default();
        (read > 0).then(|| answer.trim().to_owned())
    }

    /// Whether a person can be asked.
    pub fn asks(&self) -> bool {
        self.asks
    }

    /// Writes out what is still held.
    pub fn finish(&mut self) {
        let _ = self.out.flush();
        let _ = self.err.flush();
    }
}

/// `text` in `style`, or as it is.
pub fn paint(color: bool, style: Style, text: &str) -> String {
    if color { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

/// The style of the word `error`.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();

/// The style of the word `hint`.
pub const HINT: Style = AnsiColor::Cyan.on_default().bold();
