//! What `setup.py` and `setup.cfg` say of a package, word by word. What it
//! means in `[project]` is known elsewhere.

use std::collections::BTreeMap;

use repot_change::RelPath;
use repot_project::{Older, Said};

use super::ini::Ini;
use super::setup_py::{SetupCall, Value, named_readme};

/// What the two files say; `None` where neither describes a package. The
/// `setup.py` comes first, as it does with setuptools.
pub(crate) fn older(setup_py: Option<&str>, setup_cfg: Option<&str>, versions: &[String]) -> Option<Older> {
    let mut said = BTreeMap::new();
    let mut file = None;
    if let Some(text) = setup_py {
        file = Some("setup.py");
        said.extend(in_call(text));
    }
    if let Some(text) = setup_cfg {
        let words = in_options(text);
        file = file.filter(|_| !said.is_empty()).or((!words.is_empty()).then_some("setup.cfg")).or(file);
        for (word, value) in words {
            said.entry(word).or_insert(value);
        }
    }
    Some(Older::new(file?, &said, versions))
}

fn in_call(text: &str) -> BTreeMap<String, Said> {
    let file = RelPath::root();
    // Without a call that can be seen, anything may be said.
    let Some(call) = SetupCall::read(&file, text) else {
        return [("setup()".to_owned(), Said::Computed)].into();
    };
    let mut said: BTreeMap<String, Said> =
        call.arguments().map(|(word, value)| (word.to_owned(), from_call(value))).collect();
    if said.get("long_description") == Some(&Said::Computed)
        && let Some(readme) = named_readme(text)
    {
        said.insert("long_description".to_owned(), Said::File(readme));
    }
    if call.is_open {
        said.insert("**".to_owned(), Said::Computed);
    }
    said
}

fn from_call(value: &Value) -> Said {
    match value {
        Value::Text(stated) => Said::Text(stated.text.clone()),
        Value::List(_) => texts(value).map_or(Said::Computed, Said::List),
        Value::Table(pairs) => {
            let pairs = pairs.iter().map(|(name, value)| Some((name.clone(), texts(value)?)));
            pairs.collect::<Option<_>>().map_or(Said::Computed, Said::Table)
        }
        _ => Said::Computed,
    }
}

fn texts(value: &Value) -> Option<Vec<String>> {
    Some(value.texts()?.into_iter().map(|stated| stated.text).collect())
}

fn in_options(text: &str) -> BTreeMap<String, Said> {
    let ini = Ini::parse(&RelPath::root(), text);
    let mut said = BTreeMap::new();
    for section in ["metadata", "options"] {
        said.extend(ini.pairs(section).into_iter().map(|(key, lines)| (key, from_option(&lines))));
    }
    for section in ini.sections().filter_map(|section| section.strip_prefix("options.")) {
        match section {
            // How packages are found was said by `packages` already.
            "packages.find" => {}
            word => drop(said.insert(word.to_owned(), Said::Table(ini.pairs(&format!("options.{word}"))))),
        }
    }
    // Older names of the same words.
    for (old, new) in [("home_page", "url"), ("summary", "description"), ("classifier", "classifiers")] {
        if let Some(value) = said.remove(old) {
            said.entry(new.to_owned()).or_insert(value);
        }
    }
    said
}

fn from_option(lines: &[String]) -> Said {
    let mut items: Vec<String> = lines.iter().filter(|line| !line.is_empty()).cloned().collect();
    match items.as_slice() {
        [only] => match (only.strip_prefix("file:"), only.starts_with("attr:")) {
            (_, true) => Said::Computed,
            (Some(file), _) => Said::File(file.trim().to_owned()),
            // A semicolon ends a requirement, and begins its marker as well.
            (None, false) => Said::Text(only.clone()),
        },
        _ => {
            items.retain(|item| !item.starts_with('#'));
            Said::List(items)
        }
    }
}
