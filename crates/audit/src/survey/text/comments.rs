//! Comments of the roadmap: paragraphs and lists, broken into lines.

/// Lines are not longer than this many characters, unless one word is.
const WIDTH: usize = 100;

/// Stands for a blank inside a name, where no line is broken.
const UNBROKEN: char = '\u{e000}';

/// Comment lines in the making.
#[derive(Debug, Default)]
pub(super) struct Comments(String);

impl Comments {
    /// A paragraph.
    pub(super) fn paragraph(&mut self, text: &str) {
        self.wrapped(text, "# ", "# ");
    }

    /// One item of a list.
    pub(super) fn item(&mut self, text: &str) {
        self.wrapped(text, "# - ", "#   ");
    }

    /// A line as it stands, such as an example.
    pub(super) fn line(&mut self, text: &str) {
        self.0 += &format!("# {text}\n");
    }

    pub(super) fn text(self) -> String {
        self.0.replace(UNBROKEN, " ")
    }

    fn wrapped(&mut self, text: &str, first: &str, other: &str) {
        let mut line = String::from(first);
        let mut len = first.chars().count();
        let mut is_fresh = true;
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let wide = word.chars().count();
            if !is_fresh && len + 1 + wide > WIDTH {
                self.0 += &format!("{line}\n");
                (line, len, is_fresh) = (other.to_owned(), other.chars().count(), true);
            }
            if !is_fresh {
                line.push(' ');
                len += 1;
            }
            line += word;
            len += wide;
            is_fresh = false;
        }
        self.0 += &format!("{line}\n");
    }
}

/// A name of the tree as a comment may hold it: on one line, and with its blanks
/// kept together.
pub(super) fn shown(name: &str) -> String {
    on_one_line(name).replace(' ', &UNBROKEN.to_string())
}

/// A text without control characters, none of which a comment may hold.
pub(super) fn on_one_line(text: &str) -> String {
    let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(shown).collect()
}

/// The first `most` items with commas between, and how many more there are.
pub(super) fn listed(mut items: Vec<String>, most: usize) -> String {
    let more = items.len().saturating_sub(most);
    items.truncate(most);
    items.extend((more > 0).then(|| format!("and {more} more")));
    items.join(", ")
}

/// A number with its unit.
pub(super) fn count(number: usize, unit: &str) -> String {
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_not_in_names() {
        let mut comments = Comments::default();
        comments.item(&format!("{} `{}` tail", "word ".repeat(18), shown("a name of blanks")));
        let text = comments.text();
        assert!(text.lines().all(|line| line.starts_with('#') && line.chars().count() <= WIDTH));
        assert!(text.contains("\n#   `a name of blanks` tail\n"), "{text}");
    }

    #[test]
    fn no_name_leaves_its_comment() {
        let mut comments = Comments::default();
        comments.paragraph(&shown("a\nb\u{7f}\rc"));
        assert_eq!(comments.text(), "# a\\nb\\u{7f}\\rc\n");
    }
}
