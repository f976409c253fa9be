//! Names as git prints them, and texts as one line.

use std::borrow::Cow;
use std::fmt::Write;

/// A path as git prints it: in double quotes with C escapes when it holds a
/// control character, a quote, a backslash or a byte beyond ASCII (git's
/// `core.quotePath`, which is on by default), else as it is.
pub(crate) fn git_path(path: &str) -> Cow<'_, str> {
    let plain = |byte: u8| (0x20..0x7f).contains(&byte) && byte != b'"' && byte != b'\\';
    if path.bytes().all(plain) {
        return Cow::Borrowed(path);
    }
    let mut quoted = String::from("\"");
    for byte in path.bytes() {
        match escape(byte) {
            Some(letter) => quoted.extend(['\\', letter]),
            None if plain(byte) => quoted.push(char::from(byte)),
            None => write!(quoted, "\\{byte:03o}").expect("a string takes any text"),
        }
    }
    quoted.push('"');
    Cow::Owned(quoted)
}

fn escape(byte: u8) -> Option<char> {
    Some(match byte {
        0x07 => 'a',
        0x08 => 'b',
        b'\t' => 't',
        b'\n' => 'n',
        0x0b => 'v',
        0x0c => 'f',
        b'\r' => 'r',
        b'"' => '"',
        b'\\' => '\\',
        _ => return None,
    })
}

/// `text` without control characters, so that a hostile name can neither start
/// a line of its own nor speak to the terminal.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_only_where_git_does() {
        assert_eq!(git_path("src/a b.py"), "src/a b.py");
        assert_eq!(git_path("café.py"), r#""caf\303\251.py""#);
        assert_eq!(git_path("a\"b\\c\n"), r#""a\"b\\c\n""#);
        assert_eq!(git_path("\u{7f}"), r#""\177""#);
    }

    #[test]
    fn one_line_is_one_line() {
        assert_eq!(one_line("a\nb\u{1b}[31m"), "a b [31m");
        assert_eq!(one_line("naïve"), "naïve");
    }
}
