//! The roadmap as a file of the tree: which packages it says are retired, and
//! how it learns of one more.
//!
//! It is read from every tree anew, since a step before this one may have
//! written to it. What else a roadmap says is read elsewhere.

use repot_change::{Class, Evidence, RelPath, TreeError, edited};
use repot_codemod::Proposal;
use repot_project::{Change, Document, Key, edits, normal, text};
use repot_workspace::Workspace;
use serde_json::{Map, Value};

use super::evidence::Account;
use super::side::Side;
use super::taken::take_out;

/// The files that may hold a roadmap, each with the table that is it.
const FILES: [(&str, &str); 2] = [("repot.toml", ""), ("pyproject.toml", "tool.repot")];

/// A roadmap, where the tree has one.
pub struct Record {
    path: RelPath,
    /// The key of the roadmap in its file; empty where the file is all roadmap.
    table: &'static str,
    document: Document,
}

impl Record {
    /// The roadmap of the tree; `None` where there is none that can be read.
    pub fn of(workspace: &Workspace) -> Option<Self> {
        FILES.into_iter().find_map(|(name, table)| {
            let path = RelPath::new(name).ok()?;
            let source = text(&workspace.snapshot().content(&path)?.bytes)?;
            let document = Document::parse(&source).ok()?;
            let is_roadmap = table.is_empty() || document.get(table).is_some();
            is_roadmap.then_some(Self { path, table, document })
        })
    }

    /// Whether it says that what `wanted` means is retired: an import name, a
    /// folder, or the name of a distribution. Then also what it was merged into.
    pub fn retired(&self, wanted: &str) -> Option<Option<String>> {
        let Some(Value::Array(entries)) = self.document.plain(&self.key("retired")) else { return None };
        let wanted = wanted.trim_end_matches('/');
        let says = |entry: &Value, key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
        let is_meant = |entry: &&Value| {
            let is = |key: &str| says(entry, key).is_some_and(|text| text.trim_end_matches('/') == wanted);
            let distribution = says(entry, "distribution");
            is("package") || is("folder") || distribution.is_some_and(|name| normal(&name) == normal(wanted))
        };
        entries.iter().find(is_meant).map(|entry| says(entry, "into"))
    }

    /// Its file, for people.
    pub fn name(&self) -> &str {
        self.path.as_str()
    }

    /// Writes that `from` is retired, and names its folder nowhere as a member: a
    /// glob that matches nothing is an error.
    ///
    /// # Errors
    ///
    /// [`TreeError`] when other edits of the file do not go together with it.
    pub fn retire(
        &self,
        workspace: &Workspace,
        (from, into): (&Side, &Side),
        proposal: &mut Proposal,
    ) -> Result<(), TreeError> {
        let Some(content) = workspace.snapshot().content(&self.path) else { return Ok(()) };
        let entry = entry(workspace, from, into);
        let bytes = edited(&self.path, &content.bytes, take_out(proposal, &self.path))?;
        let current = text(&bytes).and_then(|text| Document::parse(&text).ok());
        let Some(mut document) = current else { return Ok(()) };
        let target = into.package.map(|id| &workspace.package(id).folder);
        if let Some(target) = target {
            self.leave_members(&mut document, home(workspace, from, into), target);
        }
        let before = document.render();
        let after = self.with_entry(&before, &entry);
        proposal.evidence.extend(after.is_none().then(|| self.unsaid(&entry)));
        let edits = edits(&content.bytes, &after.unwrap_or(before));
        proposal.changes_mut(Class::Config).add_edits(&self.path, edits)
    }

    fn key(&self, name: &str) -> Key {
        Key::new(self.table.split('.').chain(name.split('.')).filter(|part| !part.is_empty()))
    }

    /// No list of members names the folder `home` any more.
    fn leave_members(&self, document: &mut Document, home: &RelPath, target: &RelPath) {
        let domains = self.key("domains");
        let names: Vec<String> = document.keys_at(&domains).into_iter().map(str::to_owned).collect();
        let lists = names.iter().map(|name| (domains.child(name).child("members"), false));
        for (list, is_needed) in std::iter::once((self.key("workspace.members"), true)).chain(lists) {
            let globs: Vec<&str> = document.texts(&list).unwrap_or_default();
            if !globs.contains(&home.as_str()) {
                continue;
            }
            let change = match is_needed && globs.len() == 1 {
                true => Change::Replace { list, from: home.to_string(), to: target.to_string() },
                false => Change::Drop(list, home.to_string()),
            };
            document.change(&change);
        }
    }

    /// The text with one more entry: behind the last table of the roadmap where
    /// other tables follow, else at the end. `None` where neither leads to just
    /// that entry.
    fn with_entry(&self, before: &str, entry: &Entry) -> Option<String> {
        let header = if self.table.is_empty() { String::new() } else { format!("{}.", self.table) };
        let lines = entry.iter().map(|(key, value)| format!("{key} = {}\n", quoted(value)));
        let block = format!("[[{header}retired]]\n{}", lines.collect::<String>());
        let places = [end_of_table(before, self.table), Some(before.len())];
        let expected = self.expected(before, entry)?;
        let texts = places.into_iter().flatten().map(|at| inserted(before, at, &block));
        let is_right =
            |text: &String| Document::parse(text).is_ok_and(|document| document.values() == expected);
        texts.into_iter().find(is_right)
    }

    fn expected(&self, before: &str, entry: &Entry) -> Option<Value> {
        let mut values = Document::parse(before).ok()?.values();
        let mut table = &mut values;
        for part in self.key("").parts() {
            table = table.get_mut(part)?;
        }
        let entries = table.as_object_mut()?.entry("retired").or_insert_with(|| Value::Array(Vec::new()));
        let fields = entry.iter().map(|(key, value)| ((*key).to_owned(), value.as_str().into()));
        entries.as_array_mut()?.push(Value::Object(fields.collect::<Map<String, Value>>()));
        Some(values)
    }

    fn unsaid(&self, entry: &Entry) -> Evidence {
        let said = entry.iter().map(|(key, value)| format!("{key} = {}", quoted(value)));
        let rule = format!("retired: {}", said.collect::<Vec<_>>().join(", "));
        let account = Account::of(Class::Config, &self.path, self.key("retired").to_string(), rule);
        account.left("the roadmap cannot be added to; say it there by hand".to_owned())
    }
}

/// What is said of a package that is retired, in the order in which it is said.
type Entry = Vec<(&'static str, String)>;

/// The folder that goes: that of the distribution, or of the import package alone
/// where the target lies within the distribution.
fn home<'a>(workspace: &'a Workspace, from: &'a Side, into: &Side) -> &'a RelPath {
    let package = from.package.map(|id| &workspace.package(id).folder);
    package.filter(|folder| !into.folder.is_within(folder)).unwrap_or(&from.folder)
}

fn entry(workspace: &Workspace, from: &Side, into: &Side) -> Entry {
    let new = into.package.map(|id| workspace.package(id).name.as_str());
    let package = from.package.map(|id| workspace.package(id));
    let distribution = package.filter(|package| new != Some(package.name.as_str()));
    let distribution = distribution.and_then(|package| package.distribution.clone());
    let package = (from.name != into.name).then(|| from.name.clone());
    let said = [
        ("package", package),
        ("into", Some(into.name.clone())),
        ("folder", Some(home(workspace, from, into).to_string())),
        ("distribution", distribution),
    ];
    said.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Where the last table below `table` ends, without the comments of the next one;
/// `None` where no header names one.
fn end_of_table(text: &str, table: &str) -> Option<usize> {
    let wanted: Vec<&str> = table.split('.').filter(|part| !part.is_empty()).collect();
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        at += line.len();
        (at - line.len(), line.trim())
    });
    let lines: Vec<(usize, &str)> = lines.collect();
    // A line of a list may look like a header; what is behind it tells the two apart.
    let is_header = |line: &str| {
        let behind = line.rfind(']').and_then(|end| line.get(end + 1..)).map(str::trim_start);
        line.starts_with('[') && behind.is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
    };
    let names = |line: &str| {
        let key = line.trim_start_matches('[').split(']').next().unwrap_or_default();
        let parts: Vec<&str> = key.split('.').map(|part| part.trim().trim_matches('"')).collect();
        parts.starts_with(&wanted)
    };
    let last = lines.iter().rposition(|(_, line)| is_header(line) && names(line))?;
    let rest = lines.get(last + 1..)?;
    let next = rest.iter().position(|(_, line)| is_header(line)).unwrap_or(rest.len());
    let is_content = |(_, line): &(usize, &str)| !line.is_empty() && !line.starts_with('#');
    let content = rest[..next].iter().rposition(is_content).map_or(last, |found| last + 1 + found);
    Some(lines.get(content + 1).map_or(text.len(), |(start, _)| *start))
}

/// `text` with the table `block` at the beginning of a line, a blank line before
/// it.
fn inserted(text: &str, at: usize, block: &str) -> String {
    let (before, behind) = text.split_at(at.min(text.len()));
    let open = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    let gap = if before.is_empty() { "" } else { "\n" };
    format!("{before}{open}{gap}{block}{behind}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record(name: &'static str, table: &'static str, text: &str) -> Record {
        let document = Document::parse(text).unwrap();
        Record { path: RelPath::new(name).unwrap(), table, document }
    }

    fn old() -> Entry {
        vec![("package", "old".to_owned()), ("folder", "p/o\"ld".to_owned())]
    }

    #[test]
    fn an_entry_stands_behind_the_roadmap_and_before_what_follows() {
        let text = "[project]\nname = \"x\"\n\n[tool.repot.workspace]\nmembers = [\n  [\"p\"],\n] # all\n\n# Style.\n[tool.ruff]\n";
        let after = record("pyproject.toml", "tool.repot", text).with_entry(text, &old()).unwrap();
        let entry = "\n[[tool.repot.retired]]\npackage = \"old\"\nfolder = \"p/o\\\"ld\"\n";
        assert_eq!(after, text.replace("# all\n", &format!("# all\n{entry}")));
    }

    #[test]
    fn where_no_entry_fits_nothing_is_written() {
        for text in ["retired = []\n", "[retired]\npackage = \"a\"\n"] {
            assert_eq!(record("repot.toml", "", text).with_entry(text, &old()), None, "{text}");
        }
    }

    #[test]
    fn what_is_retired_is_known_by_each_of_its_names() {
        let text = "[[retired]]\npackage = \"a.old\"\nfolder = \"p/old\"\ndistribution = \"Acme_Old\"\ninto = \"new\"\n";
        let record = record("repot.toml", "", text);
        for name in ["a.old", "p/old/", "p/old", "acme-old", "acme.old"] {
            assert_eq!(record.retired(name), Some(Some("new".to_owned())), "{name}");
        }
        for name in ["old", "a", "p", "new", ""] {
            assert_eq!(record.retired(name), None, "{name}");
        }
    }

    proptest! {
        /// Comments, order and everything else stay; the entry is one more.
        #[test]
        fn an_entry_only_adds_lines(
            tables in proptest::collection::vec("(\\[tool\\.(repot|ruff|repot\\.domains\\.a)\\]\n|# note\n|\n|k[a-z]{6} = \\[\n  1, # one\n\\]\n){1,3}", 0..4),
        ) {
            let text = format!("[tool.repot.workspace]\nmembers = [\"p\"]\n{}", tables.concat());
            prop_assume!(Document::parse(&text).is_ok());
            let after = record("pyproject.toml", "tool.repot", &text).with_entry(&text, &old()).unwrap();
            let mut lines = after.lines();
            prop_assert!(text.lines().all(|line| lines.any(|other| other == line)), "{after}");
            let entries = record("pyproject.toml", "tool.repot", &after);
            prop_assert!(entries.retired("old").is_some());
        }
    }
}
