//! What a `setup.py` or `setup.cfg` says, as `[project]` says it (PEP 621).
//!
//! Somebody else reads these files; nothing of them is run. What they state
//! comes in as [`Said`], word by word, and is carried over exactly or not at
//! all: where one word has no counterpart, or would have to be computed, the
//! reason is told instead.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::requirement::{normal, requirement};

/// What a keyword of `setup()`, or an option of `setup.cfg`, says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// One text.
    Text(String),
    /// Several texts, or the lines of one.
    List(Vec<String>),
    /// Texts by a name each.
    Table(Vec<(String, Vec<String>)>),
    /// What a file holds.
    File(String),
    /// Something that would have to be computed.
    Computed,
}

/// The files of an older build beside a `pyproject.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Older {
    /// The file that says most.
    pub file: String,
    /// What stands in `[project]` when it says the same, or why it cannot.
    pub metadata: Result<Map<String, Value>, String>,
    /// Why another backend would not build what this one builds.
    pub obstacle: Option<String>,
}

/// What says the same in `[project]` under another name.
const SAME: [(&str, &str); 3] =
    [("name", "name"), ("description", "description"), ("python_requires", "requires-python")];
/// What setuptools alone needs to know, or what nothing reads any more.
const SILENT: [&str; 12] = [
    "packages",
    "package_dir",
    "py_modules",
    "include_package_data",
    "package_data",
    "zip_safe",
    "long_description_content_type",
    "license_file",
    "license_files",
    "test_suite",
    "author_email",
    "maintainer_email",
];

impl Older {
    /// What `said` means; `versions` are the files of the package that state
    /// `__version__`.
    #[must_use]
    pub fn new(file: &str, said: &BTreeMap<String, Said>, versions: &[String]) -> Self {
        let mut metadata = Map::new();
        let (mut unclear, mut obstacle) = (None, None);
        // What is needed in any case comes before what a marker asks for.
        let is_needed = |(word, _): &(&String, &Said)| *word == "install_requires";
        for (word, value) in said.iter().filter(is_needed).chain(said.iter().filter(|pair| !is_needed(pair)))
        {
            let carried = match word.as_str() {
                "version" => version(value, versions, &mut metadata),
                "author" | "maintainer" => people(word, said, &mut metadata),
                word if SILENT.contains(&word) => alone(word, said, &mut metadata),
                word => match carry(word, value, &mut metadata) {
                    Carried::Yes(done) => done,
                    // What is no metadata is told of the build.
                    Carried::Unknown if is_idle(word, value) => Some(()),
                    Carried::Unknown => {
                        obstacle.get_or_insert_with(|| format!("`{word}` in `{file}` changes the build"));
                        Some(())
                    }
                },
            };
            if carried.is_none() {
                unclear.get_or_insert_with(|| {
                    format!("`{file}` computes `{word}`, or says it in words that `[project]` has not")
                });
            }
        }
        let metadata = unclear.map_or(Ok(metadata), Err);
        Self { file: file.to_owned(), metadata, obstacle }
    }
}

enum Carried {
    Yes(Option<()>),
    Unknown,
}

/// Words that ask for what every build has.
fn is_idle(word: &str, value: &Said) -> bool {
    let plain = |name: &String| matches!(normal(name).as_str(), "setuptools" | "wheel");
    match (word, value) {
        ("setup_requires", value) => list(value).is_some_and(|names| {
            names.iter().all(|text| requirement(text).is_some_and(|found| plain(&found.name.to_string())))
        }),
        ("platforms", value) => list(value).is_some_and(|names| names == ["any"]),
        _ => false,
    }
}

fn carry(word: &str, value: &Said, to: &mut Map<String, Value>) -> Carried {
    if let Some((_, name)) = SAME.iter().find(|(own, _)| *own == word) {
        return Carried::Yes(text(value).map(|text| drop(to.insert((*name).to_owned(), json!(text)))));
    }
    Carried::Yes(match word {
        "long_description" => readme(value).map(|file| drop(to.insert("readme".to_owned(), json!(file)))),
        "license" => text(value).map(|text| drop(to.insert("license".to_owned(), json!({ "text": text })))),
        "classifiers" => list(value).map(|items| drop(to.insert(word.to_owned(), json!(items)))),
        "keywords" => words(value).map(|items| drop(to.insert(word.to_owned(), json!(items)))),
        "url" => text(value).map(|text| link(to, "Homepage", &text)),
        "download_url" => text(value).map(|text| link(to, "Download", &text)),
        "project_urls" => pairs(value).map(|pairs| pairs.iter().for_each(|(name, url)| link(to, name, url))),
        "install_requires" => requirements(value).map(|items| extend(to, "dependencies", &items)),
        "extras_require" => extras(value, to),
        "entry_points" => entry_points(value, to),
        _ => return Carried::Unknown,
    })
}

fn text(value: &Said) -> Option<String> {
    match value {
        Said::Text(text) => Some(text.clone()),
        Said::List(items) => <&[String; 1]>::try_from(items.as_slice()).ok().map(|[only]| only.clone()),
        _ => None,
    }
}

fn list(value: &Said) -> Option<Vec<String>> {
    match value {
        Said::Text(text) => {
            Some(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
        }
        Said::List(items) => Some(items.clone()),
        _ => None,
    }
}

/// Keywords: a text that holds several parts them by commas.
fn words(value: &Said) -> Option<Vec<String>> {
    let items = list(value)?;
    let [only] = items.as_slice() else { return Some(items) };
    Some(only.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect())
}

fn pairs(value: &Said) -> Option<Vec<(String, String)>> {
    match value {
        Said::Table(pairs) => {
            pairs.iter().map(|(name, texts)| Some((name.clone(), texts.first()?.clone()))).collect()
        }
        value => list(value)?.iter().map(|line| assigned(line)).collect(),
    }
}

/// `name = value`.
fn assigned(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once('=')?;
    Some((name.trim().to_owned(), value.trim().to_owned()))
}

fn table<'t>(to: &'t mut Map<String, Value>, name: &str) -> Option<&'t mut Map<String, Value>> {
    to.entry(name).or_insert_with(|| json!({})).as_object_mut()
}

fn link(to: &mut Map<String, Value>, name: &str, url: &str) {
    table(to, "urls").into_iter().for_each(|urls| drop(urls.insert(name.to_owned(), json!(url))));
}

fn extend(to: &mut Map<String, Value>, name: &str, items: &[String]) {
    let list = to.entry(name).or_insert_with(|| json!([])).as_array_mut();
    list.into_iter().for_each(|list| list.extend(items.iter().map(|item| json!(item))));
}

fn readme(value: &Said) -> Option<String> {
    match value {
        Said::File(file) if [".md", ".rst", ".txt"].iter().any(|end| file.to_lowercase().ends_with(end)) => {
            Some(file.clone())
        }
        _ => None,
    }
}

/// The version, or the one file that states it where it is computed.
fn version(value: &Said, versions: &[String], to: &mut Map<String, Value>) -> Option<()> {
    if let Some(text) = text(value) {
        to.insert("version".to_owned(), json!(text));
        return Some(());
    }
    // Which file that is, the rule that mends a version finds as well.
    let is_stated = *value == Said::Computed && versions.len() == 1;
    is_stated.then_some(())
}

/// The person and the address, which are words of their own.
fn people(word: &str, said: &BTreeMap<String, Said>, to: &mut Map<String, Value>) -> Option<()> {
    let name = text(said.get(word)?)?;
    let address = match said.get(&format!("{word}_email")) {
        Some(value) => Some(text(value)?),
        None => None,
    };
    // Several people in one word cannot be told apart.
    if name.contains(',') || address.as_ref().is_some_and(|address| address.contains(',')) {
        return None;
    }
    let person = match address {
        Some(address) => json!({ "name": name, "email": address }),
        None => json!({ "name": name }),
    };
    to.insert(format!("{word}s"), json!([person]));
    Some(())
}

/// Words that say nothing of their own where the word that they belong to is
/// said.
fn alone(word: &str, said: &BTreeMap<String, Said>, to: &mut Map<String, Value>) -> Option<()> {
    match word {
        "author_email" | "maintainer_email" => {
            let whose = word.trim_end_matches("_email");
            if said.contains_key(whose) {
                return Some(());
            }
            let address = text(said.get(word)?)?;
            to.insert(format!("{whose}s"), json!([{ "email": address }]));
            Some(())
        }
        "license_file" | "license_files" => {
            let is_usual = |name: &String| {
                let upper = name.to_uppercase();
                ["LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS"]
                    .iter()
                    .any(|usual| upper.starts_with(usual))
            };
            // These are found without being named.
            words(said.get(word)?)?.iter().all(is_usual).then_some(())
        }
        _ => Some(()),
    }
}

/// Requirements as PEP 508 has them; a comment behind one is left out, as
/// setuptools does.
fn requirements(value: &Said) -> Option<Vec<String>> {
    let lines = list(value)?;
    let bare = lines.iter().map(|line| line.split(" #").next().unwrap_or_default().trim());
    let items: Vec<String> =
        bare.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect();
    items.iter().all(|text| requirement(text).is_some()).then_some(items)
}

/// Extras; `extra:marker` holds the requirements for which the marker stands.
fn extras(value: &Said, to: &mut Map<String, Value>) -> Option<()> {
    let Said::Table(pairs) = value else { return None };
    for (key, items) in pairs {
        let items = requirements(&Said::List(items.clone()))?;
        let (extra, marker) = match key.split_once(':') {
            Some((extra, marker)) => (extra.trim(), Some(marker.trim())),
            None => (key.trim(), None),
        };
        let marked = |text: String| match marker {
            Some(_) if text.contains(';') => None,
            Some(marker) => Some(format!("{text}; {marker}")),
            None => Some(text),
        };
        let items: Vec<String> = items.into_iter().map(marked).collect::<Option<_>>()?;
        items.iter().all(|text| requirement(text).is_some()).then_some(())?;
        match extra {
            "" => extend(to, "dependencies", &items),
            extra => extend(table(to, "optional-dependencies")?, extra, &items),
        }
    }
    Some(())
}

fn entry_points(value: &Said, to: &mut Map<String, Value>) -> Option<()> {
    let Said::Table(groups) = value else { return None };
    for (group, lines) in groups {
        let points = lines.iter().flat_map(|line| line.lines()).map(str::trim);
        let points = points.filter(|line| !line.is_empty() && !line.starts_with('#'));
        for point in points {
            let (name, target) = assigned(point)?;
            // An entry point with extras has no counterpart.
            (!target.contains('[')).then_some(())?;
            let table = match group.as_str() {
                "console_scripts" => table(to, "scripts")?,
                "gui_scripts" => table(to, "gui-scripts")?,
                group => {
                    let groups = table(to, "entry-points")?;
                    groups.entry(group).or_insert_with(|| json!({})).as_object_mut()?
                }
            };
            table.insert(name, json!(target));
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn older(said: &[(&str, Said)]) -> Older {
        let said = said.iter().map(|(word, value)| ((*word).to_owned(), value.clone())).collect();
        Older::new("setup.cfg", &said, &[])
    }

    fn list(items: &[&str]) -> Said {
        Said::List(items.iter().map(|item| (*item).to_owned()).collect())
    }

    #[test]
    fn what_is_said_is_said_again() {
        let text = |text: &str| Said::Text(text.to_owned());
        let found = older(&[
            ("name", text("shop")),
            ("version", text("1.0")),
            ("author", text("Ann")),
            ("author_email", text("ann@shop.example")),
            ("keywords", text("till, cart")),
            ("url", text("https://shop.example")),
            ("project_urls", list(&["Source = https://shop.example/a=b"])),
            ("python_requires", text(">=3.9")),
            ("long_description", Said::File("README.md".to_owned())),
            ("long_description_content_type", text("text/markdown")),
            (
                "install_requires",
                list(&["kernel>=1 # why", "# none", "tables[fast]~=2.0; python_version<'3.12'"]),
            ),
            (
                "extras_require",
                Said::Table(vec![
                    ("dev".to_owned(), vec!["ruff".to_owned()]),
                    (":sys_platform=='win32'".to_owned(), vec!["colours".to_owned()]),
                ]),
            ),
            (
                "entry_points",
                Said::Table(vec![("console_scripts".to_owned(), vec!["till = shop:run".to_owned()])]),
            ),
            ("packages", Said::Computed),
        ]);
        let expected = json!({
            "name": "shop", "version": "1.0", "keywords": ["till", "cart"], "readme": "README.md",
            "authors": [{ "name": "Ann", "email": "ann@shop.example" }],
            "urls": { "Homepage": "https://shop.example", "Source": "https://shop.example/a=b" },
            "requires-python": ">=3.9",
            "dependencies": ["kernel>=1", "tables[fast]~=2.0; python_version<'3.12'", "colours; sys_platform=='win32'"],
            "optional-dependencies": { "dev": ["ruff"] },
            "scripts": { "till": "shop:run" },
        });
        assert_eq!(found.metadata.map(Value::Object), Ok(expected));
        assert_eq!(found.obstacle, None);
    }

    #[test]
    fn what_cannot_be_said_is_told() {
        for (word, value) in [
            ("install_requires", Said::Computed),
            ("install_requires", list(&["-r other.txt"])),
            ("name", Said::Computed),
            ("version", Said::Computed),
            ("author", Said::Text("Ann, Bob".to_owned())),
            ("license_files", list(&["legal/ours"])),
            ("entry_points", Said::Text("[console_scripts]".to_owned())),
        ] {
            let found = older(&[(word, value.clone())]);
            assert!(found.metadata.is_err_and(|reason| reason.contains(word)), "{word} {value:?}");
        }
        for word in ["ext_modules", "cmdclass", "use_scm_version", "setup_requires", "data_files"] {
            assert!(older(&[(word, Said::Computed)]).obstacle.is_some_and(|reason| reason.contains(word)));
        }
        assert_eq!(older(&[("setup_requires", list(&["setuptools>=40", "wheel"]))]).obstacle, None);
    }
}
