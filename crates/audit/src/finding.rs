//! One violation of one rule, and where it stands.
//!
//! A value: which rules exist and how they are looked for is known elsewhere.

use std::cmp::Ordering;

use repot_change::RelPath;
use serde::Serialize;

/// One violation.
///
/// Findings order by the place and then by the rule, as a person reads a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule, in kebab-case, such as `legacy-imports`.
    pub rule: &'static str,
    /// The file.
    pub path: RelPath,
    /// The line of its first character, counted from 1.
    pub line: usize,
    /// The column of its first character, in characters, counted from 1.
    pub column: usize,
    /// The line and column behind its last character, counted alike.
    pub end: Option<(usize, usize)>,
    /// What is wrong, as one sentence without a full stop.
    pub message: String,
    /// What it is about, wherever in the file it stands: with the rule and the
    /// file it names the finding in a baseline. Often what is imported.
    pub subject: String,
    /// The command that fixes it, or what to do.
    pub hint: Option<String>,
}

impl Finding {
    /// The same, about `subject`.
    #[must_use]
    pub fn about(self, subject: String) -> Self {
        Self { subject, ..self }
    }

    /// Place, rule, then the rest, so that equal findings alone compare equal.
    fn key(&self) -> impl Ord + '_ {
        (&self.path, self.line, self.column, self.rule, self.end, &self.message, &self.subject, &self.hint)
    }
}

impl PartialOrd for Finding {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Finding {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(path: &str, line: usize, column: usize, rule: &'static str) -> Finding {
        let path = RelPath::new(path).unwrap();
        Finding {
            rule,
            path,
            line,
            column,
            end: None,
            message: String::new(),
            subject: String::new(),
            hint: None,
        }
    }

    #[test]
    fn stands_in_the_order_of_reading() {
        let sorted = [
            finding("a/b.py", 9, 1, "syntax"),
            finding("a-b.py", 2, 9, "syntax"),
            finding("a-b.py", 10, 3, "dangling-imports"),
            finding("a-b.py", 10, 3, "legacy-imports"),
            finding("a-b.py", 10, 20, "dangling-imports"),
        ];
        let mut shuffled = sorted.clone();
        shuffled.reverse();
        shuffled.sort();
        assert_eq!(shuffled, sorted);
    }

    #[test]
    fn only_equal_findings_compare_equal() {
        let one = finding("a.py", 1, 1, "syntax");
        let other = Finding { message: "unexpected indent".to_owned(), ..one.clone() };
        assert_ne!(one.cmp(&other), Ordering::Equal);
    }
}
