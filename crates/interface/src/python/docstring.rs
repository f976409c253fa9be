//! Docstrings: one line where they fit, else a first paragraph and the closing
//! quotes on a line of their own.

use super::layout::{WIDTH, fits};

/// The lines of a docstring of `paragraphs`, `indent` in.
#[must_use]
pub fn docstring(indent: usize, paragraphs: &[String]) -> Vec<String> {
    let blank = " ".repeat(indent);
    let plain: Vec<String> =
        paragraphs.iter().map(|one| quotable(one)).filter(|one| !one.is_empty()).collect();
    let Some((first, rest)) = plain.split_first() else { return Vec::new() };
    if rest.is_empty() && fits(indent, &format!("\"\"\"{first}\"\"\"")) {
        return vec![format!("{blank}\"\"\"{first}\"\"\"")];
    }
    let opened = format!("\"\"\"{first}");
    let mut lines = wrapped(indent, &opened, WIDTH);
    if rest.is_empty() && lines.len() == 1 {
        // The closing quotes would be pulled up behind a single line.
        lines = wrapped(indent, &opened, WIDTH - 3);
    }
    for paragraph in rest {
        lines.push(String::new());
        lines.extend(wrapped(indent, paragraph, WIDTH));
    }
    lines.push(format!("{blank}\"\"\""));
    lines
}

/// The lines of one paragraph of a module's docstring.
pub(super) fn paragraph_lines(text: &str) -> Vec<String> {
    wrapped(0, &quotable(text), WIDTH)
}

/// A text that can stand between triple quotes.
fn quotable(text: &str) -> String {
    let plain: String = text.chars().map(|char| if char == '"' { '\'' } else { char }).collect();
    plain.replace('\\', "/").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `text` in lines that are no longer than `width` where words allow it.
fn wrapped(indent: usize, text: &str, width: usize) -> Vec<String> {
    let blank = " ".repeat(indent);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{blank}{word}")),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_docstring_fits_its_lines() {
        let one = |text: &str| docstring(4, &[text.to_owned()]).join("\n");
        assert_eq!(one("Does \"it\"."), "    \"\"\"Does 'it'.\"\"\"");
        assert_eq!(docstring(0, &["A.".into(), "B.".into()]).join("\n"), "\"\"\"A.\n\nB.\n\"\"\"");
        let long = "word ".repeat(40);
        assert!(one(&long).lines().all(|line| line.chars().count() <= 88));
        let tight = format!("{} last", "x".repeat(76));
        assert!(one(&tight).ends_with("\n    last\n    \"\"\""));
        assert!(one(&long).ends_with("\n    \"\"\""));
        assert_eq!(one(" \\ ").trim(), "\"\"\"/\"\"\"");
        assert!(docstring(4, &[]).is_empty());
    }
}
