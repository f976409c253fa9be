//! Documents of which both packages have one: the incoming one stands behind
//! the other, under a heading.

use std::collections::BTreeMap;

use repot_change::{Class, Edit, RelPath, TreeError, edited};
use repot_codemod::Proposal;
use repot_workspace::Workspace;

use super::taken::take_out;

/// Appends each document to the one at its new place.
pub fn append(
    workspace: &Workspace,
    documents: &BTreeMap<RelPath, RelPath>,
    name: &str,
    proposal: &mut Proposal,
) -> Result<(), TreeError> {
    for (from, to) in documents {
        let edits = take_out(proposal, from);
        let snapshot = workspace.snapshot();
        let (Some(incoming), Some(there)) = (snapshot.content(from), snapshot.content(to)) else { continue };
        let text = edited(from, &incoming.bytes, edits)?;
        let text = under_heading(&there.bytes, &text, name, to.extension());
        let changes = proposal.changes_mut(Class::Docs);
        changes.add_edits(to, vec![Edit::insert(there.bytes.len(), text)])?;
        changes.delete(from.clone())?;
    }
    Ok(())
}

fn under_heading(there: &[u8], incoming: &[u8], name: &str, extension: Option<&str>) -> Vec<u8> {
    let newline = if memchr::memmem::find(there, b"\r\n").is_some() { "\r\n" } else { "\n" };
    let heading = match extension {
        Some("rst") => format!("{name}{newline}{}", "=".repeat(name.chars().count())),
        _ => format!("# {name}"),
    };
    let open = if there.is_empty() || there.ends_with(b"\n") { "" } else { newline };
    let mut text = format!("{open}{newline}{heading}{newline}{newline}").into_bytes();
    text.extend_from_slice(incoming.strip_prefix(b"\xef\xbb\xbf").unwrap_or(incoming).trim_ascii());
    text.extend_from_slice(newline.as_bytes());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heading_says_where_it_came_from() {
        let text = |there: &[u8], extension| {
            String::from_utf8(under_heading(there, b"\n# Old\n\ntext\n\n", "old", extension)).unwrap()
        };
        assert_eq!(text(b"# New\n", Some("md")), "\n# old\n\n# Old\n\ntext\n");
        assert_eq!(text(b"New", Some("rst")), "\n\nold\n===\n\n# Old\n\ntext\n");
    }
}
