//! Why a change is what it is, and what a person has to decide.
//!
//! One [`Evidence`] per imported name: the candidates in the order in which
//! they were ranked, and what came of it. Decisions are gathered from evidence,
//! never kept beside it, so that the two cannot disagree.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{RelPath, Span};

/// How sure a change is, from the least to the most.
///
/// A run applies what is at least as sure as it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applicability {
    /// Shown, and applied only when asked for by name.
    Offered,
    /// Applied; something about it deserves a look, and a warning says what.
    Review,
    /// Applied; the evidence leaves no other reading.
    Certain,
}

/// What kind of reference an edit follows: the heading under which it is shown,
/// and under which it may be dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Import statements, the names that they bind, and moved files.
    Imports,
    /// Strings of Python code that name a module or symbol in full.
    Strings,
    /// Files that build, test, check and deploy the code.
    Config,
    /// Documents beside the code.
    Docs,
    /// Comments and docstrings.
    Prose,
}

impl Class {
    /// Every class, in the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::Imports, Self::Strings, Self::Config, Self::Docs, Self::Prose];

    /// The class as it is printed and named in settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Imports => "imports",
            Self::Strings => "strings",
            Self::Config => "config",
            Self::Docs => "docs",
            Self::Prose => "prose",
        }
    }
}

/// One place where an import could point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The dotted name by which a statement would name the module, or, where
    /// none can, the path spelled with dots.
    pub module: String,
    /// The module's file.
    pub path: RelPath,
    /// The package that the file belongs to, if it belongs to one.
    pub package: Option<String>,
    /// How the module has the name: `defines`, `re-exports`, `is the module`.
    pub how: String,
    /// How many trailing components of the wanted module name it matches.
    pub suffix: usize,
    /// Where it lies, seen from the importer: `same package`, `same domain`, …
    pub reach: String,
    /// Why no statement can name it, with the rename that would help.
    pub obstacle: Option<String>,
}

/// The kinds of choice that Repot leaves to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecisionKind {
    /// Several candidates are equally good.
    Ambiguous,
    /// The target is known, but the importer's domain may not import it.
    Forbidden,
    /// The target is known, but no statement can name it.
    Unimportable,
    /// The name is defined nowhere.
    Undefined,
    /// The statement cannot be taken apart safely (a star, a dynamic use).
    Unclear,
    /// The change would make packages import each other in a circle.
    Cycle,
    /// No version is what all that ask for a distribution take in, or what is
    /// said for all of them is less than one of them asks.
    Conflict,
    /// Which package of the workspace a requirement means, or how the workspace
    /// says where it lies, is not clear.
    Source,
    /// A project file does not fit the template, and no change is sure to be
    /// what is meant.
    Template,
}

impl DecisionKind {
    /// Every kind, in the order in which they are listed.
    pub const ALL: [Self; 9] = [
        Self::Ambiguous,
        Self::Forbidden,
        Self::Unimportable,
        Self::Undefined,
        Self::Unclear,
        Self::Cycle,
        Self::Conflict,
        Self::Source,
        Self::Template,
    ];

    /// The kind as it is printed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ambiguous => "ambiguous",
            Self::Forbidden => "forbidden",
            Self::Unimportable => "unimportable",
            Self::Undefined => "undefined",
            Self::Unclear => "unclear",
            Self::Cycle => "cycle",
            Self::Conflict => "conflict",
            Self::Source => "source",
            Self::Template => "template",
        }
    }
}

/// What came of one imported name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Outcome {
    /// The import now names `to`.
    Rewritten {
        /// The module that the statement names now, as it is written there.
        to: String,
        /// How sure this is.
        applicability: Applicability,
    },
    /// The import stays, and a person decides.
    Decision {
        /// What has to be decided.
        decision: DecisionKind,
    },
    /// The import stays, because it cannot be changed here.
    Skipped {
        /// Why.
        reason: String,
    },
}

/// Why one imported name was rewritten, or was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The class of the reference, and of the edit where there is one.
    pub class: Class,
    /// The importing file, as it is named before the change.
    pub path: RelPath,
    /// The line of the name, counted from 1.
    pub line: usize,
    /// The bytes of the name in the file before the change.
    pub span: Span,
    /// The importer's package, if it belongs to one.
    pub package: Option<String>,
    /// What is imported: `a.b:name`, or `a.b` for a whole module.
    pub subject: String,
    /// The rule that decided, in a few words.
    pub rule: String,
    /// The candidates, the best first.
    pub candidates: Vec<Candidate>,
    /// Which candidate won, as an index.
    pub winner: Option<usize>,
    /// What came of it.
    pub outcome: Outcome,
    /// What deserves a look: drift, contested names, trees that are not shipped.
    pub warnings: Vec<String>,
}

/// A choice that Repot will not make, over all the places that wait for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What kind of choice it is.
    pub kind: DecisionKind,
    /// What is imported, as in [`Evidence::subject`].
    pub subject: String,
    /// What there is to choose from, the best first.
    pub candidates: Vec<Candidate>,
    /// The rule that stopped, in a few words.
    pub rule: String,
    /// The places that wait: file and line.
    pub sites: Vec<(RelPath, usize)>,
}

impl Decision {
    /// Gathers the open decisions of `evidence`: one for each kind, subject and
    /// list of candidate files, about a template one for each rule as well,
    /// sorted by kind, then by the number of places
    /// that wait, most first, then by subject.
    #[must_use]
    pub fn gather<'a>(evidence: impl IntoIterator<Item = &'a Evidence>) -> Vec<Self> {
        let mut groups: BTreeMap<_, Self> = BTreeMap::new();
        for item in evidence {
            let Outcome::Decision { decision: kind } = item.outcome else { continue };
            let paths: Vec<&RelPath> = item.candidates.iter().map(|candidate| &candidate.path).collect();
            let rule = if kind == DecisionKind::Template { item.rule.as_str() } else { "" };
            let group = groups.entry((kind, item.subject.as_str(), paths, rule)).or_insert_with(|| Self {
                kind,
                subject: item.subject.clone(),
                candidates: item.candidates.clone(),
                rule: item.rule.clone(),
                sites: Vec::new(),
            });
            group.sites.push((item.path.clone(), item.line));
        }
        let mut decisions: Vec<Self> = groups.into_values().collect();
        decisions.sort_by(|a, b| a.kind.cmp(&b.kind).then(b.sites.len().cmp(&a.sites.len())));
        decisions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(subject: &str, line: usize, decision: Option<DecisionKind>) -> Evidence {
        Evidence {
            class: Class::Imports,
            path: RelPath::new("a.py").unwrap(),
            line,
            span: Span::at(0),
            package: None,
            subject: subject.to_owned(),
            rule: String::new(),
            candidates: Vec::new(),
            winner: None,
            outcome: match decision {
                Some(decision) => Outcome::Decision { decision },
                None => Outcome::Skipped { reason: String::new() },
            },
            warnings: Vec::new(),
        }
    }

    #[test]
    fn one_decision_waits_in_many_places() {
        use DecisionKind::{Ambiguous, Undefined};
        let all = [
            evidence("a:x", 1, Some(Undefined)),
            evidence("a:y", 2, Some(Undefined)),
            evidence("a:y", 3, Some(Undefined)),
            evidence("a:z", 4, None),
            evidence("a:z", 5, Some(Ambiguous)),
        ];
        let gathered = Decision::gather(&all);
        let short: Vec<_> = gathered.iter().map(|d| (d.kind, d.subject.as_str(), d.sites.len())).collect();
        assert_eq!(short, [(Ambiguous, "a:z", 1), (Undefined, "a:y", 2), (Undefined, "a:x", 1)]);
    }

    #[test]
    fn surer_is_greater() {
        assert!(Applicability::Offered < Applicability::Review);
        assert!(Applicability::Review < Applicability::Certain);
    }
}
