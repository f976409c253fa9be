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

use repot_roadmap::{DecideRule, Template};

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
    /// A person, for this reason: the file has to be mended.
    Person(String),
    /// A person's choice, which the roadmap can state.
    Open(Question),
    /// Nothing: a person wants it to stay, for this reason.
    Kept(String),
}

/// What a person has to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Why it is not chosen here.
    pub reason: String,
    /// What is chosen.
    pub about: About,
    /// What may be right, each with how it comes into question.
    pub targets: Vec<(String, String)>,
}

/// What an entry of `[[decide]]` that answers a question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// The rule that asks.
    Rule(&'static str),
    /// Where the distribution of this name lies.
    Requirement(String),
}

impl Question {
    /// A question to which the roadmap can only say that the file stays.
    fn keeping(rule: &'static str, reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), about: About::Rule(rule), targets: Vec::new() }
    }
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
        let mut lacks = (self.lacks)(subject);
        if let Some(reason) = subject.kept(self.name) {
            lacks.iter_mut().for_each(|lack| lack.cure = Cure::Kept(reason.clone()));
        }
        lacks
    }

    /// Whether a person wants what the document lacks by this rule to stay. Who
    /// keeps another backend than hatchling is not asked for hatchling's settings.
    #[must_use]
    pub fn is_kept(&self, subject: &Subject<'_>) -> bool {
        let is_elsewhere = self.of_hatchling && !subject.is_hatchling();
        let is_kept = subject.kept(self.name).is_some() && !self.lacks(subject).is_empty();
        is_kept || (is_elsewhere && subject.kept("build-system").is_some())
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

    fn open(rule: &'static str, key: &str, words: impl Into<String>, question: Question) -> Self {
        Self { rule, words: words.into(), key: Key::dotted(key), cure: Cure::Open(question) }
    }
}

impl Subject<'_> {
    /// Whether hatchling builds the package.
    fn is_hatchling(&self) -> bool {
        self.document.text("build-system.build-backend") == Some("hatchling.build")
    }

    /// What the roadmap says about `rule` in this file; an entry for some files
    /// comes before one for all.
    fn decided(&self, rule: &str) -> Option<&DecideRule> {
        let fits = |it: &&DecideRule| {
            let is_here = it.within.as_ref().is_none_or(|glob| glob.value.matches(&self.facts.path));
            is_here && it.rule.value == rule
        };
        self.template.decided.iter().filter(fits).max_by_key(|it| it.within.is_some())
    }

    /// Why the roadmap wants the file to stay as it is by `rule`.
    fn kept(&self, rule: &str) -> Option<String> {
        let decided = self.decided(rule).filter(|it| it.target.is_none())?;
        Some(decided.reason.clone().unwrap_or_else(|| "kept by the roadmap".to_owned()))
    }

    /// What the roadmap says is right by `rule`.
    fn target(&self, rule: &str) -> Option<&str> {
        self.decided(rule)?.target.as_deref()
    }

    /// The question which folder is to be shipped.
    fn which_folder(&self) -> Question {
        let named = |name: String| (name, "holds Python".to_owned());
        Question {
            reason: "it is not clear which folder is to be shipped".to_owned(),
            about: About::Rule(wheel::RULE.name),
            targets: self.facts.candidates().into_iter().map(named).collect(),
        }
    }

    /// What is shipped by the layout, or by what the roadmap says of it.
    ///
    /// A package that is its own folder, under a name that no statement can
    /// spell, has the name that its wheel was to have.
    fn layout(&self) -> Vec<Shipped> {
        let told = self.target(wheel::RULE.name).map(|path| path.trim_start_matches("./").trim_matches('/'));
        if let Some(path) = told.filter(|path| self.facts.has_python(path) || self.facts.has_file(path)) {
            let name = path.rsplit('/').next().unwrap_or_default();
            let name = name.strip_suffix(".py").unwrap_or(name).to_owned();
            return vec![Shipped { name, path: path.to_owned() }];
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roadmap_can_name_every_rule() {
        assert_eq!(RULES.iter().map(|rule| rule.name).collect::<Vec<_>>(), Template::RULES);
    }
}
