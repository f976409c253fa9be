//! Which lines of a text begin a statement, for text that is only nearly Python:
//! cells with magics, Cython.
//!
//! A line lexer of three states. What is Python is parsed instead.

/// What is open at the end of a line, so that the next begins no statement.
#[derive(Default)]
pub(crate) struct Open {
    brackets: usize,
    quotes: Option<&'static str>,
    is_continued: bool,
}

impl Open {
    /// Whether the next line begins a statement.
    pub(crate) fn is_statement(&self) -> bool {
        self.brackets == 0 && self.quotes.is_none() && !self.is_continued
    }

    /// Goes on to the end of `line`.
    pub(crate) fn read(&mut self, line: &str) {
        self.is_continued = false;
        let mut rest = line.trim_end_matches(['\n', '\r']);
        while let Some(char) = rest.chars().next() {
            let quotes = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quotes| rest.starts_with(quotes));
            let mut len = char.len_utf8();
            match (self.quotes, char) {
                (_, '\\') => {
                    let next = rest[1..].chars().next();
                    self.is_continued = next.is_none();
                    len += next.map_or(0, char::len_utf8);
                }
                (Some(open), _) if rest.starts_with(open) => {
                    len = open.len();
                    self.quotes = None;
                }
                (Some(_), _) => {}
                (None, '#') => break,
                (None, '(' | '[' | '{') => self.brackets += 1,
                (None, ')' | ']' | '}') => self.brackets = self.brackets.saturating_sub(1),
                (None, _) => {
                    self.quotes = quotes;
                    len = quotes.map_or(len, str::len);
                }
            }
            rest = &rest[len..];
        }
        // A string in single quotes ends with its line.
        self.quotes = self.quotes.filter(|quotes| quotes.len() == 3 || self.is_continued);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_strings_and_backslashes_hold_a_statement_open() {
        for (text, starts) in [
            ("a = (\n  1)\nb\n", &[0, 2][..]),
            ("'''\nb\n''' + (\n)\nc\n", &[0, 4]),
            ("a = 1 + \\\n  b # (\nc\n", &[0, 2]),
            ("a = '(' \"it's\"\nb = r'\\'' \nc = '\nd\n", &[0, 1, 2, 3]),
        ] {
            let mut open = Open::default();
            let mut found = Vec::new();
            for (index, line) in text.split_inclusive('\n').enumerate() {
                found.extend(open.is_statement().then_some(index));
                open.read(line);
            }
            assert_eq!(found, starts, "{text}");
        }
    }
}
