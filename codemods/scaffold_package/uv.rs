//! The list of members in `[tool.uv.workspace]`, where it is one of folders and
//! not of globs that match the package anyway.

use repot_change::{Applicability, Class, Edit, Outcome, RelPath};
use repot_codemod::CodemodError;
use repot_roadmap::Pattern;
use toml_edit::{Array, Document};

use super::Scaffold;

/// Enters the package, when the table is there and does not match it.
pub(super) fn enlist(scaffold: &mut Scaffold<'_>) -> Result<(), CodemodError> {
    let Ok(path) = RelPath::new("pyproject.toml") else { return Ok(()) };
    let bytes = scaffold.workspace.snapshot().get(&path).and_then(|file| file.bytes().cloned());
    let Some(text) = bytes.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok()) else {
        return Ok(());
    };
    let edits = edits(text, scaffold.site.folder.as_str());
    if edits.is_empty() {
        return Ok(());
    }
    let outcome = Outcome::Rewritten { to: path.to_string(), applicability: Applicability::Certain };
    scaffold.say(Class::Config, &path, "a member of `[tool.uv.workspace]`", outcome);
    Ok(scaffold.proposal.changes_mut(Class::Config).add_edits(&path, edits)?)
}

fn edits(text: &str, folder: &str) -> Vec<Edit> {
    let Ok(document) = Document::parse(text) else { return Vec::new() };
    let table = ["tool", "uv", "workspace"].iter().try_fold(document.as_item(), |item, key| item.get(key));
    let array = |key: &str| table.and_then(|table| table.get(key)).and_then(toml_edit::Item::as_array);
    let names = |array: &Array| {
        array
            .iter()
            .filter_map(toml_edit::Value::as_str)
            .any(|glob| Pattern::new(glob).is_ok_and(|glob| glob.matches(folder)))
    };
    match array("members") {
        Some(members) if !names(members) && !array("exclude").is_some_and(names) => {
            appended(text, members, folder)
        }
        _ => Vec::new(),
    }
}

/// The edits that append `folder`, laid out as the last item is.
fn appended(text: &str, array: &Array, folder: &str) -> Vec<Edit> {
    let Some(whole) = array.span() else { return Vec::new() };
    let Some(last) = array.iter().last().and_then(toml_edit::Value::span) else {
        return vec![Edit::insert(whole.start + 1, format!("\"{folder}\""))];
    };
    let line_start = text[..last.start].rfind('\n').map_or(0, |newline| newline + 1);
    let indent = &text[line_start..last.start];
    let is_alone = line_start > whole.start && indent.trim().is_empty();
    if !is_alone {
        return vec![Edit::insert(last.end, format!(", \"{folder}\""))];
    }
    let rest = &text[last.end..whole.end];
    let line_end = last.end
        + rest.find('\n').map_or(0, |newline| newline - usize::from(rest[..newline].ends_with('\r')));
    let newline = if rest.contains("\r\n") { "\r\n" } else { "\n" };
    // What follows the last item on its line is a comma, a comment or both.
    let has_comma = rest.trim_start().starts_with(',');
    let mut edits = vec![Edit::insert(
        line_end,
        format!("{newline}{indent}\"{folder}\"{}", if has_comma { "," } else { "" }),
    )];
    if !has_comma && line_end > last.end {
        edits.push(Edit::insert(last.end, ","));
    } else if !has_comma {
        edits = vec![Edit::insert(last.end, format!(",{newline}{indent}\"{folder}\""))];
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use repot_change::edited;

    fn after(members: &str) -> String {
        let text = format!("[tool.uv.workspace]\nmembers = {members}\n");
        let path = RelPath::new("pyproject.toml").unwrap();
        let bytes = edited(&path, text.as_bytes(), edits(&text, "packages/new")).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let document = Document::parse(text.clone()).unwrap();
        let members = document.as_item()["tool"]["uv"]["workspace"]["members"].as_array().unwrap();
        assert_eq!(
            members.iter().filter(|member| member.as_str() == Some("packages/new")).count(),
            1,
            "{text}"
        );
        text.trim_start_matches("[tool.uv.workspace]\nmembers = ").trim_end_matches('\n').to_owned()
    }

    #[test]
    fn a_member_is_laid_out_as_the_last_one() {
        assert_eq!(after("[]"), "[\"packages/new\"]");
        assert_eq!(after("[\"a\"]"), "[\"a\", \"packages/new\"]");
        assert_eq!(after("[\n  \"a\",\n]"), "[\n  \"a\",\n  \"packages/new\",\n]");
        assert_eq!(after("[\n  \"a\"\n]"), "[\n  \"a\",\n  \"packages/new\"\n]");
        assert_eq!(after("[\n  \"a\", # first\n]"), "[\n  \"a\", # first\n  \"packages/new\",\n]");
        assert_eq!(after("[\n  \"a\" # first\n]"), "[\n  \"a\", # first\n  \"packages/new\"\n]");
        assert_eq!(after("[\n  \"a\",\r\n]"), "[\n  \"a\",\r\n  \"packages/new\",\r\n]");
        assert_eq!(after("[\n  \"a\"]"), "[\n  \"a\",\n  \"packages/new\"]");
    }

    #[test]
    fn who_is_matched_or_excluded_is_not_entered() {
        for table in [
            "members = [\"packages/*\"]",
            "members = [\"packages/new\"]",
            "members = [\"a\"]\nexclude = [\"packages/new\"]",
            "members = 3",
        ] {
            assert!(edits(&format!("[tool.uv.workspace]\n{table}\n"), "packages/new").is_empty(), "{table}");
        }
        assert!(edits("[tool.uv", "packages/new").is_empty());
    }
}
