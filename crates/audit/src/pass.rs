//! Findings that are let pass: by a comment beside the import, or by an
//! exception of the roadmap.
//!
//! Both need a reason, and an exception an owner and a last day. One that is
//! wrong, or past its day, is a finding itself and lets nothing pass; one that
//! lets nothing pass any longer is noted.

use std::collections::BTreeMap;

use jiff::civil::Date;
use memchr::memmem::Finder;
use rayon::prelude::*;
use repot_change::{Note, RelPath, position};
use repot_roadmap::Exception;
use repot_workspace::{File, Workspace};

use crate::figure::as_figure;
use crate::measure::Measured;
use crate::place::in_roadmap;
use crate::{Finding, RULES};

/// The rule of a comment that cannot let anything pass.
pub const ALLOW: &str = "allow";
/// The rule of an exception whose day is over.
pub const EXPIRED_EXCEPTION: &str = "expired-exception";

const MARK: &str = "repot: allow(";

/// What lets findings pass.
#[derive(Debug)]
pub struct Passes<'a> {
    allowed: BTreeMap<RelPath, Vec<Allow>>,
    exceptions: Vec<(&'a Exception, usize)>,
    findings: Vec<Finding>,
}

/// One comment `# repot: allow(rule) reason`.
#[derive(Debug)]
struct Allow {
    rules: Vec<String>,
    /// The line of the comment, and the one below where it stands alone.
    lines: (usize, usize),
    used: bool,
}

impl<'a> Passes<'a> {
    /// Reads the comments of `workspace`, and the exceptions that hold `today`;
    /// without a day all of them do.
    pub fn read(workspace: &Workspace, exceptions: &'a [Exception], today: Option<Date>) -> Self {
        let finder = Finder::new(MARK);
        let files: Vec<_> = workspace.modules().iter().collect();
        let read: Vec<(RelPath, Vec<Allow>, Vec<Finding>)> = files
            .into_par_iter()
            .filter(|(id, _)| workspace.file(*id).mentions(&finder))
            .map(|(id, module)| {
                let (allowed, wrong) = comments(&module.path, workspace.file(id));
                (module.path.clone(), allowed, wrong)
            })
            .collect();
        let mut passes = Self { allowed: BTreeMap::new(), exceptions: Vec::new(), findings: Vec::new() };
        for (path, allowed, wrong) in read {
            passes.allowed.insert(path, allowed);
            passes.findings.extend(wrong);
        }
        for exception in exceptions {
            if today.is_none_or(|today| today <= exception.expires) {
                passes.exceptions.push((exception, 0));
            } else {
                passes.findings.extend(expired(workspace, exception));
            }
        }
        passes
    }

    /// Takes what is let pass out of what a metric found, and out of its
    /// figure.
    pub fn apply(&mut self, workspace: &Workspace, Measured { findings, figure, .. }: &mut Measured) {
        let (passed, kept): (Vec<_>, Vec<_>) =
            std::mem::take(findings).into_iter().partition(|finding| self.lets_pass(finding));
        *findings = kept;
        if passed.is_empty() {
            return;
        }
        let count = as_figure(passed.len());
        figure.value = figure.value.map(|value| value - count);
        if let Some((_, value)) = figure.parts.first_mut() {
            *value -= count;
        }
        figure.parts.push(("let pass".to_owned(), count));
        let packages = passed.iter().filter_map(|finding| workspace.package_at(&finding.path));
        for package in packages {
            if let Some(value) = figure.by_package.get_mut(&workspace.package(package).name) {
                *value -= 1.0;
            }
        }
    }

    fn lets_pass(&mut self, finding: &Finding) -> bool {
        let last = finding.end.map_or(finding.line, |(line, _)| line);
        let covers = |allow: &&mut Allow| {
            allow.rules.iter().any(|rule| rule == finding.rule)
                && allow.lines.0 <= last
                && finding.line <= allow.lines.1
        };
        if let Some(allow) = self.allowed.get_mut(&finding.path).and_then(|all| all.iter_mut().find(covers)) {
            allow.used = true;
            return true;
        }
        let names = |(exception, _): &&mut (&Exception, usize)| {
            let within = exception.within.as_ref();
            let imports = exception.imports.as_ref();
            exception.rule.value == finding.rule
                && within.is_none_or(|glob| glob.value.matches(finding.path.as_str()))
                && imports.is_none_or(|glob| glob.value.matches_dotted(&finding.subject))
        };
        let exception = self.exceptions.iter_mut().find(names);
        exception.map(|(_, used)| *used += 1).is_some()
    }

    /// What is wrong with the passes themselves, and notes about those that let
    /// nothing pass although `measured` says that their rule was looked at.
    pub fn settle(self, measured: impl Fn(&str) -> bool) -> (Vec<Finding>, Vec<Note>) {
        let mut notes = Vec::new();
        for (path, allow) in self.allowed.iter().flat_map(|(path, all)| all.iter().map(move |it| (path, it)))
        {
            if !allow.used && allow.rules.iter().all(|rule| measured(rule)) {
                let message = format!("`allow({})` lets nothing pass and can go", allow.rules.join(", "));
                notes.push(Note { path: Some(path.clone()), line: Some(allow.lines.0), message });
            }
        }
        for (exception, used) in self.exceptions {
            if used == 0 && measured(&exception.rule.value) {
                let message = format!(
                    "the exception for `{}` of {} lets nothing pass and can go",
                    exception.rule.value, exception.owner
                );
                notes.push(Note { path: None, line: None, message });
            }
        }
        (self.findings, notes)
    }
}

fn expired(workspace: &Workspace, exception: &Exception) -> Option<Finding> {
    let (path, line) = in_roadmap(workspace, exception.span.as_ref())?;
    let message = format!(
        "the exception for `{}` expired on {}: {} ({})",
        exception.rule.value, exception.expires, exception.reason, exception.owner
    );
    let hint = "mend what it let pass, or agree on a new day".to_owned();
    Some(Finding::on_line(EXPIRED_EXCEPTION, &path, line, message, Some(hint)))
}

/// The comments of a file that let findings pass, and those that cannot.
fn comments(path: &RelPath, file: &File) -> (Vec<Allow>, Vec<Finding>) {
    let (mut allowed, mut wrong) = (Vec::new(), Vec::new());
    let source = file.parse();
    let bytes = source.bytes();
    for span in source.comments() {
        let text = String::from_utf8_lossy(bytes.get(span.range()).unwrap_or_default()).into_owned();
        let Some((_, rest)) = text.split_once(MARK) else { continue };
        let (line, _) = position(bytes, span.start);
        match read(rest) {
            Ok(rules) => {
                let start = source.line_start(span.start);
                let is_alone =
                    bytes.get(start..span.start).is_some_and(|before| before.trim_ascii().is_empty());
                let lines = (line, if is_alone { line + 1 } else { line });
                allowed.push(Allow { rules, lines, used: false });
            }
            Err((message, hint)) => {
                wrong.push(Finding::at(ALLOW, (path, bytes, span), message, Some(hint)));
            }
        }
    }
    (allowed, wrong)
}

/// The rules of `rule, rule) reason`.
fn read(rest: &str) -> Result<Vec<String>, (String, String)> {
    let unclosed =
        || ("`allow(` is never closed".to_owned(), "write `# repot: allow(RULE) REASON`".to_owned());
    let (rules, reason) = rest.split_once(')').ok_or_else(unclosed)?;
    let rules: Vec<String> = rules.split(',').map(|rule| rule.trim().to_owned()).collect();
    if let Some(unknown) = rules.iter().find(|rule| !RULES.contains(&rule.as_str())) {
        let hint = repot_roadmap::nearest(unknown, RULES.iter().copied());
        let hint = hint.map_or_else(
            || format!("the rules are {}", RULES.join(", ")),
            |it| format!("did you mean `{it}`?"),
        );
        return Err((format!("there is no rule `{unknown}`"), hint));
    }
    if !reason.contains(char::is_alphanumeric) {
        let message = format!("`allow({})` gives no reason", rules.join(", "));
        return Err((message, "say behind it why this may pass".to_owned()));
    }
    Ok(rules)
}
