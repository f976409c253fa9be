//! Entries that stand twice in a list, since two packages have become one.
//!
//! They are listed and not taken out: in some files the second one overrules
//! the first.

use std::collections::BTreeMap;

use repot_change::{Class, Evidence, FileChange, RelPath, Span};
use repot_codemod::Proposal;
use repot_workspace::Workspace;

use super::evidence::Account;

/// What there is to say of every edited file of configuration.
pub fn listed_twice(workspace: &Workspace, proposal: &mut Proposal) -> Vec<Evidence> {
    let edited: Vec<(RelPath, Vec<u8>, Vec<u8>)> = proposal
        .changes_mut(Class::Config)
        .iter()
        .filter_map(|(path, change)| {
            let FileChange::Edit(edits) = change else { return None };
            let before = workspace.snapshot().content(path)?.bytes.to_vec();
            let after = edits.apply(&before).ok()?;
            Some((path.clone(), before, after))
        })
        .collect();
    edited.iter().flat_map(|(path, before, after)| twice(path, before, after)).collect()
}

fn twice(path: &RelPath, before: &[u8], after: &[u8]) -> Vec<Evidence> {
    let (old, new) = (entries(before), entries(after));
    let more = new
        .iter()
        .filter(|(entry, places)| places.len() > 1 && places.len() > old.get(*entry).map_or(0, Vec::len));
    more.map(|(entry, places)| {
        let rule = "two entries have become one".to_owned();
        let line = places.last().copied().unwrap_or(1);
        let subject = String::from_utf8_lossy(entry).into_owned();
        let start = before.split_inclusive(|byte| *byte == b'\n').take(line - 1).map(<[u8]>::len).sum();
        let account = Account { line, ..Account::of(Class::Config, path, subject, rule) };
        let evidence = account.left("it stands twice now; take one out".to_owned());
        Evidence { span: Span::at(start), ..evidence }
    })
    .collect()
}

/// The lines that say something, each with the numbers of the lines at which it
/// stands.
fn entries(text: &[u8]) -> BTreeMap<&[u8], Vec<usize>> {
    let mut found: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
    for (line, number) in text.split(|byte| *byte == b'\n').zip(1..) {
        let entry = line.trim_ascii();
        let entry = entry.strip_suffix(b",").unwrap_or(entry);
        if entry.iter().filter(|byte| byte.is_ascii_alphanumeric()).count() > 2 && !entry.starts_with(b"#") {
            found.entry(entry).or_default().push(number);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_not_there_twice_before_is_said() {
        let before = b"paths:\n  - a/old/**\n  - a/new/**\nsteps:\n  - run: x\n  - run: x\n";
        let after = b"paths:\n  - a/new/**\n  - a/new/**\nsteps:\n  - run: x\n  - run: x\n";
        let path = RelPath::new(".github/workflows/ci.yml").unwrap();
        let found = twice(&path, before, after);
        let short: Vec<_> = found.iter().map(|one| (one.subject.as_str(), one.line)).collect();
        assert_eq!(short, [("- a/new/**", 3)]);
        assert!(twice(&path, before, before).is_empty());
    }
}
