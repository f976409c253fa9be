//! The baseline: findings that are accepted for now. It may only shrink.
//!
//! An entry is a line: the rule, the file, what the finding is about, and how
//! many there are. There are no line numbers, so that moving code about changes
//! nothing; the lines are sorted, so that two branches merge.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use repot_change::RelPath;
use thiserror::Error;

use crate::{Audit, Finding};

/// The rule of an entry that is no longer needed.
pub const STALE_BASELINE: &str = "stale-baseline";

const HEAD: &str = "# Findings that `repot check` accepts for now. Lines go; none is added.\n";

/// Accepted findings, by what they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Baseline {
    entries: BTreeMap<Key, Entry>,
}

/// Rule, file, subject.
type Key = (String, RelPath, String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    count: usize,
    /// Its line in the file, counted from 1.
    line: usize,
}

/// Why a text is no baseline.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: `{text}` is no entry: {reason}")]
pub struct BaselineError {
    /// The line, counted from 1.
    pub line: usize,
    /// The line as it stands.
    pub text: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl Baseline {
    /// The name of the file at the root of the tree.
    pub const FILE: &'static str = "repot-baseline.txt";

    /// The baseline of everything that was found.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let mut entries: BTreeMap<Key, Entry> = BTreeMap::new();
        for finding in findings.iter().filter(|finding| finding.rule != STALE_BASELINE) {
            entries.entry(key(finding)).or_insert(Entry { count: 0, line: 0 }).count += 1;
        }
        Self { entries }
    }

    /// Reads what [`Self::text`] wrote, and what a merge made of it: an entry
    /// that stands twice counts as its greatest count.
    ///
    /// # Errors
    ///
    /// [`BaselineError`] for the first line that is no entry.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let mut entries: BTreeMap<Key, Entry> = BTreeMap::new();
        for (at, text) in text.lines().enumerate().filter(|(_, text)| !is_comment(text)) {
            let line = at + 1;
            let wrong = |reason| BaselineError { line, text: text.to_owned(), reason };
            let (key, count) = read(text).map_err(wrong)?;
            let entry = entries.entry(key).or_insert(Entry { count, line });
            entry.count = entry.count.max(count);
        }
        Ok(Self { entries })
    }

    /// The file: one entry on each line, sorted.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        for ((rule, path, subject), entry) in &self.entries {
            let path = path.as_str().replace('%', "%25").replace(' ', "%20");
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{rule} {path} {} {}", subject.replace('\n', " "), entry.count);
        }
        text
    }

    /// How many findings are accepted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.values().map(|entry| entry.count).sum()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What both accept: the baseline after a run that found `other`.
    #[must_use]
    pub fn shrunk_to(&self, other: &Self) -> Self {
        let both = |(key, entry): (&Key, &Entry)| {
            let count = entry.count.min(other.entries.get(key)?.count);
            Some((key.clone(), Entry { count, line: 0 }))
        };
        Self { entries: self.entries.iter().filter_map(both).collect() }
    }

    /// Takes what is accepted out of the findings of `audit`; of several alike
    /// the first ones.
    pub fn accept(&self, audit: &mut Audit) {
        let mut left: BTreeMap<&Key, usize> =
            self.entries.iter().map(|(key, entry)| (key, entry.count)).collect();
        let before = audit.findings.len();
        audit.findings.retain(|finding| match left.get_mut(&key(finding)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        });
        audit.accepted = before - audit.findings.len();
    }

    /// The entries that accept more than `found` has. What was not measured, or
    /// stands in a file that could not be read, is not judged.
    #[must_use]
    pub fn stale(
        &self,
        found: &Self,
        is_measured: impl Fn(&str) -> bool,
        is_read: impl Fn(&RelPath) -> bool,
    ) -> Vec<Finding> {
        let file = RelPath::new(Self::FILE).unwrap_or_else(|_| RelPath::root());
        let stale = |(key, entry): (&Key, &Entry)| {
            let (rule, path, subject) = key;
            let there = found.entries.get(key).map_or(0, |entry| entry.count);
            if there >= entry.count || !is_measured(rule) || !is_read(path) {
                return None;
            }
            let message = match there {
                0 => format!("`{rule}` of `{subject}` in {path} is mended"),
                there => {
                    format!(
                        "`{rule}` of `{subject}` in {path}: {} are accepted, {there} are left",
                        entry.count
                    )
                }
            };
            let hint = "`repot check --update-baseline` takes the entry out".to_owned();
            Some(Finding::on_line(STALE_BASELINE, &file, entry.line, message, Some(hint)))
        };
        self.entries.iter().filter_map(stale).collect()
    }
}

fn key(finding: &Finding) -> Key {
    // One line, so that what is compared is what a file can hold.
    let subject = finding.subject.split_whitespace().collect::<Vec<_>>().join(" ");
    (finding.rule.to_owned(), finding.path.clone(), subject)
}

fn is_comment(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with('#')
}

fn read(line: &str) -> Result<(Key, usize), &'static str> {
    let expected = "write `RULE FILE SUBJECT COUNT`";
    if line.starts_with("<<<<<<<") || line.starts_with("=======") || line.starts_with(">>>>>>>") {
        return Err("a merge is not finished; keep the lines of both sides");
    }
    let (rule, rest) = line.split_once(' ').ok_or(expected)?;
    let (path, rest) = rest.split_once(' ').ok_or(expected)?;
    let (subject, count) = rest.rsplit_once(' ').unwrap_or(("", rest));
    let count = count.trim_end().parse().ok().filter(|count| *count > 0);
    let path = RelPath::new(&path.replace("%20", " ").replace("%25", "%"));
    let path = path.map_err(|_| "the file is no path within the workspace")?;
    Ok(((rule.to_owned(), path, subject.to_owned()), count.ok_or("it ends with how many there are")?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finding(rule: &'static str, path: &str, line: usize, subject: &str) -> Finding {
        let path = RelPath::new(path).unwrap();
        Finding::on_line(rule, &path, line, "message".to_owned(), None).about(subject.to_owned())
    }

    fn findings() -> impl Strategy<Value = Vec<Finding>> {
        let one = (
            prop::sample::select(vec!["no-cycles", "domain-imports"]),
            "[a-c %é]{1,3}/[ab]\\.py",
            1_usize..9,
            "[a-b]:[A-B ]{0,2}",
        );
        let one = one.prop_filter_map("a path", |(rule, path, line, subject)| {
            RelPath::new(&path).ok()?;
            Some(finding(rule, &path, line, &subject))
        });
        prop::collection::vec(one, 0..12)
    }

    proptest! {
        #[test]
        fn a_baseline_accepts_exactly_what_it_was_made_of(found in findings(), more in findings()) {
            let baseline = Baseline::of(&found);
            let parsed = Baseline::parse(&baseline.text()).unwrap();
            prop_assert_eq!(parsed.text(), baseline.text());
            let mut audit = Audit { findings: found.clone(), ..Audit::default() };
            parsed.accept(&mut audit);
            prop_assert!(audit.findings.is_empty());
            prop_assert!(parsed.stale(&baseline, |_| true, |_| true).is_empty());
            // What is new is never accepted, and what is gone is always told.
            let all = [found.clone(), more.clone()].concat();
            let mut audit = Audit { findings: all, ..Audit::default() };
            parsed.accept(&mut audit);
            prop_assert_eq!((audit.accepted, audit.findings.len()), (found.len(), more.len()));
            let now = Baseline::of(&more);
            let shrunk = parsed.shrunk_to(&now);
            prop_assert!(shrunk.stale(&now, |_| true, |_| true).is_empty());
            prop_assert_eq!(parsed.stale(&now, |_| true, |_| true).is_empty(), shrunk.len() == parsed.len());
        }
    }

    #[test]
    fn a_partial_run_judges_what_it_read() {
        let baseline = Baseline::of(&[finding("no-cycles", "a.py", 3, "a -> b")]);
        let none = Baseline::default();
        assert_eq!(baseline.stale(&none, |_| true, |_| true).len(), 1);
        assert!(baseline.stale(&none, |rule| rule != "no-cycles", |_| true).is_empty());
        assert!(baseline.stale(&none, |_| true, |path| path.as_str() != "a.py").is_empty());
    }

    #[test]
    fn a_wrong_line_is_told() {
        for line in [
            "no-cycles",
            "no-cycles a.py",
            "no-cycles a.py x",
            "no-cycles a.py x 0",
            "r ../a x 1",
            "<<<<<<< HEAD",
        ] {
            let error = Baseline::parse(&format!("# head\n{line}\n")).unwrap_err();
            assert_eq!((error.line, error.text.as_str()), (2, line));
        }
        assert!(Baseline::parse("no-cycles a.py  1\n\n# x\n").is_ok());
    }
}
