//! `requires-python`: as strict as the template, never lowered.

use super::{Lack, Question, Rule, Subject};
use crate::requirement::raised;
use crate::{Change, Key};

pub(super) const RULE: Rule = Rule {
    name: "requires-python",
    about: "`requires-python` is at least as strict as the template's",
    of_hatchling: false,
    asked: |template| template.requires_python.is_some(),
    lacks,
};

const KEY: &str = "project.requires-python";

fn lacks(subject: &Subject<'_>) -> Vec<Lack> {
    let Some(wanted) = subject.template.requires_python.as_deref() else { return Vec::new() };
    if subject.document.get("project").is_none() {
        return vec![Lack::left(RULE.name, KEY, "there is no `requires-python`", "there is no `[project]`")];
    }
    let set = |value: &str| vec![Change::Set(Key::dotted(KEY), value.into())];
    let Some(item) = subject.document.get(KEY) else {
        return vec![Lack::mended(RULE.name, KEY, "there is no `requires-python`", set(wanted))];
    };
    let Some(stated) = item.as_str() else {
        return vec![Lack::left(RULE.name, KEY, "`requires-python` is no string", "its value is unclear")];
    };
    match raised(stated, wanted) {
        Ok(None) => Vec::new(),
        Ok(Some(value)) => {
            let words = format!("`requires-python` is `{stated}` and takes in more than `{wanted}`");
            vec![Lack::mended(RULE.name, KEY, words, set(&value))]
        }
        Err(reason) => {
            let words = format!("`requires-python` is `{stated}`, not `{wanted}`");
            match subject.target(RULE.name) {
                Some(told) if told == stated => Vec::new(),
                Some(told) => vec![Lack::mended(RULE.name, KEY, words, set(told))],
                None => {
                    let target = |text: &str, how: &str| (text.to_owned(), how.to_owned());
                    let targets = vec![target(wanted, "the template"), target(stated, "the file")];
                    let question = Question { targets, ..Question::keeping(RULE.name, reason) };
                    vec![Lack::open(RULE.name, KEY, words, question)]
                }
            }
        }
    }
}
