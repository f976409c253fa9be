//! What the words of a message are about: which metric, and which package.

use std::collections::BTreeMap;

use super::words::Word;
use crate::Better;

/// What messages may speak of.
#[derive(Debug, Clone, Default)]
pub struct Subjects {
    /// The metrics that were measured, and which way each should go.
    pub metrics: BTreeMap<String, Better>,
    /// The legacy roots, such as `monorepo`.
    pub legacy_roots: Vec<String>,
    /// The packages: the name and the folder of each.
    pub packages: BTreeMap<String, String>,
}

/// Where a subject is named: the place of its first word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) start: usize,
    /// The place behind its last word.
    pub(super) end: usize,
}

/// What people call a metric: the metrics that it may be, the first that was
/// measured counts; and the phrases, of which the first that fits counts. A `*`
/// stands for a legacy root, and a plural is the same word.
type Called = (&'static [&'static str], &'static [&'static str]);

const LEGACY: &str = "legacy-imports";
const BOUNDARIES: &str = "boundary-violations";

const CALLED: &[Called] = &[
    (&[LEGACY], &["* style import", "* import", "legacy import"]),
    (&["dangling-imports"], &["dangling import", "broken import", "unresolved import"]),
    (&["missing-packages"], &["missing package"]),
    (&["template-compliance"], &["template compliance"]),
    (&["docstring-coverage"], &["docstring coverage"]),
    (&["test-coverage", "coverage"], &["test coverage", "code coverage"]),
    (
        &["no-cycles", "package-cycles", "cycles"],
        &["circular dependency", "circular dependencie", "circular import", "import cycle"],
    ),
    (
        &[BOUNDARIES],
        &[
            "domain boundary violation",
            "cross domain import violation",
            "cross domain violation",
            "domain violation",
            "boundary violation",
            "domain leakage",
            "import violation",
            "violation",
        ],
    ),
];

/// The metrics that `words` name, each with every place. A place that one
/// metric has is no other's.
pub(super) fn find(words: &[Word], subjects: &Subjects) -> Vec<(String, Vec<Mention>)> {
    let mut taken: Vec<Mention> = Vec::new();
    let mut found = Vec::new();
    let own = subjects.metrics.keys().map(|metric| (metric.clone(), vec![metric.replace('-', " ")]));
    let called = CALLED.iter().filter_map(|(metrics, phrases)| {
        let metric = metrics.iter().find(|metric| subjects.metrics.contains_key(**metric))?;
        let phrases = phrases.iter().flat_map(|phrase| spelled(phrase, subjects));
        Some(((*metric).to_owned(), phrases.collect()))
    });
    let both: Vec<(String, Vec<String>)> = called.chain(own).collect();
    for (metric, phrases) in both {
        let mut mentions = Vec::new();
        for phrase in phrases {
            mentions.extend(places(words, &phrase, &taken));
            taken.extend(&mentions);
        }
        if !mentions.is_empty() {
            found.push((metric, mentions));
        }
    }
    share_violations(&mut found);
    found
}

/// Where legacy imports are named, mere `violations` are theirs: `legacy import
/// violations`, `legacy imports: 12 violations`.
fn share_violations(found: &mut Vec<(String, Vec<Mention>)>) {
    if !found.iter().any(|(metric, _)| metric == LEGACY) {
        return;
    }
    let mut mere = Vec::new();
    for (_, mentions) in found.iter_mut().filter(|(metric, _)| metric == BOUNDARIES) {
        mere.extend(mentions.extract_if(.., |mention| mention.end == mention.start + 1));
    }
    found
        .iter_mut()
        .filter(|(metric, _)| metric == LEGACY)
        .for_each(|(_, mentions)| mentions.append(&mut mere));
    found.retain(|(_, mentions)| !mentions.is_empty());
}

/// The metric that may be meant where people name the subject of `metric`: an
/// import of a legacy root passes by every domain, so that many call it a
/// violation of one.
#[must_use]
pub fn related(metric: &str) -> Option<&'static str> {
    (metric == BOUNDARIES).then_some(LEGACY)
}

/// A phrase for each legacy root.
fn spelled(phrase: &str, subjects: &Subjects) -> Vec<String> {
    if !phrase.contains('*') {
        return vec![phrase.to_owned()];
    }
    let roots = subjects.legacy_roots.iter().map(|root| root.split('.').next().unwrap_or_default());
    roots.map(|root| phrase.replace('*', &root.to_lowercase())).collect()
}

/// Where the words of `phrase` stand one after the other, outside of `taken`.
fn places(words: &[Word], phrase: &str, taken: &[Mention]) -> Vec<Mention> {
    let phrase: Vec<&str> = phrase.split(' ').collect();
    let fits = |(start, window): (usize, &[Word])| {
        let end = start + window.len();
        let same = window.iter().zip(&phrase).all(|(word, wanted)| is_form(&word.text, wanted));
        let is_free = taken.iter().all(|one| one.end <= start || end <= one.start);
        let is_mere = phrase == ["violation"] && !is_meant(words.get(..start).and_then(<[Word]>::last));
        (same && is_free && !is_mere).then_some(Mention { start, end })
    };
    words.windows(phrase.len()).enumerate().filter_map(fits).collect()
}

/// Whether mere `violations` behind this word are those of the roadmap's rules:
/// those of a style, of security or of layers are others.
fn is_meant(before: Option<&Word>) -> bool {
    const PLAIN: [&str; 16] = [
        "all",
        "remaining",
        "total",
        "the",
        "any",
        "zero",
        "no",
        "of",
        "original",
        "critical",
        "fixed",
        "fix",
        "resolved",
        "reduced",
        "reduce",
        "import",
    ];
    before.is_none_or(|word| word.ends || word.number.is_some() || PLAIN.contains(&word.text.as_str()))
}

/// Whether `word` is `wanted` or its plural.
fn is_form(word: &str, wanted: &str) -> bool {
    word == wanted || word.strip_suffix('s') == Some(wanted)
}

impl Subjects {
    /// The one package that `line` names: by the last two folders of its path,
    /// or by a name that stands before or behind the word `package`.
    pub(super) fn package_in(&self, line: &str) -> Option<String> {
        let words: Vec<String> = line.split_whitespace().map(bare).collect();
        let is_word =
            |at: Option<usize>| at.and_then(|at| words.get(at)).is_some_and(|word| word == "package");
        let parts = |folder: &str| -> (String, Option<String>) {
            let mut parts = folder.rsplit('/');
            let last = plain(parts.next().unwrap_or_default());
            let path = parts.next().map(|above| format!("{}/{last}", plain(above)));
            (last, path)
        };
        let by_path = |_: &str, folder: &str| parts(folder).1.is_some_and(|path| words.contains(&path));
        let by_name = |package: &str, folder: &str| {
            let is_name = |word: &String| *word == plain(package) || *word == parts(folder).0;
            let beside = |at: usize| is_word(at.checked_add(1)) || is_word(at.checked_sub(1));
            words.iter().enumerate().any(|(at, word)| is_name(word) && beside(at))
        };
        let only = |names: &dyn Fn(&str, &str) -> bool| {
            let mut found = self.packages.iter().filter(|(package, folder)| names(package, folder));
            let first = found.next()?;
            found.next().is_none().then(|| first.0.clone())
        };
        only(&by_path).or_else(|| only(&by_name))
    }
}

/// A word without punctuation around it, as [`plain`] has it.
fn bare(word: &str) -> String {
    plain(word.trim_matches(|char: char| !char.is_alphanumeric()))
}

fn plain(name: &str) -> String {
    name.to_lowercase().replace('-', "_")
}
