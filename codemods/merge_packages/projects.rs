//! The project files: the target's takes in what the source's says, and whoever
//! depended on the source depends on the target.

use std::collections::BTreeSet;

use repot_change::{Class, Edit, Evidence, RelPath, Span, TreeError, edited, position};
use repot_codemod::Proposal;
use repot_project::{
    Asked, Change, Document, Key, Stated, distribution, edits, requirement_lists, requirement_tables, text,
    unite,
};
use repot_roadmap::Decide;
use repot_workspace::Workspace;

use super::evidence::{Account, Choice, candidate, chosen, spelled};
use super::taken::take_out;

/// The project files of a merge.
pub struct Projects<'a> {
    pub workspace: &'a Workspace,
    /// The folders of the source and of the target.
    pub homes: (&'a RelPath, &'a RelPath),
    /// Whether the source stays as a distribution that only needs the target.
    pub keeps_source: bool,
    pub decided: &'a [Decide],
}

/// One project file, as it is once every reference in it has followed.
struct Followed {
    path: RelPath,
    document: Document,
}

impl Projects<'_> {
    /// Unites the project files, and lets every dependent follow.
    pub fn settle(&self, others: &[RelPath], proposal: &mut Proposal) -> Result<(), TreeError> {
        let (from, into) = self.homes;
        let file = |folder: &RelPath| folder.join("pyproject.toml").ok();
        let (Some(from), Some(into)) = (file(from), file(into)) else { return Ok(()) };
        let is_there = |path: &RelPath| self.workspace.snapshot().get(path).is_some();
        for other in others.iter().filter(|other| **other != from) {
            self.gone(other, proposal)?;
        }
        if !is_there(&from) {
            return Ok(());
        }
        if !is_there(&into) {
            let rule = "the target has no project file of its own".to_owned();
            let account = Account::of(Class::Config, &from, from.to_string(), rule);
            proposal.evidence.push(account.review(into.to_string()));
            return proposal.changes_mut(Class::Imports).rename(from, into);
        }
        let Some((incoming, there)) = self.follow(&from, proposal)?.zip(self.follow(&into, proposal)?) else {
            let rule = "one of the project files is no TOML".to_owned();
            let account = Account::of(Class::Config, &from, from.to_string(), rule);
            proposal.evidence.push(account.left("the source's stays".to_owned()));
            return Ok(());
        };
        let names = distribution(&incoming.document).zip(distribution(&there.document));
        self.unite(&incoming, there, proposal)?;
        if let Some((old, new)) = names.filter(|(old, new)| old != new) {
            self.dependents((&old, &new), &[&from, &into], proposal)?;
        }
        match self.keeps_source {
            true => self.empty(incoming, proposal),
            false => proposal.changes_mut(Class::Config).delete(from),
        }
    }

    /// The file after the edits of the references in it, which are taken out of
    /// the proposal; `None`, and nothing taken, where it cannot be read.
    fn follow(&self, path: &RelPath, proposal: &mut Proposal) -> Result<Option<Followed>, TreeError> {
        let Some(content) = self.workspace.snapshot().content(path) else { return Ok(None) };
        if text(&content.bytes).is_none_or(|text| Document::parse(&text).is_err()) {
            return Ok(None);
        }
        let bytes = edited(path, &content.bytes, take_out(proposal, path))?;
        let document = text(&bytes).and_then(|text| Document::parse(&text).ok());
        Ok(document.map(|document| Followed { path: path.clone(), document }))
    }

    fn write(&self, file: &Followed, proposal: &mut Proposal) -> Result<(), TreeError> {
        let Some(content) = self.workspace.snapshot().content(&file.path) else { return Ok(()) };
        let edits: Vec<Edit> = edits(&content.bytes, &file.document.render());
        proposal.changes_mut(Class::Config).add_edits(&file.path, edits)
    }

    fn unite(
        &self,
        incoming: &Followed,
        mut there: Followed,
        proposal: &mut Proposal,
    ) -> Result<(), TreeError> {
        let united = unite(&incoming.document, &there.document);
        let lines = |key: &Key| (incoming.document.line(key), key.to_string());
        for (key, why) in &united.dropped {
            let (line, subject) = lines(key);
            let account = Account { line, ..config(&incoming.path, subject, why.clone()) };
            proposal.evidence.push(account.left("dropped; the target's stays".to_owned()));
        }
        for asked in &united.asked {
            self.settle_asked(asked, incoming, &mut there, proposal);
        }
        for change in &united.changes {
            let (line, subject) = lines(change.key());
            let account =
                Account { line, ..config(&incoming.path, subject, "the target takes it in".to_owned()) };
            proposal.evidence.push(account.goes(&there.path));
            there.document.change(change);
        }
        if let Some(name) = distribution(&incoming.document) {
            rename(&mut there.document, &name, None);
        }
        self.write(&there, proposal)
    }

    /// What the two say otherwise: the target's stays until a person decides.
    fn settle_asked(
        &self,
        asked: &Asked,
        incoming: &Followed,
        there: &mut Followed,
        proposal: &mut Proposal,
    ) {
        let (line, key) = (incoming.document.line(&asked.key), asked.key.to_string());
        let (subject, source) = (spelled(&key), format!("{key} of the source"));
        let account = |rule: String| Account { line, ..config(&incoming.path, subject.clone(), rule) };
        proposal.evidence.push(match chosen(self.decided, &subject, &source) {
            Some(Choice::Source) => {
                there.document.change(&asked.taking);
                account("the roadmap takes the source's".to_owned()).goes(&there.path)
            }
            Some(Choice::Both) => {
                account("the roadmap keeps the target's".to_owned()).left("dropped".to_owned())
            }
            None => {
                let candidates = vec![
                    candidate(&format!("{key} of the target"), &there.path, "stays"),
                    candidate(&source, &incoming.path, "takes its place"),
                ];
                let rule = format!("{}; the target's stays until this is decided", asked.words);
                account(rule).asked(candidates)
            }
        });
    }

    /// Everybody else who names the old distribution names the new one.
    fn dependents(
        &self,
        (old, new): (&str, &str),
        but: &[&RelPath],
        proposal: &mut Proposal,
    ) -> Result<(), TreeError> {
        let files = self.workspace.snapshot().files().map(|(path, _)| path);
        let projects: Vec<RelPath> = files
            .filter(|path| path.file_name() == "pyproject.toml" && !but.contains(path))
            .filter(|path| !self.workspace.shape().excludes(path))
            .cloned()
            .collect();
        for path in projects {
            let Some(mut found) = self.names(&path, old, proposal)? else { continue };
            let lines = rename(&mut found.document, old, Some(new));
            let content = self.workspace.snapshot().content(&path);
            for line in lines {
                let rule = "it depends on the package that goes".to_owned();
                let package =
                    self.workspace.package_at(&path).map(|id| self.workspace.package(id).name.clone());
                let account = Account { line, package, ..config(&path, old.to_owned(), rule) };
                let start = content.as_ref().map_or(0, |content| start_of(&content.bytes, line));
                let evidence = account.review(new.to_owned());
                proposal.evidence.push(Evidence { span: Span::at(start), ..evidence });
            }
            self.write(&found, proposal)?;
        }
        Ok(())
    }

    /// The project file at `path`, when it names the distribution `old`.
    fn names(
        &self,
        path: &RelPath,
        old: &str,
        proposal: &mut Proposal,
    ) -> Result<Option<Followed>, TreeError> {
        let Some(content) = self.workspace.snapshot().content(path) else { return Ok(None) };
        let Some(Ok(document)) = text(&content.bytes).map(|text| Document::parse(&text)) else {
            return Ok(None);
        };
        let is_named = !rename(&mut document.clone(), old, Some("")).is_empty();
        if is_named { self.follow(path, proposal) } else { Ok(None) }
    }

    /// A project file that nothing can take in.
    fn gone(&self, path: &RelPath, proposal: &mut Proposal) -> Result<(), TreeError> {
        take_out(proposal, path);
        let rule = "what it says has to be said by the target, by hand".to_owned();
        let subject = spelled(path.as_str());
        let account = config(path, subject.clone(), rule);
        proposal.evidence.push(match chosen(self.decided, &subject, path.as_str()) {
            Some(_) => account.left("dropped, as the roadmap says".to_owned()),
            None => account.asked(vec![candidate(path.as_str(), path, "is dropped")]),
        });
        proposal.changes_mut(Class::Config).delete(path.clone())
    }

    /// The old distribution only needs the new one, and gives nothing itself but
    /// the shim.
    fn empty(&self, mut old: Followed, proposal: &mut Proposal) -> Result<(), TreeError> {
        let into = self
            .homes
            .1
            .join("pyproject.toml")
            .ok()
            .and_then(|path| self.workspace.snapshot().content(&path));
        let there =
            into.and_then(|content| text(&content.bytes)).and_then(|text| Document::parse(&text).ok());
        let Some(name) = there.as_ref().and_then(distribution) else { return Ok(()) };
        for key in ["optional-dependencies", "scripts", "gui-scripts", "entry-points"] {
            old.document.change(&Change::Remove(Key::dotted("project").child(key)));
        }
        old.document.change(&Change::Set(Key::dotted("project.dependencies"), vec![name].into()));
        self.write(&old, proposal)
    }
}

fn config(path: &RelPath, subject: String, rule: String) -> Account {
    Account::of(Class::Config, path, subject, rule)
}

/// Where the line that is counted from 1 begins.
fn start_of(bytes: &[u8], line: usize) -> usize {
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    let start = std::iter::once(0).chain(ends).nth(line.saturating_sub(1)).unwrap_or_default();
    debug_assert!(position(bytes, start).0 <= line);
    start
}

/// Names the distribution `new` wherever `document` needs `old`, or takes it
/// away; gives the lines at which it stood.
fn rename(document: &mut Document, old: &str, new: Option<&str>) -> BTreeSet<usize> {
    let normal = |name: &str| name.to_lowercase().replace(['_', '.'], "-");
    let mut lines = BTreeSet::new();
    for list in requirement_lists(document) {
        let texts: Vec<String> =
            document.texts(&list).unwrap_or_default().into_iter().map(str::to_owned).collect();
        let is = |text: &str, name: &str| Stated::read(text).is_some_and(|need| need.name == normal(name));
        let has_new = new.is_some_and(|new| texts.iter().any(|text| is(text, new)));
        for text in texts.iter().filter(|text| is(text, old)) {
            lines.insert(document.line(&list));
            let renamed =
                Stated::read(text).zip(new).filter(|_| !has_new).map(|(need, new)| need.called(new));
            document.change(&match renamed {
                Some(to) => Change::Replace { list: list.clone(), from: text.clone(), to },
                None => Change::Drop(list.clone(), text.clone()),
            });
        }
    }
    for table in requirement_tables(document) {
        let keys = document.keys_at(&table).into_iter().map(str::to_owned);
        for key in keys.filter(|key| normal(key) == normal(old)).collect::<Vec<_>>() {
            let key = table.child(&key);
            lines.insert(document.line(&key));
            let values = document.values();
            let value = key.parts().try_fold(&values, |value, part| value.get(part)).cloned();
            document.change(&Change::Remove(key));
            if let Some((new, value)) =
                new.zip(value).filter(|(new, _)| document.at(&table.child(new)).is_none())
            {
                document.change(&Change::Set(table.child(new), value));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_follows_and_stands_once() {
        let text = "[project]\ndependencies = [\"Old_Pkg[x]>=1; python_version>'3'\", \"a\"]\n[project.optional-dependencies]\ndev = [\"old-pkg\", \"new\"]\n[tool.uv.sources]\nold-pkg = { workspace = true }\n";
        let mut document = Document::parse(text).unwrap();
        assert_eq!(rename(&mut document, "old.pkg", Some("new")).len(), 3);
        let after = document.render();
        assert!(after.contains("\"new[x]; python_version>'3'\""), "{after}");
        assert!(after.contains("dev = [\"new\"]"), "{after}");
        assert!(after.contains("new = { workspace = true }"), "{after}");
        assert!(rename(&mut document, "old.pkg", Some("new")).is_empty());
    }
}
