//! Two project files become one: what the target says stays, what the incoming
//! one adds is added, and where they disagree a person is asked.
//!
//! Nothing of the incoming file goes without a word: what is neither added nor
//! asked about is listed as dropped.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::requirement::{normal, raised};
use crate::{Change, Document, Joined, Key, Stated};

/// What becomes of the target when another project is united with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct United {
    /// What changes in the target.
    pub changes: Vec<Change>,
    /// What of the incoming file is not in it afterwards: the key, and why.
    pub dropped: Vec<(Key, String)>,
    /// What a person has to choose.
    pub asked: Vec<Asked>,
}

/// A key of which the two files say different things; the target's stays until
/// somebody chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The key.
    pub key: Key,
    /// Between what there is to choose.
    pub words: String,
    /// The change by which the incoming file's word counts.
    pub taking: Change,
}

/// Keys whose values are about the incoming project itself.
const OWN: [&str; 9] = [
    "name",
    "version",
    "description",
    "readme",
    "authors",
    "maintainers",
    "classifiers",
    "dynamic",
    "license-files",
];

/// Settings of pytest that say which tests are run, and how strictly.
const RUN: [&str; 5] = ["addopts", "testpaths", "filterwarnings", "minversion", "pythonpath"];

/// What becomes of `there` when `incoming` is united with it.
#[must_use]
pub fn unite(incoming: &Document, there: &Document) -> United {
    let names = [incoming, there].map(|document| distribution(document).map(|name| normal(&name)));
    let own = names.into_iter().flatten().collect();
    let mut union = Union { incoming, there, own, united: United::default() };
    union.requirements();
    union.python();
    for table in ["project.scripts", "project.gui-scripts", "project.urls"] {
        union.table(&Key::dotted(table), "both have it with another value");
    }
    for group in incoming.keys("project.entry-points") {
        union.table(&Key::dotted("project.entry-points").child(group), "both have it with another value");
    }
    union.table(&Key::dotted("tool.uv.sources"), "both name another source");
    union.poetry();
    union.pytest();
    union.keywords();
    union.licence();
    union.rest();
    union.united
}

/// The name of the distribution as the file writes it.
#[must_use]
pub fn distribution(document: &Document) -> Option<String> {
    let keys = ["project.name", "tool.poetry.name"];
    keys.into_iter().find_map(|key| document.text(key)).map(str::to_owned)
}

/// The lists of requirements that a file has.
#[must_use]
pub fn requirement_lists(document: &Document) -> Vec<Key> {
    let mut lists = vec![Key::dotted("project.dependencies"), Key::dotted("tool.uv.dev-dependencies")];
    for table in ["project.optional-dependencies", "dependency-groups"] {
        lists.extend(document.keys(table).into_iter().map(|name| Key::dotted(table).child(name)));
    }
    lists.retain(|list| document.texts(list).is_some());
    lists
}

/// The tables of a file in which a key is the name of a distribution.
#[must_use]
pub fn requirement_tables(document: &Document) -> Vec<Key> {
    let mut tables: Vec<Key> =
        ["tool.uv.sources", "tool.poetry.dependencies", "tool.poetry.dev-dependencies"]
            .map(Key::dotted)
            .into();
    let groups = document.keys("tool.poetry.group");
    tables.extend(
        groups.into_iter().map(|group| Key::dotted("tool.poetry.group").child(group).child("dependencies")),
    );
    tables.retain(|table| document.at(table).is_some());
    tables
}

struct Union<'a> {
    incoming: &'a Document,
    there: &'a Document,
    /// The normal names of both distributions.
    own: BTreeSet<String>,
    united: United,
}

impl Union<'_> {
    fn requirements(&mut self) {
        for list in requirement_lists(self.incoming) {
            let texts: Vec<String> =
                self.incoming.texts(&list).unwrap_or_default().into_iter().map(str::to_owned).collect();
            let mut known: Vec<String> =
                self.there.texts(&list).unwrap_or_default().into_iter().map(str::to_owned).collect();
            for text in texts {
                self.requirement(&list, &text, &mut known);
            }
        }
    }

    fn requirement(&mut self, list: &Key, text: &str, known: &mut Vec<String>) {
        let Some(need) = Stated::read(text) else {
            self.united.dropped.push((list.clone(), format!("`{text}` is no requirement")));
            return;
        };
        if self.own.contains(&need.name) {
            self.united.dropped.push((list.clone(), format!("`{text}` would be a dependency on itself")));
            return;
        }
        let same =
            known.iter().position(|other| Stated::read(other).is_some_and(|other| other.is_same(&need)));
        let Some(at) = same else {
            known.push(text.to_owned());
            self.united.changes.push(Change::Push(list.clone(), text.to_owned()));
            return;
        };
        let old = known[at].clone();
        match Stated::read(&old).map(|other| other.join(&need)) {
            Some(Joined::Text(new)) if new != old => {
                known[at].clone_from(&new);
                self.united.changes.push(Change::Replace { list: list.clone(), from: old, to: new });
            }
            Some(Joined::Clash) => {
                let words = format!("no version fits both `{old}` and `{text}`");
                let taking = Change::Replace { list: list.clone(), from: old, to: text.to_owned() };
                self.united.asked.push(Asked { key: list.clone(), words, taking });
            }
            _ => {}
        }
    }

    fn python(&mut self) {
        let key = Key::dotted("project.requires-python");
        let Some(wanted) = self.incoming.text("project.requires-python") else { return };
        let Some(stated) = self.there.text("project.requires-python") else {
            return self.united.changes.push(Change::Set(key, wanted.into()));
        };
        match raised(stated, wanted) {
            Ok(None) => {}
            Ok(Some(text)) => self.united.changes.push(Change::Set(key, text.into())),
            Err(words) => {
                let taking = Change::Set(key.clone(), wanted.into());
                self.united.asked.push(Asked { key, words, taking });
            }
        }
    }

    /// The entries of a table: new ones are added, others have to agree.
    fn table(&mut self, table: &Key, clash: &str) {
        let name = table.to_string();
        for entry in self.incoming.keys_at(table) {
            if self.own.contains(&normal(entry)) && name.starts_with("tool.") {
                continue;
            }
            let key = table.child(entry);
            let (own, other) = (plain(self.incoming, &key), plain(self.there, &key));
            match (own, other) {
                (Some(own), None) => self.united.changes.push(Change::Set(key, own)),
                (Some(own), Some(other)) if own != other => {
                    let words = format!("{clash}: {other} stays, and not {own}");
                    let taking = Change::Set(key.clone(), own);
                    self.united.asked.push(Asked { key, words, taking });
                }
                _ => {}
            }
        }
    }

    fn poetry(&mut self) {
        let tables = requirement_tables(self.incoming).into_iter();
        for table in tables.filter(|table| table.to_string().starts_with("tool.poetry.")) {
            if self.there.get("tool.poetry").is_some() {
                self.table(&table, "both ask for another version");
            }
        }
        if self.there.get("tool.poetry").is_some() {
            self.table(&Key::dotted("tool.poetry.scripts"), "both have it with another value");
        }
    }

    /// What the incoming tests need of pytest, and the target does not set.
    fn pytest(&mut self) {
        let table = Key::dotted("tool.pytest.ini_options");
        let is_set = self.incoming.keys("tool.pytest.ini_options").into_iter();
        for name in is_set.filter(|name| !RUN.contains(name)) {
            let key = table.child(name);
            match (self.incoming.texts(&key), self.there.texts(&key)) {
                (Some(own), Some(known)) => {
                    let fresh = own.into_iter().filter(|text| !known.contains(text));
                    self.united.changes.extend(fresh.map(|text| Change::Push(key.clone(), text.to_owned())));
                }
                _ if self.there.at(&key).is_none() => {
                    let value = plain(self.incoming, &key);
                    self.united.changes.extend(value.map(|value| Change::Set(key, value)));
                }
                _ => self.differs(&key, "tools are set by the target"),
            }
        }
        for name in RUN {
            self.differs(&table.child(name), "how tests are run is set by the target");
        }
    }

    fn keywords(&mut self) {
        let key = Key::dotted("project.keywords");
        let known = self.there.texts(&key).unwrap_or_default();
        let fresh =
            self.incoming.texts(&key).unwrap_or_default().into_iter().filter(|word| !known.contains(word));
        self.united.changes.extend(fresh.map(|word| Change::Push(key.clone(), word.to_owned())));
    }

    fn licence(&mut self) {
        let key = Key::dotted("project.license");
        let (own, other) = (plain(self.incoming, &key), plain(self.there, &key));
        let words = |value: &Option<Value>| value.as_ref().map_or("none".to_owned(), ToString::to_string);
        if let Some(own) = own.clone().filter(|_| own != other) {
            let words = format!("the licences differ: {} and {own}", words(&other));
            let taking = Change::Set(key.clone(), own);
            self.united.asked.push(Asked { key, words, taking });
        }
    }

    /// Everything else stays as the target has it; what the incoming file says
    /// otherwise is listed.
    fn rest(&mut self) {
        for name in OWN {
            let key = Key::dotted("project").child(name);
            self.differs(&key, "it is about the project itself");
        }
        for name in ["build-system.requires", "build-system.build-backend"] {
            self.differs(&Key::dotted(name), "the target is built its own way");
        }
        for tool in self.incoming.keys("tool").into_iter().filter(|tool| *tool != "pytest") {
            let tool = Key::dotted("tool").child(tool);
            for name in self.incoming.keys(&tool.to_string()) {
                let key = tool.child(name);
                if !["tool.uv.sources", "tool.poetry.dependencies"].contains(&key.to_string().as_str()) {
                    self.differs(&key, "tools are set by the target");
                }
            }
        }
    }

    fn differs(&mut self, key: &Key, why: &str) {
        let (own, other) = (plain(self.incoming, key), plain(self.there, key));
        if own.is_some() && own != other {
            self.united.dropped.push((key.clone(), why.to_owned()));
        }
    }
}

fn plain(document: &Document, key: &Key) -> Option<Value> {
    let values = document.values();
    key.parts().try_fold(&values, |value, part| value.get(part)).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn united(incoming: &str, there: &str) -> (String, Vec<String>, Vec<String>) {
        let incoming = Document::parse(incoming).unwrap();
        let mut document = Document::parse(there).unwrap();
        let united = unite(&incoming, &document);
        united.changes.iter().for_each(|change| document.change(change));
        let asked = united.asked.into_iter().map(|asked| asked.key.to_string()).collect();
        let dropped = united.dropped.into_iter().map(|(key, _)| key.to_string()).collect();
        (document.render(), asked, dropped)
    }

    const OLD: &str = "[project]\nname = \"old\"\nrequires-python = \">=3.12\"\ndependencies = [\"new\", \"click>=9\", \"rich\", \"uvicorn[standard]>=1\"]\n";
    const NEW: &str = "[project]\nname = \"new\"\nrequires-python = \">=3.11\"\ndependencies = [\"click>=8\", \"Uvicorn>=2\", \"old\"]\n";

    #[test]
    fn the_stricter_requirement_counts() {
        let (text, asked, dropped) = united(OLD, NEW);
        assert!(text.contains("\"click>=9\""), "{text}");
        assert!(text.contains("\"Uvicorn[standard]>=2\""), "{text}");
        assert!(text.contains("\"rich\""), "{text}");
        assert!(text.contains("requires-python = \">=3.12\""), "{text}");
        assert_eq!(
            (asked, dropped),
            (vec![], vec!["project.dependencies".to_owned(), "project.name".to_owned()])
        );
    }

    #[test]
    fn what_disagrees_is_asked_and_nothing_goes_unsaid() {
        let old = "[project]\nname = \"old\"\nlicense = \"MIT\"\ndependencies = [\"a<2\"]\n[project.scripts]\nrun = \"old:run\"\nmore = \"old:more\"\n[tool.ruff]\nselect = [\"E\"]\n";
        let new = "[project]\nname = \"new\"\nlicense = \"BSD\"\ndependencies = [\"a>=2\"]\n[project.scripts]\nrun = \"new:run\"\n";
        let (text, asked, dropped) = united(old, new);
        assert!(text.contains("more = \"old:more\"") && text.contains("run = \"new:run\""), "{text}");
        assert_eq!(asked, ["project.dependencies", "project.scripts.run", "project.license"]);
        assert_eq!(dropped, ["project.name", "tool.ruff.select"]);
    }

    #[test]
    fn a_second_time_changes_nothing() {
        let (text, ..) = united(OLD, NEW);
        assert_eq!(united(OLD, &text).0, text);
    }
}
