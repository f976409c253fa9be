//! `fit-pyproject`: every package's `pyproject.toml` holds what the roadmap's
//! `[template]` asks.
//!
//! The rules and what they mend are those of `repot-project`; here they meet the
//! tree. What a rule cannot mend stays: a choice is a decision, the rest has its
//! reason. A file that is no TOML
//! is repaired where its fault is mechanical, and is reported in any case.

use rayon::prelude::*;
use repot_change::{
    Applicability, Candidate, Class, Content, DecisionKind, Edit, Evidence, Note, Outcome, RelPath, Span,
};
use repot_codemod::{Codemod, CodemodError, Context, Proposal};
use repot_project::{About, Cure, Document, Fitted, Question, Settled, edits, repair, text};
use repot_roadmap::{CodemodSchema, SettingKind, SettingSchema, Template};
use repot_workspace::{Package, Workspace};

/// The codemod.
pub struct FitPyproject;

const SETTINGS: &[SettingSchema<'static>] = &[
    SettingSchema {
        name: "create",
        kind: SettingKind::Bool,
        default: "true",
        about: "Whether a package without a `pyproject.toml` gets one.",
    },
    SettingSchema {
        name: "repair",
        kind: SettingKind::Bool,
        default: "true",
        about: "Whether mechanical faults of TOML are repaired: a backslash that escapes nothing, a key said twice with one value.",
    },
];

impl Codemod for FitPyproject {
    fn schema(&self) -> CodemodSchema<'static> {
        CodemodSchema { name: "fit-pyproject", settings: SETTINGS }
    }

    fn about(&self) -> &'static str {
        "Brings every package's pyproject.toml to the roadmap's template, without losing anything."
    }

    fn propose(&self, context: &Context<'_>) -> Result<Proposal, CodemodError> {
        let mut proposal = Proposal::default();
        let Some(template) = context.template else {
            let message = "the roadmap has no `[template]`, so nothing is asked of any package".to_owned();
            proposal.notes.push(Note { path: None, line: None, message });
            return Ok(proposal);
        };
        let fitter = Fitter {
            workspace: context.workspace,
            template,
            creates: context.settings.get_bool("create")?,
            repairs: context.settings.get_bool("repair")?,
        };
        let fitted: Vec<Fit> =
            context.workspace.packages().par_iter().filter_map(|package| fitter.fit(package)).collect();
        for fit in fitted {
            let changes = proposal.changes_mut(Class::Config);
            match fit.content {
                Some(Written::New(text)) => changes.create(fit.path, Content::plain(text.into_bytes()))?,
                Some(Written::Edits(edits)) => changes.add_edits(&fit.path, edits)?,
                None => {}
            }
            proposal.evidence.extend(fit.evidence);
            proposal.notes.extend(fit.notes);
        }
        Ok(proposal)
    }
}

/// What becomes of one package's file.
struct Fit {
    path: RelPath,
    content: Option<Written>,
    evidence: Vec<Evidence>,
    notes: Vec<Note>,
}

enum Written {
    New(String),
    Edits(Vec<Edit>),
}

struct Fitter<'a> {
    workspace: &'a Workspace,
    template: &'a Template,
    creates: bool,
    repairs: bool,
}

impl Fitter<'_> {
    /// `None` where there is nothing to fit: no project file, and no code for
    /// which to make one.
    fn fit(&self, package: &Package) -> Option<Fit> {
        let path = package.folder.join("pyproject.toml").ok()?;
        let Some(file) = self.workspace.snapshot().get(&path) else {
            let is_wanted = self.creates && !package.trees.is_empty() && !package.folder.is_root();
            return is_wanted.then(|| self.created(package, path)).flatten();
        };
        let bytes = file.bytes()?;
        let mut fit = Fit { path, content: None, evidence: Vec::new(), notes: Vec::new() };
        let Some(text) = text(bytes) else {
            fit.notes.push(Note::about(&fit.path, "is no UTF-8, and so no TOML"));
            return Some(fit);
        };
        let (source, faults) = self.repaired(&mut fit, &text);
        let Ok(document) = Document::parse(&source) else { return Some(fit) };
        let fitted = self.rules(package, &document);
        let places = Places { bytes, package, path: &fit.path.clone() };
        fit.evidence.extend(faults.iter().map(|(line, words)| places.repaired(*line, words)));
        fit.evidence.extend(fitted.mended.iter().map(|settled| places.mended(settled)));
        fit.evidence.extend(fitted.left.iter().map(|settled| places.left(settled)));
        let after = fitted.document.render();
        if after != text {
            fit.content = Some(Written::Edits(edits(bytes, &after)));
        }
        Some(fit)
    }

    /// The text, repaired where it has to be and can be; what is broken is
    /// noted.
    fn repaired(&self, fit: &mut Fit, text: &str) -> (String, Vec<(usize, String)>) {
        let Err(broken) = Document::parse(text) else { return (text.to_owned(), Vec::new()) };
        let repaired = repair(text);
        let offer = match (&repaired, self.repairs) {
            (Some(_), false) => "; the setting `repair` mends it",
            _ => "",
        };
        let message = format!("is no TOML: {}{offer}", broken.message);
        fit.notes.push(Note { path: Some(fit.path.clone()), line: Some(broken.line), message });
        match repaired.filter(|_| self.repairs) {
            Some(repair) => (repair.text, repair.faults),
            None => (text.to_owned(), Vec::new()),
        }
    }

    fn rules(&self, package: &Package, document: &Document) -> Fitted {
        repot_project::fit(document, &self.workspace.facts(package, self.template), self.template)
    }

    /// A new file for a package that has none and for which nothing is unclear.
    fn created(&self, package: &Package, path: RelPath) -> Option<Fit> {
        let document = Document::parse("").ok()?;
        let fitted = self.rules(package, &document);
        let places = Places { bytes: b"", package, path: &path };
        let mut evidence: Vec<Evidence> = fitted.left.iter().map(|settled| places.left(settled)).collect();
        let is_whole = fitted.left.is_empty() && !fitted.mended.is_empty();
        if is_whole {
            evidence.extend(fitted.mended.iter().map(|settled| places.mended(settled)));
        }
        let content = is_whole.then(|| Written::New(fitted.document.render()));
        Some(Fit { path, content, evidence, notes: Vec::new() })
    }
}

/// Where the evidence about a file stands.
struct Places<'a> {
    bytes: &'a [u8],
    package: &'a Package,
    path: &'a RelPath,
}

impl Places<'_> {
    fn evidence(&self, line: usize, subject: String, rule: &str, outcome: Outcome) -> Evidence {
        let start = self.bytes.split_inclusive(|byte| *byte == b'\n').take(line - 1).map(<[u8]>::len).sum();
        Evidence {
            class: Class::Config,
            path: self.path.clone(),
            line,
            span: Span::at(start),
            package: Some(self.package.name.clone()),
            subject,
            rule: rule.to_owned(),
            candidates: Vec::new(),
            winner: None,
            outcome,
            warnings: Vec::new(),
        }
    }

    fn mended(&self, settled: &Settled) -> Evidence {
        let to = settled.lack.key.to_string();
        let outcome = Outcome::Rewritten { to, applicability: Applicability::Review };
        self.evidence(settled.line, settled.lack.words.clone(), settled.lack.rule, outcome)
    }

    fn left(&self, settled: &Settled) -> Evidence {
        let words = settled.lack.words.clone();
        let skipped = |reason: &str| {
            let outcome = Outcome::Skipped { reason: reason.to_owned() };
            self.evidence(settled.line, words.clone(), settled.lack.rule, outcome)
        };
        match &settled.lack.cure {
            Cure::Changes(_) => skipped(""),
            Cure::Person(reason) => skipped(reason),
            Cure::Kept(reason) => Evidence { rule: "decided".to_owned(), ..skipped(reason) },
            Cure::Open(question) => self.open(settled.line, &words, question),
        }
    }

    /// What a person has to choose, with what may be right.
    fn open(&self, line: usize, words: &str, question: &Question) -> Evidence {
        let (subject, decision) = match &question.about {
            About::Rule(rule) => ((*rule).to_owned(), DecisionKind::Template),
            About::Requirement(name) => (name.clone(), DecisionKind::Source),
        };
        let candidate = |(target, how): &(String, String)| Candidate {
            module: target.clone(),
            path: self.path.clone(),
            package: Some(self.package.name.clone()),
            how: how.clone(),
            suffix: 0,
            reach: String::new(),
            obstacle: None,
        };
        let rule = format!("{words}: {}", question.reason);
        let outcome = Outcome::Decision { decision };
        let candidates = question.targets.iter().map(candidate).collect();
        Evidence { candidates, ..self.evidence(line, subject, &rule, outcome) }
    }

    fn repaired(&self, line: usize, words: &str) -> Evidence {
        let outcome = Outcome::Rewritten { to: "TOML".to_owned(), applicability: Applicability::Review };
        self.evidence(line, words.to_owned(), "valid-toml", outcome)
    }
}

#[cfg(test)]
mod laws;
