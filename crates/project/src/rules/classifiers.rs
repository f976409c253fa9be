//! `classifiers`: the versions of Python that a package says to support are
//! those of its `requires-python`.

use super::{Lack, Rule, Subject};
use crate::requirement::{NEWEST, minors};
use crate::{Change, Key};

pub(super) const RULE: Rule = Rule {
    name: "classifiers",
    about: "the classifiers name the versions of Python that `requires-python` takes in",
    of_hatchling: false,
    asked: |template| template.classifiers,
    lacks,
};

const KEY: &str = "project.classifiers";
const PYTHON: &str = "Programming Language :: Python :: 3";

fn lacks(subject: &Subject<'_>) -> Vec<Lack> {
    let document = subject.document;
    let key = Key::dotted(KEY);
    let dynamic = document.texts(&Key::dotted("project.dynamic")).unwrap_or_default();
    let Some(taken) = document.text("project.requires-python").and_then(minors) else { return Vec::new() };
    if dynamic.contains(&"classifiers") {
        return Vec::new();
    }
    let stated = document.texts(&key).unwrap_or_default();
    let minor = |text: &str| text.strip_prefix(PYTHON)?.strip_prefix('.')?.parse::<u64>().ok();
    let mut lacks = Vec::new();
    for text in &stated {
        if minor(text).is_some_and(|minor| minor <= NEWEST && !taken.contains(&minor)) {
            let words = format!("`{text}` contradicts `requires-python`");
            lacks.push(Lack::mended(
                RULE.name,
                KEY,
                words,
                vec![Change::Drop(key.clone(), (*text).to_owned())],
            ));
        }
    }
    let has_one = stated.iter().any(|text| minor(text).is_some_and(|minor| taken.contains(&minor)));
    let oldest = taken.first().filter(|_| !has_one).map(|minor| format!("{PYTHON}.{minor}"));
    if let Some(missing) = oldest {
        let words = "no classifier names a version of Python that is supported".to_owned();
        lacks.push(Lack::mended(RULE.name, KEY, words, vec![Change::Push(key, missing)]));
    }
    lacks
}
