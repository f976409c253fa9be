//! The lists of a file of configuration, as far as taking an entry out needs them:
//! entries that have a line for themselves, and lists of strings on one line.
//!
//! What an entry means is not asked here. Where a line is anything but an entry,
//! the list ends.

use std::ops::Range;

use repot_change::RelPath;

/// How a file writes its lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A dash before each entry.
    Yaml,
    /// Entries on lines of their own, further in than their key.
    Ini,
    /// Every line is an entry.
    Listing,
    /// Strings with commas between.
    Quoted,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it says, without quotes.
    pub text: String,
    /// What has to go for it to be gone.
    pub span: Range<usize>,
    /// Whether a comment goes with it.
    pub has_comment: bool,
}

/// One list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    /// What stands before its first entry: on the same line, or on that above.
    pub key: String,
    /// The entries, in their order.
    pub entries: Vec<Entry>,
}

impl Style {
    /// How the file at `path` writes its lists.
    pub fn of(path: &RelPath) -> Self {
        let name = path.file_name();
        match (name, path.extension()) {
            (_, Some("yml" | "yaml")) => Self::Yaml,
            (".coveragerc" | ".flake8" | ".importlinter", _) | (_, Some("ini" | "cfg")) => Self::Ini,
            ("CODEOWNERS" | "MANIFEST.in", _) | (_, Some("txt")) => Self::Listing,
            _ if name.starts_with('.') && name.ends_with("ignore") => Self::Listing,
            _ => Self::Quoted,
        }
    }

    /// The lists of `text`, in their order.
    pub fn lists(self, text: &str) -> Vec<List> {
        let mut lists = Vec::new();
        let (mut current, mut indent, mut above) = (List::default(), 0, "");
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let span = at..at + line.len();
            at = span.end;
            let bare = line.trim();
            if bare.is_empty() || bare.starts_with('#') {
                continue;
            }
            let own = line.len() - line.trim_start().len();
            let entry = self.entry(bare, own).map(|(text, has_comment)| Entry {
                text,
                span: span.clone(),
                has_comment,
            });
            if !current.entries.is_empty() && (own != indent || entry.is_none()) {
                let is_continued = self == Self::Yaml && own > indent;
                // An entry that goes on is no plain one.
                current.entries.truncate(current.entries.len() - usize::from(is_continued));
                lists.push(std::mem::take(&mut current));
            }
            match entry {
                Some(entry) => {
                    if current.entries.is_empty() {
                        (indent, current.key) = (own, above.to_owned());
                    }
                    current.entries.push(entry);
                }
                None => {
                    lists.extend(self.on_line(line, span.start));
                    above = bare;
                }
            }
        }
        lists.push(current);
        lists
    }

    /// What a line without its blanks says as an entry, and whether it has a
    /// comment.
    fn entry(self, line: &str, indent: usize) -> Option<(String, bool)> {
        let (text, has_comment) = match self {
            Self::Listing => (line, false),
            Self::Ini if indent > 0 => (line, false),
            Self::Ini => return None,
            Self::Yaml => {
                let item = line.strip_prefix("- ")?.trim();
                let is_plain = !item.contains(": ") && !item.ends_with(':');
                let (item, comment) = item.split_once(" #").unwrap_or((item, ""));
                (Some(item.trim_end()).filter(|_| is_plain)?, !comment.is_empty())
            }
            Self::Quoted => {
                let quote = line.chars().next().filter(|c| matches!(c, '"' | '\''))?;
                let end = line.get(1..)?.find(quote)? + 2;
                let behind = line.get(end..)?.trim_start();
                let behind = behind.strip_prefix(',').unwrap_or(behind).trim_start();
                let is_alone = behind.is_empty() || behind.starts_with('#');
                (line.get(..end).filter(|_| is_alone)?, !behind.is_empty())
            }
        };
        Some((unquoted(text).to_owned(), has_comment))
    }

    /// The lists of strings between brackets on one line, which begins at `at`.
    fn on_line(self, line: &str, at: usize) -> Vec<List> {
        if matches!(self, Self::Ini | Self::Listing) {
            return Vec::new();
        }
        let mut lists = Vec::new();
        let mut from = 0;
        while let Some(open) = line.get(from..).and_then(|rest| rest.find('[')).map(|found| from + found) {
            let inner = line.get(open + 1..).unwrap_or_default();
            let Some(end) = inner.find(']') else { break };
            let entries = strings(inner.get(..end).unwrap_or_default(), at + open + 1);
            let key = line.get(..open).unwrap_or_default().trim().to_owned();
            lists.extend(entries.map(|entries| List { key, entries }));
            from = open + 1;
        }
        lists
    }
}

/// The strings between commas, when there is nothing else.
fn strings(inner: &str, at: usize) -> Option<Vec<Entry>> {
    if inner.contains(['[', '{', '(', '#']) {
        return None;
    }
    let mut start = 0;
    let mut entries: Vec<Entry> = Vec::new();
    for part in inner.split_inclusive(',') {
        let text = part.strip_suffix(',').unwrap_or(part).trim();
        let is_string = text.len() > 1 && unquoted(text).len() == text.len() - 2;
        if !is_string && !text.is_empty() {
            return None;
        }
        let lead = part.len() - part.trim_start().len();
        let next = inner.get(start + part.len()..).unwrap_or_default();
        // What follows moves up to where this one began; the last one takes the
        // comma before it along.
        let span = if next.trim().is_empty() {
            let before = inner.get(..start).unwrap_or_default().trim_end_matches([',', ' ']).len();
            before..start + part.trim_end().len()
        } else {
            start + lead..start + part.len() + next.len() - next.trim_start().len()
        };
        start += part.len();
        if is_string {
            let span = at + span.start..at + span.end;
            entries.push(Entry { text: unquoted(text).to_owned(), span, has_comment: false });
        }
    }
    Some(entries)
}

fn unquoted(text: &str) -> &str {
    let without = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    without('"').or_else(|| without('\'')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(style: Style, text: &str) -> Vec<Vec<String>> {
        let lists = style.lists(text).into_iter().filter(|list| !list.entries.is_empty());
        lists.map(|list| list.entries.into_iter().map(|entry| entry.text).collect()).collect()
    }

    #[test]
    fn entries_are_found_in_the_way_of_each_format() {
        let yaml = "on:\n  paths:\n    - 'a/**'\n    # b\n    - \"b/**\" # why\n  other: ['x', \"y\"]\nsteps:\n  - run: a\n  - a\n    b\n  - c\n";
        assert_eq!(texts(Style::Yaml, yaml), [vec!["a/**", "b/**"], vec!["x", "y"], vec!["c"]]);
        let ini = "[run]\nsource =\n    a\n    b\nomit = c\n";
        assert_eq!(texts(Style::Ini, ini), [["a", "b"]]);
        assert_eq!(texts(Style::Listing, "# o\n/a @x\n/b @y\n"), [["/a @x", "/b @y"]]);
        let toml = "paths = [\n    \"a\",\n    'b', # b\n]\nmore = [\"c\", [\"d\"]]\n";
        assert_eq!(texts(Style::Quoted, toml), [vec!["a", "b"], vec!["d"]]);
    }

    #[test]
    fn the_key_of_a_list_is_known() {
        let lists = Style::Quoted.lists("a = [\n    \"x\",\n]\npythonpath = [\"y\"]\n");
        let keys: Vec<&str> =
            lists.iter().filter(|list| !list.entries.is_empty()).map(|list| list.key.as_str()).collect();
        assert_eq!(keys, ["a = [", "pythonpath ="]);
    }

    proptest! {
        /// An entry that goes takes nothing else along.
        #[test]
        fn a_list_without_an_entry_has_the_others(
            words in proptest::collection::vec("[a-c]{1,3}", 1..5), at in any::<proptest::sample::Index>(), style in 0..4_usize,
        ) {
            let (style, open, entry, close) = [
                (Style::Yaml, "p:\n", "  - \"@\"\n", ""),
                (Style::Ini, "p =\n", "    @\n", ""),
                (Style::Quoted, "p = [\n", "    \"@\",\n", "]\n"),
                (Style::Quoted, "p = [", "\"@\", ", "]\n"),
            ][style];
            let all: String = words.iter().map(|word| entry.replace('@', word)).collect();
            let all = if entry.ends_with(' ') { all.trim_end_matches(", ").to_owned() } else { all };
            let text = format!("{open}{all}{close}");
            prop_assert_eq!(texts(style, &text), [words.clone()]);
            let index = at.index(words.len());
            let found = style.lists(&text).into_iter().find(|list| !list.entries.is_empty()).unwrap();
            let mut without = text.clone();
            without.replace_range(found.entries[index].span.clone(), "");
            let mut rest = words;
            rest.remove(index);
            let expected: Vec<Vec<String>> = if rest.is_empty() { Vec::new() } else { vec![rest] };
            prop_assert_eq!(texts(style, &without), expected, "{}", without);
        }
    }
}
