//! Why a requirement changes, or waits, as evidence.

use repot_change::{Applicability, Candidate, Class, DecisionKind, Evidence, Outcome, Span};
use repot_project::{Change, Conflict, Verdict, Why};
use repot_workspace::{Agreement, PackageId, Required, Workspace};

/// Writes evidence about requirements.
pub(super) struct Scribe<'a> {
    pub workspace: &'a Workspace,
    pub agreement: &'a Agreement,
}

impl Scribe<'_> {
    /// What became of the requirement `at`; nothing where nothing had to.
    pub fn of_verdict(&self, at: usize) -> Option<Evidence> {
        let required = self.agreement.required.get(at)?;
        match self.agreement.verdicts.get(at)? {
            Verdict::Passed => None,
            // Whoever settles a conflict wants to know whom it is not about.
            Verdict::Same => self.is_contested(required).then(|| {
                self.skipped(required, "versions", "it asks for what the others agree on".to_owned())
            }),
            Verdict::Kept(reason) => Some(self.skipped(required, "decided", reason.clone())),
            Verdict::Drift { versions, why } => Some(self.drift(required, versions, why)),
            Verdict::Conflict(conflict) => {
                self.agreement.conflicts.get(*conflict).map(|conflict| self.conflict(required, conflict))
            }
        }
    }

    fn is_contested(&self, required: &Required) -> bool {
        self.agreement.conflicts.iter().any(|conflict| conflict.name == required.stated.name)
    }

    fn drift(&self, required: &Required, versions: &str, why: &Why) -> Evidence {
        let to = match required.stated.asking(versions) {
            Some(Change::Replace { to, .. }) => to,
            _ => format!("{} = {versions}", required.stated.spelled),
        };
        let (rule, from) = match why {
            Why::Catalogue => ("the catalogue asks for it", &[][..]),
            Why::Derived(from) => ("what all packages ask for together", from.as_slice()),
            Why::Decided => ("decided", &[][..]),
        };
        let is_pin = versions.split(',').any(|clause| clause.starts_with("==") && !clause.ends_with('*'));
        let is_spread = is_pin && !required.stated.versions().starts_with("==");
        let outcome = Outcome::Rewritten {
            to,
            applicability: if is_spread { Applicability::Review } else { Applicability::Certain },
        };
        let warning = || format!("one version alone is left, `{versions}`, because one package asks for it");
        Evidence {
            candidates: from.iter().filter_map(|by| self.asked_by(*by)).collect(),
            warnings: if is_spread { vec![warning()] } else { Vec::new() },
            ..self.evidence(required, rule, outcome)
        }
    }

    fn conflict(&self, required: &Required, conflict: &Conflict) -> Evidence {
        let place = conflict.marker.as_ref().map(|marker| format!(" where {marker}")).unwrap_or_default();
        let rule = match &conflict.catalogue {
            Some(catalogue) => {
                format!("the catalogue's `{catalogue}`{place} is not within what is asked here")
            }
            None => format!("no version{place} is what all packages ask for"),
        };
        let first = conflict.choices.iter().find_map(|choice| choice.asks.first());
        let candidates = conflict.choices.iter().filter_map(|choice| {
            let offer = self.asked_by(*choice.asks.first().or(first)?)?;
            let how = match choice.asks.len() {
                _ if conflict.catalogue.as_ref() == Some(&choice.versions) => "the catalogue".to_owned(),
                0 => "what both take in".to_owned(),
                1 => offer.how.clone(),
                several => format!("{}, {} more", offer.how, several - 1),
            };
            let package = offer.package.clone().filter(|_| !choice.asks.is_empty());
            Some(Candidate { module: choice.versions.clone(), how, package, ..offer })
        });
        let outcome = Outcome::Decision { decision: DecisionKind::Conflict };
        Evidence { candidates: candidates.collect(), ..self.evidence(required, &rule, outcome) }
    }

    /// What the requirement `by` asks for, as a candidate.
    fn asked_by(&self, by: usize) -> Option<Candidate> {
        let required = self.agreement.required.get(by)?;
        Some(self.candidate(required, format!("asked for in line {}", required.stated.line)))
    }

    fn candidate(&self, required: &Required, how: String) -> Candidate {
        Candidate {
            module: required.stated.versions(),
            path: required.path.clone(),
            package: Some(self.workspace.package(required.package).name.clone()),
            how,
            suffix: 0,
            reach: String::new(),
            obstacle: None,
        }
    }

    /// A package of the workspace that a requirement may mean.
    pub fn meant(&self, id: PackageId, how: &str) -> Candidate {
        let package = self.workspace.package(id);
        Candidate {
            module: package.folder.to_string(),
            path: package.folder.clone(),
            package: Some(package.name.clone()),
            how: how.to_owned(),
            suffix: 0,
            reach: String::new(),
            obstacle: None,
        }
    }

    pub fn skipped(&self, required: &Required, rule: &str, reason: String) -> Evidence {
        self.evidence(required, rule, Outcome::Skipped { reason })
    }

    pub fn evidence(&self, required: &Required, rule: &str, outcome: Outcome) -> Evidence {
        let bytes = self.workspace.snapshot().get(&required.path).and_then(|file| file.bytes());
        let lines = bytes.map_or(&[][..], |bytes| bytes).split_inclusive(|byte| *byte == b'\n');
        let line = required.stated.line;
        let start = lines.take(line.saturating_sub(1)).map(<[u8]>::len).sum();
        Evidence {
            class: Class::Config,
            path: required.path.clone(),
            line,
            span: Span::at(start),
            package: Some(self.workspace.package(required.package).name.clone()),
            subject: required.stated.name.clone(),
            rule: rule.to_owned(),
            candidates: Vec::new(),
            winner: None,
            outcome,
            warnings: Vec::new(),
        }
    }
}
