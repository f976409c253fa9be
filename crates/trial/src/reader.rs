//! The problems that lines of output name.
//!
//! Read are the formats that Python's tools have in common: `path:line:column:
//! message` with its kin, the summary of pytest, the headings of unittest, and
//! exceptions. What stands between the headings of failed tests retells them
//! and is passed over.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use repot_change::RelPath;

use crate::steady::steady;

/// How many problems of one output are kept.
pub(crate) const MOST: usize = 50_000;

/// How many characters of a line are shown.
const SHOWN: usize = 500;

/// One problem that a command names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// What is wrong, apart from where in its file.
    pub(crate) key: Key,
    /// The line, in the command's own words.
    pub(crate) line: String,
}

/// What two runs have in common where they name the same problem.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// The file, relative to the root; empty where none is named.
    pub(crate) file: String,
    /// The name of a test, or the message.
    pub(crate) text: String,
    /// Whether this is a test file, or a test, that fails.
    pub(crate) is_test: bool,
}

/// Where in the output of a test runner a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    /// In none.
    Plain,
    /// pytest tells of every failure at length.
    Failures,
    /// pytest sums up.
    Summary,
    /// unittest tells of a failure at length.
    Traceback,
}

/// Reads one line after the other.
#[derive(Debug)]
pub(crate) struct Reader {
    folder: RelPath,
    section: Section,
    /// The line before, for messages that stand above their place.
    above: String,
    /// Failures told at length that no summary has named yet.
    told: Vec<Problem>,
    problems: Vec<Problem>,
}

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($text).expect("the pattern is right"));
    };
}

pattern!(LOCATED, r"^\s{0,2}([^\s:][^:]*?):(\d+)(?::\d+)?(?:-\d+(?::\d+)?)?(?::| -)\s+(\S.*)$");
pattern!(ARROW, r"^\s*--> ([^:]+):\d+(?::\d+)?$");
pattern!(FORMAT, r"^(?:Would reformat: |would reformat )(.+)$");
pattern!(COMPILE, r"^\*\*\* Error compiling '(?:\./)?(.+)'\.\.\.$");
pattern!(CONTRACT, r"^.+ BROKEN$");
pattern!(RAISED, r"^(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*(?:Error|Exception|Exit|Interrupt)(?:: .*)?$");
pattern!(ERROR, r"^(?i:error|fatal)(?:\[[\w-]+\])?: \S");
pattern!(PYTEST, r"^(?:FAILED|ERROR|SUBFAILED\(.*?\)|SUBFAILED\[.*?\]) ([^\s:]+\.\w+)(::.+)?$");
pattern!(UNITTEST, r"^(?:FAIL|ERROR): (\S+ \(.+)$");
pattern!(UNITTEST_END, r"^Ran \d+ tests? in ");
pattern!(TOLD, r"^=+ (?:FAILURES|ERRORS|PASSES|warnings summary.*) =+$");
pattern!(HEADING, r"^_{3,} (.+?) _{3,}$");
pattern!(SUMMARY, r"^=+ short test summary info =+$");
pattern!(PYTEST_END, r"^(?:=+ )?\d+ [a-z]+.* in [\d.]+s\b|^=+ no tests ran in ");
// What a traceback says of a place, and what stops nothing.
pattern!(NO_MESSAGE, r"^(?:in \S+|[A-Z]\w*|(?:\w+\.)*\w+Warning: .*|note: .*|information: .*)$");

impl Reader {
    /// A reader for a command that runs in `folder` of the tree.
    pub(crate) fn new(folder: RelPath) -> Self {
        Self { folder, section: Section::Plain, above: String::new(), told: Vec::new(), problems: Vec::new() }
    }

    /// Reads the next line, without its end.
    pub(crate) fn read(&mut self, line: &str) {
        if self.enters(line) {
            return;
        }
        let problem = match self.section {
            Section::Plain => self.test(line).or_else(|| self.other(line)),
            Section::Summary | Section::Traceback => self.test(line),
            Section::Failures => {
                self.tell(line);
                None
            }
        };
        if self.problems.len() < MOST {
            self.problems.extend(problem);
        }
        line.clone_into(&mut self.above);
    }

    /// Every problem, in the order of the output.
    pub(crate) fn finish(mut self) -> Vec<Problem> {
        self.problems.append(&mut self.told);
        self.problems
    }

    /// Whether `line` begins or ends a section.
    fn enters(&mut self, line: &str) -> bool {
        // Every such line begins with one of these.
        if !line.starts_with(['=', 'R']) && !line.starts_with(|first: char| first.is_ascii_digit()) {
            return false;
        }
        if TOLD.is_match(line) {
            self.section = Section::Failures;
        } else if SUMMARY.is_match(line) {
            self.section = Section::Summary;
            self.told.clear();
        } else if PYTEST_END.is_match(line) || UNITTEST_END.is_match(line) {
            self.section = Section::Plain;
            self.problems.append(&mut self.told);
        } else {
            return false;
        }
        true
    }

    fn tell(&mut self, line: &str) {
        let heading = line.starts_with('_').then(|| HEADING.captures(line)).flatten();
        let told = heading.map(|found| self.problem("", &found[1], line, true));
        self.told.extend(told.filter(|_| self.told.len() < MOST));
    }

    /// A failed test.
    fn test(&mut self, line: &str) -> Option<Problem> {
        if !line.starts_with(['F', 'E', 'S']) {
            return None;
        }
        if let Some(found) = UNITTEST.captures(line) {
            self.section = Section::Traceback;
            return Some(self.problem("", &found[1], line, true));
        }
        let (name, _) = split_reason(line);
        let found = PYTEST.captures(name)?;
        let test = found.get(2).map_or("", |test| test.as_str());
        Some(self.problem(&found[1], test, line, true))
    }

    /// A problem that is no test.
    fn other(&self, line: &str) -> Option<Problem> {
        let file = |found: &Captures<'_>| found.get(1).map_or("", |file| file.as_str()).to_owned();
        if line.contains(':')
            && let Some(found) = LOCATED.captures(line).filter(|found| !NO_MESSAGE.is_match(&found[3]))
        {
            return Some(self.problem(&file(&found), &found[3], line, false));
        }
        if let Some(found) = line.contains("--> ").then(|| ARROW.captures(line)).flatten() {
            let (message, place) = (self.above.trim(), line.trim().trim_start_matches("--> "));
            return Some(self.problem(&file(&found), message, &format!("{place}: {message}"), false));
        }
        if let Some(found) = FORMAT.captures(line).or_else(|| COMPILE.captures(line)) {
            return Some(self.problem(&file(&found), "is refused", line, false));
        }
        let is_error = RAISED.is_match(line) || ERROR.is_match(line) || CONTRACT.is_match(line);
        is_error.then(|| self.problem("", line, line, false))
    }

    fn problem(&self, file: &str, text: &str, line: &str, is_test: bool) -> Problem {
        let key = Key { file: self.below_root(file), text: steady(text), is_test };
        Problem { key, line: line.trim().chars().take(SHOWN).collect() }
    }

    /// `file`, which the command names relative to its folder, seen from the
    /// root. One that was absolute is so already and stays where it is found.
    fn below_root(&self, file: &str) -> String {
        let file = file.trim_start_matches("./");
        if file.is_empty() || self.folder.is_root() || file.starts_with(&format!("{}/", self.folder)) {
            return file.to_owned();
        }
        let mut parts: Vec<&str> = self.folder.components().collect();
        for part in file.split('/') {
            match part {
                ".." => drop(parts.pop()),
                "." | "" => {}
                part => parts.push(part),
            }
        }
        parts.join("/")
    }
}

/// The line of pytest's summary without the reason: ` - ` ends the name of a
/// test, unless it stands among the parameters.
fn split_reason(line: &str) -> (&str, &str) {
    let mut depth = 0_usize;
    for (at, char) in line.char_indices() {
        match char {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            ' ' if depth == 0 && line[at..].starts_with(" - ") => return (&line[..at], &line[at + 3..]),
            _ => {}
        }
    }
    (line, "")
}
