//! The entry in `CODEOWNERS`, where the neighbours have entries of their own.
//!
//! Format: <https://docs.github.com/articles/about-code-owners>.

use std::collections::BTreeSet;

use repot_change::{Applicability, Class, Edit, Outcome, RelPath};
use repot_codemod::CodemodError;
use repot_roadmap::Spanned;

use super::Scaffold;
use super::neighbours::Neighbours;

/// Where the file may lie, as the forges look for it.
const PLACES: [&str; 4] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// Adds an entry behind the last one of a neighbour: for `owners`, else for
/// those whom all neighbours have. Where they differ, that is said.
pub(super) fn add(
    scaffold: &mut Scaffold<'_>,
    owners: &[Spanned<String>],
    neighbours: &Neighbours,
) -> Result<(), CodemodError> {
    let Some((path, text)) = find(scaffold) else { return Ok(()) };
    let folder = scaffold.site.folder.clone();
    let entries: Vec<Entry<'_>> = entries(&text).collect();
    let own = |entry: &&Entry<'_>| neighbours.folders.iter().any(|folder| entry.is_about(folder));
    let last = entries.iter().rfind(own);
    if entries.iter().any(|entry| entry.is_about(&folder)) || (last.is_none() && owners.is_empty()) {
        return Ok(());
    }
    let of_neighbours: BTreeSet<&str> = entries.iter().filter(own).map(|entry| entry.owners).collect();
    let stated: Vec<&str> = owners.iter().map(|owner| owner.value.as_str()).collect();
    let owners = match (stated.as_slice(), of_neighbours.len()) {
        ([], 1) => of_neighbours.into_iter().next().unwrap_or_default().to_owned(),
        ([], _) => {
            let reason = "its neighbours have different owners; set `owners`".to_owned();
            scaffold.say(Class::Config, &path, "its neighbours have owners", Outcome::Skipped { reason });
            return Ok(());
        }
        (stated, _) => stated.join(" "),
    };
    let edit = edit(&text, last, &folder, &owners);
    let outcome = Outcome::Rewritten { to: path.to_string(), applicability: Applicability::Certain };
    scaffold.say(Class::Config, &path, "its neighbours have owners", outcome);
    Ok(scaffold.proposal.changes_mut(Class::Config).add_edits(&path, vec![edit])?)
}

fn find(scaffold: &Scaffold<'_>) -> Option<(RelPath, String)> {
    PLACES.iter().find_map(|place| {
        let path = RelPath::new(place).ok()?;
        let bytes = scaffold.workspace.snapshot().get(&path)?.bytes()?.clone();
        Some((path, String::from_utf8(bytes.to_vec()).ok()?))
    })
}

/// The line of the package, in the manner of the entry before it.
fn edit(text: &str, last: Option<&Entry<'_>>, folder: &RelPath, owners: &str) -> Edit {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let slashes = last.map_or(("/", "/"), |last| {
        (
            if last.pattern.starts_with('/') { "/" } else { "" },
            if last.pattern.ends_with('/') { "/" } else { "" },
        )
    });
    let line = format!("{}{}{} {owners}", slashes.0, folder.as_str().replace(' ', "\\ "), slashes.1);
    let end = last.map_or(text.len(), |last| last.end);
    if end == text.len() && (text.is_empty() || text.ends_with('\n')) {
        Edit::insert(end, format!("{line}{newline}"))
    } else {
        Edit::insert(end, format!("{newline}{line}"))
    }
}

/// One line that gives a pattern its owners.
struct Entry<'a> {
    pattern: &'a str,
    owners: &'a str,
    /// The offset behind the last character of the line.
    end: usize,
}

impl Entry<'_> {
    /// Whether the entry is about this very folder.
    fn is_about(&self, folder: &RelPath) -> bool {
        let bare = self.pattern.trim_end_matches("**").trim_matches('/');
        bare.replace("\\ ", " ") == folder.as_str()
    }
}

fn entries(text: &str) -> impl Iterator<Item = Entry<'_>> {
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |whole| {
        let line = whole.trim_end_matches(['\n', '\r']);
        let end = at + line.len();
        at += whole.len();
        let is_entry = !line.trim_start().starts_with(['#', '[', '^']);
        let (pattern, owners) = line.split_once(char::is_whitespace).filter(|_| is_entry)?;
        let owners = owners.split(" #").next().unwrap_or_default().trim();
        (!owners.is_empty()).then_some(Entry { pattern, owners, end })
    })
}
