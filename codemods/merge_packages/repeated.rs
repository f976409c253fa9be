//! Entries that would stand twice in a list, since two packages have become one.
//!
//! The earlier one goes: where the last match counts, as in lists of patterns,
//! nothing changes by that, and elsewhere the order says nothing. In a list that
//! is searched from its beginning the later one goes. What cannot be taken out is
//! listed.

use std::collections::BTreeMap;
use std::ops::Range;

use repot_change::{Class, Edit, Edits, Evidence, FileChange, RelPath, Span, TreeError, position};
use repot_codemod::Proposal;
use repot_project::{edits, text};
use repot_workspace::Workspace;

use super::evidence::Account;
use super::lists::{Entry, List, Style};

/// Keys of lists of which the first match counts.
const SEARCHED: [&str; 5] = ["pythonpath", "mypy_path", "extraPaths", "extra-paths", "search-path"];

/// Lets every entry of an edited file of configuration stand once that stood once
/// before.
pub fn once(workspace: &Workspace, proposal: &mut Proposal) -> Result<Vec<Evidence>, TreeError> {
    let changes = proposal.changes_mut(Class::Config);
    let edited: Vec<(RelPath, Vec<u8>, Vec<u8>)> = changes
        .iter()
        .filter_map(|(path, change)| {
            let FileChange::Edit(edits) = change else { return None };
            let before = workspace.snapshot().content(path)?.bytes.to_vec();
            let after = edits.apply(&before).ok()?;
            Some((path.clone(), before, after))
        })
        .collect();
    let mut evidence = Vec::new();
    for (path, before, after) in edited {
        let Some((old, new)) = text(&before).zip(text(&after)) else { continue };
        let (without, said) = without_repeats(&path, &old, &new);
        evidence.extend(said);
        if let Some(without) = without {
            changes.retain(|other, _| *other != path);
            changes.add_edits(&path, edits(&before, &without))?;
        }
    }
    Ok(evidence)
}

/// The text without what is repeated, where that can be taken out, and what there
/// is to say.
fn without_repeats(path: &RelPath, before: &str, after: &str) -> (Option<String>, Vec<Evidence>) {
    let style = Style::of(path);
    let (old, new) = (style.lists(before), style.lists(after));
    if old.len() != new.len() {
        return (None, Vec::new());
    }
    let (mut gone, mut evidence) = (Vec::new(), Vec::new());
    for (old, new) in old.iter().zip(&new) {
        for entry in repeats(old, new) {
            let reason = match entry.has_comment {
                true => "it stands twice now; the comment says whether one can go",
                false => "taken out: it would stand twice",
            };
            evidence.push(said(path, (after, entry), reason));
            gone.extend((!entry.has_comment).then(|| entry.span.clone()));
        }
        evidence.extend(owned_twice(path, old, new).into_iter().map(|entry| {
            said(path, (after, entry), "another entry names the path as well; the last one counts")
        }));
    }
    let edits = Edits::new(deletions(gone)).ok().filter(|edits| !edits.is_empty());
    let text = edits.and_then(|edits| edits.apply(after.as_bytes()).ok());
    (text.and_then(|text| String::from_utf8(text).ok()), evidence)
}

/// The edits by which all of `gone` goes; neighbours may share what parts them.
fn deletions(mut gone: Vec<Range<usize>>) -> Vec<Edit> {
    gone.sort_by_key(|span| span.start);
    let mut joined: Vec<Span> = Vec::new();
    for span in gone {
        match joined.last_mut().filter(|last| span.start < last.end) {
            Some(last) => last.end = last.end.max(span.end),
            None => joined.push(Span::new(span.start, span.end)),
        }
    }
    joined.into_iter().map(Edit::delete).collect()
}

fn said(path: &RelPath, (text, entry): (&str, &Entry), reason: &str) -> Evidence {
    let line = position(text.as_bytes(), entry.span.start).0;
    let rule = "two entries have become one".to_owned();
    let account = Account { line, ..Account::of(Class::Config, path, entry.text.clone(), rule) };
    account.left(reason.to_owned())
}

/// The entries of `new` that are one too many: all but one of those that are alike
/// and were not before.
fn repeats<'l>(old: &List, new: &'l List) -> Vec<&'l Entry> {
    let count = |text: &str| old.entries.iter().filter(|entry| entry.text == text).count();
    let mut alike: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in &new.entries {
        alike.entry(&entry.text).or_default().push(entry);
    }
    let is_searched = SEARCHED.iter().any(|key| new.key.contains(key));
    let repeated = alike.into_iter().filter(|(text, all)| all.len() > count(text).max(1));
    let too_many = repeated.flat_map(|(text, mut all)| {
        let kept = count(text).max(1);
        match is_searched {
            true => all.split_off(kept),
            false => {
                all.truncate(all.len() - kept);
                all
            }
        }
    });
    too_many.collect()
}

/// Entries of `CODEOWNERS` that have come to name a path that another one gives to
/// somebody else.
fn owned_twice<'l>(path: &RelPath, old: &List, new: &'l List) -> Vec<&'l Entry> {
    if path.file_name() != "CODEOWNERS" || old.entries.len() != new.entries.len() {
        return Vec::new();
    }
    let first = |entry: &Entry| entry.text.split_whitespace().next().map(str::to_owned);
    let changed = old.entries.iter().zip(&new.entries).filter(|(old, new)| first(old) != first(new));
    let has_rival = |entry: &Entry| {
        new.entries.iter().any(|other| first(other) == first(entry) && other.text != entry.text)
    };
    changed.map(|(_, entry)| entry).filter(|entry| has_rival(entry)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn once_in(path: &str, before: &str, after: &str) -> (Option<String>, Vec<(String, usize)>) {
        let (text, said) = without_repeats(&RelPath::new(path).unwrap(), before, after);
        (text, said.into_iter().map(|one| (one.subject, one.line)).collect())
    }

    #[test]
    fn only_what_was_not_there_twice_before_goes() {
        let before = "paths:\n  - a/old/**\n  - a/new/**\nsteps:\n  - x\n  - x\n";
        let after = before.replace("old", "new");
        let (text, said) = once_in("ci.yml", before, &after);
        assert_eq!(text.as_deref(), Some("paths:\n  - a/new/**\nsteps:\n  - x\n  - x\n"));
        assert_eq!(said, [("a/new/**".to_owned(), 2)]);
        assert_eq!(once_in("ci.yml", before, before), (None, Vec::new()));
    }

    #[test]
    fn the_last_match_stays_and_so_does_the_first_of_what_is_searched() {
        let before = "testpaths = [\"old\", \"x\", \"new\"]\npythonpath = [\"old\", \"x\", \"new\"]\n";
        let after = before.replace("old", "new");
        let expected = "testpaths = [\"x\", \"new\"]\npythonpath = [\"new\", \"x\"]\n";
        assert_eq!(once_in("pyproject.toml", before, &after).0.as_deref(), Some(expected));
        let json = "{\"a\": [\n  \"old\",\n  \"new\"\n]}\n";
        let after = "{\"a\": [\n  \"new\"\n]}\n";
        assert_eq!(once_in("tach.json", json, &json.replace("old", "new")).0.as_deref(), Some(after));
    }

    #[test]
    fn what_a_comment_explains_or_two_people_own_is_only_said() {
        let (before, after) =
            ("l = [\n \"old\", # why\n \"new\",\n]\n", "l = [\n \"new\", # why\n \"new\",\n]\n");
        assert_eq!(once_in("BUCK", before, after), (None, vec![("new".to_owned(), 2)]));
        let (before, after) = ("/old @a\n/new @b\n", "/new @a\n/new @b\n");
        assert_eq!(once_in("CODEOWNERS", before, after), (None, vec![("/new @a".to_owned(), 1)]));
    }
}
