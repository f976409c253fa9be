//! One file of one class of one step, as a page has it.

use std::collections::BTreeMap;

use repot_change::{Class, Content, FileDelta, PlannedStep, RelPath};
use serde_json::Value;

use super::colors::Pen;
use super::hunk::Writer;
use crate::diff::{Hunk, bytes, is_binary};
use crate::lines::{Change, Comparison};
use crate::words::count;

/// How many lines of one file are shown, at most.
const MOST_ROWS: usize = 3000;

/// What a step does to one file in one class, or what it has to say of it.
pub(crate) struct Entry<'a> {
    /// The class.
    pub class: Class,
    /// What happens to the file: `edit`, `create`, `delete`, `move`, or `stay`.
    pub change: &'static str,
    /// The path after, or that of a file that goes.
    pub path: &'a RelPath,
    /// The path before, where it is another one.
    pub moved_from: Option<&'a RelPath>,
    /// What there is to say of the file as a whole.
    pub remarks: Vec<String>,
    /// The hunks.
    pub hunks: Vec<Value>,
    /// The lines of each hunk in the file before this class.
    pub ranges: Vec<std::ops::Range<usize>>,
    /// What changes, line by line.
    pub changes: Vec<Change>,
    /// How many lines are added.
    pub added: usize,
    /// How many lines are removed.
    pub removed: usize,
}

impl<'a> Entry<'a> {
    /// A file of which the step only speaks.
    pub(crate) fn stays(class: Class, path: &'a RelPath) -> Self {
        Self {
            class,
            change: "stay",
            path,
            moved_from: None,
            remarks: Vec::new(),
            hunks: Vec::new(),
            ranges: Vec::new(),
            changes: Vec::new(),
            added: 0,
            removed: 0,
        }
    }

    /// What `delta` does; `None` when it names no file.
    pub(crate) fn of(class: Class, delta: &'a FileDelta) -> Option<Self> {
        let mut entry = Self::stays(class, delta.path()?);
        entry.moved_from = delta.moved().map(|(_, from)| from);
        entry.change = match (&delta.old, &delta.new) {
            (None, _) => "create",
            (_, None) => "delete",
            _ if entry.moved_from.is_some() => "move",
            _ => "edit",
        };
        entry.remarks = mode(delta).into_iter().collect();
        let (old, new) = (bytes(delta.old.as_ref()), bytes(delta.new.as_ref()));
        if is_binary(delta) {
            entry.remarks.extend((old != new).then(|| "a binary file; its bytes are not shown".to_owned()));
        } else if old != new {
            entry.compare(&Comparison::of(old, new));
        }
        Some(entry)
    }

    fn compare(&mut self, compared: &Comparison<'_>) {
        (self.added, self.removed) = (compared.added(), compared.removed());
        let hunks = Hunk::all(compared);
        let mut writer = Writer::new(compared, Pen::of(self.path), MOST_ROWS);
        for hunk in &hunks {
            let Some(value) = writer.hunk(hunk) else { break };
            self.hunks.push(value);
            self.ranges.push(hunk.old.clone());
        }
        let left = writer.left_out();
        let left = left + hunks.iter().skip(self.hunks.len()).map(lines).sum::<usize>();
        if left > 0 {
            self.remarks.push(format!("{} of this file are not on the page", count(left, "line")));
        }
        self.changes.clone_from(&compared.changes);
    }

    /// The hunk that shows the line `line` of the file before this class.
    pub(crate) fn hunk_at(&self, line: usize) -> Option<usize> {
        self.ranges.iter().position(|range| range.contains(&line.saturating_sub(1)))
    }

    /// Where the line `line`, counted from 1, stands after this class.
    pub(crate) fn shifted(&self, line: usize) -> usize {
        let at = line.saturating_sub(1);
        let Some(change) = self.changes.iter().rev().find(|change| change.old.start <= at) else {
            return line;
        };
        let within = (at - change.old.start).min(change.new.len().saturating_sub(1));
        let shifted = if at < change.old.end {
            change.new.start + within
        } else {
            change.new.end + at - change.old.end
        };
        shifted + 1
    }
}

/// How many rows a hunk takes.
fn lines(hunk: &Hunk<'_>) -> usize {
    let added: usize = hunk.changes.iter().map(|change| change.new.len()).sum();
    hunk.old.len() + added
}

fn mode(delta: &FileDelta) -> Option<String> {
    let is_executable = |side: &(RelPath, Content)| side.1.executable;
    match (delta.old.as_ref().map(is_executable), delta.new.as_ref().map(is_executable)) {
        (Some(false), Some(true)) => Some("becomes executable".to_owned()),
        (Some(true), Some(false)) => Some("is no longer executable".to_owned()),
        (None, Some(true)) => Some("is executable".to_owned()),
        _ => None,
    }
}

/// How the entries of a step follow each other: by class and by the path that a
/// file has before the step.
pub(crate) struct Chain<'a> {
    /// The entries of each file, by its path before the step, in their order.
    by_origin: BTreeMap<&'a RelPath, Vec<usize>>,
}

impl<'a> Chain<'a> {
    /// How `entries`, those of one step in their order, follow each other.
    pub(crate) fn of(entries: &[Entry<'a>]) -> Self {
        let mut origins: BTreeMap<&RelPath, &RelPath> = BTreeMap::new();
        let mut by_origin: BTreeMap<&RelPath, Vec<usize>> = BTreeMap::new();
        for (at, entry) in entries.iter().enumerate() {
            let before = entry.moved_from.unwrap_or(entry.path);
            let origin = origins.get(before).copied().unwrap_or(before);
            origins.insert(entry.path, origin);
            by_origin.entry(origin).or_default().push(at);
        }
        Self { by_origin }
    }

    /// The entry of `class` for the file that was `path` before the step, with
    /// the line that `line` has become by then.
    pub(crate) fn find(
        &self,
        entries: &[Entry<'_>],
        class: Class,
        path: &RelPath,
        line: usize,
    ) -> Option<(usize, usize)> {
        let mut line = line;
        for at in self.by_origin.get(path)? {
            let entry = &entries[*at];
            if entry.class == class {
                return Some((*at, line));
            }
            line = entry.shifted(line);
        }
        None
    }
}

/// Every class and delta of a step, in their order.
pub(crate) fn deltas(step: &PlannedStep) -> Vec<(Class, &FileDelta)> {
    step.parts.iter().flat_map(|part| part.deltas.iter().map(|delta| (part.class, delta))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::edited;
    use crate::sample;

    #[test]
    fn a_line_is_followed_through_what_changes_before_it() {
        let delta = edited("a.py", "a\nb\nc\nd\n", "a\nB\nB2\nc\nd\n");
        let entry = Entry::of(Class::Imports, &delta).unwrap();
        assert_eq!([1, 2, 3, 4].map(|line| entry.shifted(line)), [1, 2, 4, 5]);
        let delta = edited("a.py", "a\nb\nc\n", "c\n");
        let entry = Entry::of(Class::Imports, &delta).unwrap();
        assert_eq!([1, 2, 3].map(|line| entry.shifted(line)), [1, 1, 1]);
    }

    #[test]
    fn evidence_finds_its_class_in_a_file_that_moved() {
        let plan = sample::classes();
        let step = &plan.phases[0].steps[0];
        let entries: Vec<Entry<'_>> =
            deltas(step).into_iter().filter_map(|(class, delta)| Entry::of(class, delta)).collect();
        let chain = Chain::of(&entries);
        let before = sample::path("src/shop/core/cart.py");
        assert_eq!(chain.find(&entries, Class::Strings, &before, 3), Some((1, 3)));
        assert_eq!(chain.find(&entries, Class::Prose, &before, 3), None);
        assert_eq!(entries[0].change, "move");
        assert_eq!(entries[1].hunk_at(3), Some(0));
        assert_eq!(entries[1].hunk_at(99), None);
    }

    #[test]
    fn what_is_left_out_is_said() {
        let long = "x\n".repeat(MOST_ROWS + 7);
        let delta = edited("a.py", "", &long);
        let entry = Entry::of(Class::Imports, &delta).unwrap();
        assert_eq!(entry.remarks, ["7 lines of this file are not on the page"]);
        assert_eq!(entry.added, MOST_ROWS + 7);
    }
}
