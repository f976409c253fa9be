//! The rules of a template, each a file: what it misses in a document, and the
//! changes that would mend it.
//!
//! A rule is one pure function, so that what it says and what it mends are the
//! same. A rule that the template does not ask for misses nothing.

mod backend;
mod breakage;
mod build_system;
mod classifiers;
mod groups;
mod identity;
pub(crate) mod poetry;
mod python;
mod tools;
mod wheel;

use repot_roadmap::Template;

use crate::facts::is_name;
use crate::{Change, Document, Facts, Key, Shipped};

/// A document, what lies beside it, and what is asked of it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The document.
    pub document: &'a Document,
    /// What lies beside it.
    pub facts: &'a Facts,
    /// What is asked.
    pub template: &'a Template,
}

/// One thing that a document lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// The rule.
    pub rule: &'static str,
    /// What is missing or wrong, as a sentence without a full stop.
    pub words: String,
    /// Where in the document; the innermost part that exists counts.
    pub key: Key,
    /// What would mend it.
    pub cure: Cure,
}

/// What would mend a lack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cure {
    /// These changes, together.
    Changes(Vec<Change>),
    /// A person, for this reason.
    Person(String),
}

/// A rule.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name, in kebab-case.
    pub name: &'static str,
    /// What it asks, as one sentence without a full stop.
    pub about: &'static str,
    /// Whether it can hold for no other backend than hatchling.
    of_hatchling: bool,
    /// Whether the template asks for it.
    asked: fn(&Template) -> bool,
    /// What the document lacks.
    lacks: fn(&Subject<'_>) -> Vec<Lack>,
}

/// Every rule, in the order in which they are mended.
pub const RULES: &[Rule] = &[
    identity::RULE,
    build_system::RULE,
    python::RULE,
    groups::RULE,
    tools::RULE,
    classifiers::RULE,
    wheel::RULE,
    breakage::RULE,
];

/// The rules that `template` asks for.
pub fn asked(template: &Template) -> impl Iterator<Item = &'static Rule> {
    RULES.iter().filter(|rule| (rule.asked)(template))
}

/// What the document lacks, rule by rule.
#[must_use]
pub fn lacks(subject: &Subject<'_>) -> Vec<Lack> {
    asked(subject.template).flat_map(|rule| rule.lacks(subject)).collect()
}

impl Rule {
    /// What the document lacks by this rule.
    #[must_use]
    pub fn lacks(&self, subject: &Subject<'_>) -> Vec<Lack> {
        (self.lacks)(subject)
    }

    /// Whether the rule is known to hold. What only hatchling does is not, as
    /// long as something else builds the package.
    #[must_use]
    pub fn holds(&self, subject: &Subject<'_>) -> bool {
        (!self.of_hatchling || subject.is_hatchling()) && self.lacks(subject).is_empty()
    }
}

impl Lack {
    fn mended(rule: &'static str, key: &str, words: impl Into<String>, changes: Vec<Change>) -> Self {
        Self { rule, words: words.into(), key: Key::dotted(key), cure: Cure::Changes(changes) }
    }

    fn left(rule: &'static str, key: &str, words: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { rule, words: words.into(), key: Key::dotted(key), cure: Cure::Person(reason.into()) }
    }
}

impl Subject<'_> {
    /// Whether hatchling builds the package.
    fn is_hatchling(&self) -> bool {
        self.document.text("build-system.build-backend") == Some("hatchling.build")
    }

    /// What is shipped by the layout.
    ///
    /// A package that is its own folder, under a name that no statement can
    /// spell, has the name that its wheel was to have.
    fn layout(&self) -> Vec<Shipped> {
        let layout = self.facts.layout(self.document.text("project.name"));
        if !layout.is_empty() || !self.facts.is_regular("") {
            return layout;
        }
        let stated = self.document.texts(&Key::dotted(wheel::WHEEL).child("packages")).unwrap_or_default();
        let [path] = stated.as_slice() else { return layout };
        let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let is_taken = name == "src" || !is_name(name) || self.facts.has_python(path);
        if is_taken { layout } else { vec![Shipped { name: name.to_owned(), path: String::new() }] }
    }
}

/// Whether the template wants hatchling, the only backend that is fitted to.
fn wants_hatchling(template: &Template) -> bool {
    template.build_backend.as_deref() == Some("hatchling")
}
