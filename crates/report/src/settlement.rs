//! The lines of a roadmap that settle a decision, ready to be pasted.
//!
//! What they say is the reader's choice: where candidates are equally good, each
//! stands behind a `#`, so that what is pasted without a look decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Candidate, Decision, DecisionKind, Evidence, RelPath};

/// The files that import each subject, whatever came of it.
pub(crate) struct Importers<'a>(BTreeMap<&'a str, BTreeSet<&'a RelPath>>);

impl<'a> Importers<'a> {
    /// The importers that `evidence` knows.
    pub(crate) fn of(evidence: impl Iterator<Item = &'a Evidence>) -> Self {
        let mut importers: BTreeMap<&str, BTreeSet<&RelPath>> = BTreeMap::new();
        for item in evidence {
            importers.entry(&item.subject).or_default().insert(&item.path);
        }
        Self(importers)
    }

    /// For whom `decision` is: a glob of the files that wait and of no other
    /// file that imports the subject. `None` when nobody else does.
    pub(crate) fn glob(&self, decision: &Decision) -> Option<String> {
        let waiting: BTreeSet<&RelPath> = decision.sites.iter().map(|(path, _)| path).collect();
        let all = self.0.get(decision.subject.as_str())?;
        let others: Vec<&RelPath> = all.difference(&waiting).copied().collect();
        if others.is_empty() {
            return None;
        }
        let is_theirs = |folder: &RelPath| {
            waiting.iter().all(|path| path.is_within(folder))
                && !others.iter().any(|path| path.is_within(folder))
        };
        let folder = waiting.first()?.ancestors().find(is_theirs).filter(|_| waiting.len() > 1);
        Some(match folder {
            Some(folder) => format!("{}/**", glob(&folder)),
            None => one_of(&waiting.into_iter().map(glob).collect::<Vec<_>>()),
        })
    }
}

/// A glob that means exactly `path`.
pub(crate) fn glob(path: &RelPath) -> String {
    path.as_str()
        .chars()
        .map(|c| match c {
            '*' | '?' | '[' | ']' | '{' | '}' | ',' => format!("[{c}]"),
            // A roadmap takes no backslash: `?` is any one character.
            '\\' => "?".to_owned(),
            c => c.to_string(),
        })
        .collect()
}

fn one_of(globs: &[String]) -> String {
    match globs {
        [only] => only.clone(),
        several => format!("{{{}}}", several.join(",")),
    }
}

/// For whom a decision is that is about project files alone.
pub(crate) fn within(decision: &Decision) -> Option<String> {
    let sites: BTreeSet<&RelPath> = decision.sites.iter().map(|(path, _)| path).collect();
    let is_about_files = decision.kind == DecisionKind::Template && !sites.is_empty();
    is_about_files.then(|| one_of(&sites.into_iter().map(glob).collect::<Vec<_>>()))
}

/// The `[[decide]]` entry that settles `decision` for the importers that
/// `within` matches, or for all.
pub(crate) fn lines(decision: &Decision, within: Option<&str>) -> String {
    let within = within.map_or_else(String::new, |glob| format!("in = {}\n", toml(glob)));
    let key = key(decision.kind);
    format!("[[decide]]\n{key} = {}\n{within}{}", toml(&decision.subject), choice(decision))
}

/// The key that says what a decision is about.
fn key(kind: DecisionKind) -> &'static str {
    match kind {
        DecisionKind::Conflict | DecisionKind::Source => "requirement",
        DecisionKind::Template => "template",
        _ => "symbol",
    }
}

fn choice(decision: &Decision) -> String {
    let keep = |why: &str| format!("strategy = \"keep\"  # {why}\n");
    let all = &decision.candidates;
    match (decision.kind, all.first()) {
        (DecisionKind::Ambiguous | DecisionKind::Conflict | DecisionKind::Source, Some(_)) => {
            all.iter().map(|candidate| format!("# target = {}\n", toml(target(candidate, all)))).collect()
        }
        (DecisionKind::Template, Some(_)) => {
            let targets = all.iter().map(|candidate| format!("# target = {}\n", toml(&candidate.module)));
            targets.chain(["# strategy = \"keep\"\n".to_owned()]).collect()
        }
        (DecisionKind::Template, None) => keep("or mend the file, which settles it without this entry"),
        (DecisionKind::Undefined, Some(_)) => {
            "# strategy = \"contract\"  # it is owed until somebody writes it\n\
             # strategy = \"keep\"      # or bring it back, which settles it without this entry\n"
                .to_owned()
        }
        (DecisionKind::Unclear, Some(candidate)) => format!("target = {}\n", toml(target(candidate, all))),
        (DecisionKind::Forbidden, _) => {
            keep("or extend `may-import` of the importer's domain, or name another `target`")
        }
        (DecisionKind::Unimportable, _) => keep("or rename the target, which settles it without this entry"),
        (DecisionKind::Cycle, _) => keep("or name a `target` that does not close the circle"),
        (DecisionKind::Conflict, _) => keep("or a `target`, the versions that are right"),
        (DecisionKind::Source, _) => keep("or a `target`, the folder of the package that is meant"),
        (DecisionKind::Ambiguous | DecisionKind::Undefined | DecisionKind::Unclear, _) => {
            keep("or `target = \"package.module\"`, where it really is")
        }
    }
}

/// A candidate by the name that holds everywhere: its dotted name, or its file
/// when the name is relative, cannot be imported or is that of another one too.
pub(crate) fn target<'a>(candidate: &'a Candidate, all: &[Candidate]) -> &'a str {
    let is_file = candidate.path.extension().is_some();
    let is_relative = candidate.module.starts_with('.');
    let is_shared = all.iter().any(|other| other.module == candidate.module && other.path != candidate.path);
    if is_file && (is_relative || is_shared || candidate.obstacle.is_some()) {
        candidate.path.as_str()
    } else {
        &candidate.module
    }
}

/// `text` as a basic string of TOML 1.0.
fn toml(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|c| match c {
            '"' | '\\' => format!("\\{c}"),
            c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
            c => c.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sample::{path, rewritten, waiting};

    #[test]
    fn a_decision_says_for_whom_it_is_when_others_import_the_same() {
        let wait = |file: &str| waiting(file, 1, "mono.cart:Twin", DecisionKind::Ambiguous);
        let settled = |file: &str| rewritten(file, 1, "mono.cart:Twin");
        let glob = |waiting: &[&str], others: &[&str]| {
            let waiting: Vec<Evidence> = waiting.iter().map(|file| wait(file)).collect();
            let others: Vec<Evidence> = others.iter().map(|file| settled(file)).collect();
            let decision = Decision::gather(&waiting).remove(0);
            Importers::of(waiting.iter().chain(&others)).glob(&decision)
        };
        assert_eq!(glob(&["a/x.py", "b/y.py"], &[]), None);
        assert_eq!(glob(&["a/x.py"], &["b/y.py"]).unwrap(), "a/x.py");
        assert_eq!(glob(&["a/x.py", "a/c/y.py"], &["b/y.py"]).unwrap(), "a/**");
        assert_eq!(glob(&["a/x.py", "a/y.py"], &["a/z.py"]).unwrap(), "{a/x.py,a/y.py}");
        assert_eq!(glob(&["a/[x], {y}.py"], &["a/z.py"]).unwrap(), "a/[[]x[]][,] [{]y[}].py");
        assert_eq!(glob(&["x.py", "a/y.py"], &["b/z.py"]).unwrap(), "{a/y.py,x.py}");
    }

    #[test]
    fn a_decision_about_a_file_is_for_that_file() {
        let mut item = waiting("a/pyproject.toml", 1, "wheel-packages", DecisionKind::Template);
        item.candidates.truncate(1);
        item.candidates[0].module = ".hidden".to_owned();
        let said = |item: &Evidence| {
            let decision = Decision::gather([item]).remove(0);
            lines(&decision, within(&decision).as_deref())
        };
        let head = "[[decide]]\ntemplate = \"wheel-packages\"\nin = \"a/pyproject.toml\"\n";
        let choices = "# target = \".hidden\"\n# strategy = \"keep\"\n";
        assert_eq!(said(&item), format!("{head}{choices}"));
        item.candidates.clear();
        assert!(said(&item).starts_with(&format!("{head}strategy = \"keep\"  # ")));
        // Two files with two reasons are two decisions.
        let other = Evidence { rule: "another".to_owned(), path: path("b/pyproject.toml"), ..item.clone() };
        assert_eq!(Decision::gather([&item, &other]).len(), 2);
    }

    #[test]
    fn a_candidate_is_named_by_what_holds_everywhere() {
        let mut all = waiting("src/c.py", 1, "mono.cart", DecisionKind::Unclear).candidates;
        assert_eq!(target(&all[0], &all), "shop.cart");
        all[1].module = "shop.cart".to_owned();
        assert_eq!(target(&all[0], &all), "src/shop/cart.py");
        all[1].module = "..cart".to_owned();
        assert_eq!(target(&all[1], &all), "src/store/cart.py");
        all[0].obstacle = Some("no name".to_owned());
        assert_eq!(target(&all[0], &all), "src/shop/cart.py");
        all[0].path = path("src/shop/cart");
        assert_eq!(target(&all[0], &all), "shop.cart", "a folder has only a name");
    }

    proptest! {
        #[test]
        fn any_name_survives_the_roadmap(subject in any::<String>(), kind in 0..DecisionKind::ALL.len()) {
            let kind = DecisionKind::ALL[kind];
            let all = Decision::gather(&[waiting("src/c.py", 1, &subject, kind)]);
            let table: toml_edit::DocumentMut = lines(&all[0], Some(&subject)).parse().unwrap();
            let entry = table["decide"].as_array_of_tables().unwrap().get(0).unwrap();
            let key = key(kind);
            prop_assert_eq!(entry[key].as_str(), Some(subject.as_str()));
            prop_assert_eq!(entry["in"].as_str(), Some(subject.as_str()));
            let settles = entry.contains_key("target") || entry.contains_key("strategy");
            let is_chosen =
                matches!(kind, DecisionKind::Ambiguous | DecisionKind::Undefined) || key != "symbol";
            prop_assert_eq!(settles, !is_chosen);
        }
    }
}
