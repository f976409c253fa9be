//! `[phase.verify]`: commands, and how long each may take.
//!
//! Whether a command exists is found when it is run.

use std::time::Duration;

use jiff::SignedDuration;

use super::Reader;
use crate::reader::Table;
use crate::{RoadmapProblem, Spanned, Verify};

const VERIFY: &[&str] = &["command", "commands", "timeout"];

impl Reader<'_> {
    /// The commands of the phase `phase`; none when it says nothing.
    pub(super) fn verify(&mut self, phase: &Table<'_>) -> Verify {
        let Some(table) = phase.table("verify", &mut self.problems) else { return Verify::default() };
        let table = self.open(table, "phase.verify", VERIFY);
        let mut commands: Vec<_> = table.name_text("command", &mut self.problems).into_iter().collect();
        let several = table.texts("commands", &mut self.problems);
        for empty in several.iter().filter(|command| command.value.trim().is_empty()) {
            self.problems.add(empty.span.clone(), "a command is empty".to_owned(), None);
        }
        commands.extend(several);
        if table.has("command") && table.has("commands") {
            let message = "`command` and `commands` are both given".to_owned();
            let problem = RoadmapProblem::new(&self.problems.file, table.key_span("commands"), message);
            self.problems.push(problem.related(table.key_span("command"), "the other one"));
        } else if !table.has("commands") {
            table.require(
                "command",
                "add a `command`, such as `command = \"pytest -q\"`",
                &mut self.problems,
            );
        }
        let timeout = table.text("timeout", &mut self.problems).and_then(|text| self.duration(&text));
        Verify { commands, timeout }
    }

    /// How long a command may take.
    pub(super) fn duration(&mut self, text: &Spanned<String>) -> Option<Duration> {
        let parsed = text.value.parse::<SignedDuration>().ok().and_then(|span| Duration::try_from(span).ok());
        let duration = parsed.filter(|duration| !duration.is_zero());
        if duration.is_none() {
            let message = format!("`{}` is no duration that a command could take", text.value);
            let hint = "write `90s`, `10m` or `1h 30m`".to_owned();
            self.problems.add(text.span.clone(), message, Some(hint));
        }
        duration
    }
}
