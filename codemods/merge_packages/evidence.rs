//! What a merge says of each file, and how it asks.

use repot_change::{Applicability, Candidate, Class, DecisionKind, Evidence, Outcome, RelPath, Span};
use repot_roadmap::Decide;

/// What is said of one file or name.
pub struct Account {
    /// The class of the change.
    pub class: Class,
    /// The incoming file.
    pub path: RelPath,
    /// The line that matters, counted from 1.
    pub line: usize,
    /// The package of the file.
    pub package: Option<String>,
    /// What it is about: a dotted name, or a path.
    pub subject: String,
    /// The rule, in a few words.
    pub rule: String,
}

impl Account {
    /// An account of a file as a whole.
    pub fn of(class: Class, path: &RelPath, subject: String, rule: String) -> Self {
        Self { class, path: path.clone(), line: 1, package: None, subject, rule }
    }

    /// It goes to `to`.
    pub fn goes(self, to: &RelPath) -> Evidence {
        let outcome = Outcome::Rewritten { to: to.to_string(), applicability: Applicability::Certain };
        self.with(outcome, Vec::new())
    }

    /// It goes to `to`, and deserves a look.
    pub fn review(self, to: String) -> Evidence {
        self.with(Outcome::Rewritten { to, applicability: Applicability::Review }, Vec::new())
    }

    /// It is dropped, or stays, for `reason`.
    pub fn left(self, reason: String) -> Evidence {
        self.with(Outcome::Skipped { reason }, Vec::new())
    }

    /// A person is to choose.
    pub fn asked(self, candidates: Vec<Candidate>) -> Evidence {
        self.with(Outcome::Decision { decision: DecisionKind::Ambiguous }, candidates)
    }

    fn with(self, outcome: Outcome, candidates: Vec<Candidate>) -> Evidence {
        Evidence {
            class: self.class,
            path: self.path,
            line: self.line,
            span: Span::at(0),
            package: self.package,
            subject: self.subject,
            rule: self.rule,
            candidates,
            winner: None,
            outcome,
            warnings: Vec::new(),
        }
    }
}

/// A path or key as a name that a roadmap can settle.
pub fn spelled(text: &str) -> String {
    let part = |part: &str| part.replace(|c: char| !(c.is_alphanumeric() || c == '_'), "_");
    text.split(['/', '.']).filter(|text| !text.is_empty()).map(part).collect::<Vec<_>>().join(".")
}

/// One of the things that a person may choose.
pub fn candidate(module: &str, path: &RelPath, how: &str) -> Candidate {
    Candidate {
        module: module.to_owned(),
        path: path.clone(),
        package: None,
        how: how.to_owned(),
        suffix: 0,
        reach: String::new(),
        obstacle: None,
    }
}

/// What a person chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The incoming one takes the place of the other.
    Source,
    /// Both stay, each under its name.
    Both,
}

/// What was chosen for `subject`, of which the incoming one is called `source`.
pub fn chosen(decided: &[Decide], subject: &str, source: &str) -> Option<Choice> {
    let entry = decided.iter().find(|one| one.symbol.value == subject)?;
    let target = entry.target.as_ref().map(|target| target.value.as_str());
    Some(if target == Some(source) { Choice::Source } else { Choice::Both })
}
