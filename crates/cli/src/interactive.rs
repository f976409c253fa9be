//! The review on a terminal: one hunk after the other, as in `git add -p`.
//!
//! Nothing is written here: the answers only say what the plan holds.

use repot_change::{Evidence, RelPath};
use repot_codemod::{Hunk, Review};
use repot_report::Style;

use crate::console::Console;
use crate::error::Failure;
use crate::settings::Settings;

const HELP: &str = "\
y - take this hunk
n - leave this hunk out
a - take this hunk and all later ones of the file
d - leave out this hunk and all later ones of the file
e - explain this hunk: the evidence behind it
q - quit: leave out this hunk and all that follow
? - this help
The plan is shown, and you are asked again, before anything is written.";

/// A person at a terminal.
pub struct Interactive<'a, 'c> {
    console: &'a mut Console<'c>,
    style: Style,
    /// What is answered without asking, for the rest of one file.
    standing: Option<(RelPath, bool)>,
    has_quit: bool,
    /// Whether the terminal went away.
    is_gone: bool,
}

impl<'a, 'c> Interactive<'a, 'c> {
    /// Opens the review.
    ///
    /// # Errors
    ///
    /// [`Failure`] when there is nobody to ask.
    pub fn new(settings: &Settings, console: &'a mut Console<'c>) -> Result<Self, Failure> {
        if !console.asks() {
            return Err(Failure::hinted(
                "there is no terminal to ask on",
                "`--interactive` needs one; `--package`, `--path`, `--step` and `--only` do not",
            ));
        }
        Ok(Self { console, style: settings.style(), standing: None, has_quit: false, is_gone: false })
    }

    /// Ends the review.
    ///
    /// # Errors
    ///
    /// [`Failure`] when the terminal went away in the middle.
    pub fn finish(self) -> Result<(), Failure> {
        if self.is_gone { Err(Failure::new("the terminal went away; nothing was changed")) } else { Ok(()) }
    }

    /// Whether one hunk is wanted.
    fn ask(&mut self, hunk: &Hunk, place: &str) -> bool {
        let path = hunk.delta.path().cloned().unwrap_or_else(RelPath::root);
        if self.has_quit {
            return false;
        }
        match &self.standing {
            Some((file, answer)) if *file == path => return *answer,
            _ => self.standing = None,
        }
        self.console.result(repot_report::diff(&hunk.delta, self.style));
        loop {
            let question = format!("({place}) Take this hunk [y,n,a,d,e,q,?]? ");
            let Some(answer) = self.console.answer(&question) else {
                (self.is_gone, self.has_quit) = (true, true);
                return false;
            };
            match answer.as_str() {
                "y" => return true,
                "n" => return false,
                "a" | "d" => {
                    self.standing = Some((path, answer == "a"));
                    return answer == "a";
                }
                "q" => {
                    self.has_quit = true;
                    return false;
                }
                "e" => {
                    let evidence: Vec<&Evidence> = hunk.evidence.iter().collect();
                    self.console.result(repot_report::explain(&evidence, self.style));
                }
                _ => self.console.line(HELP),
            }
        }
    }
}

impl Review for Interactive<'_, '_> {
    fn review(&mut self, codemod: &str, hunks: &[Hunk]) -> Vec<bool> {
        let mut answers = Vec::with_capacity(hunks.len());
        for (index, hunk) in hunks.iter().enumerate() {
            let place = format!("{codemod}, {} {} of {}", hunk.class.name(), index + 1, hunks.len());
            answers.push(self.ask(hunk, &place));
        }
        self.standing = None;
        answers
    }
}
