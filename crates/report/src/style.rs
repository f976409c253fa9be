//! Colours: what a piece of text is, and how a terminal shows that.
//!
//! Whether there are colours at all is decided by the caller; nothing here
//! looks at a terminal or at the environment.

use anstyle::{AnsiColor, Style as Ansi};

/// How text is dressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Whether ANSI escape sequences colour the text; without them it is plain.
    pub color: bool,
}

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A heading, a file's header in a diff, a path.
    Strong,
    /// A hunk's range in a diff, a rule, a line number's separator.
    Range,
    /// A removed line.
    Removed,
    /// An added line.
    Added,
    /// Something that holds.
    Good,
    /// Something that does not hold.
    Bad,
    /// Something that waits for a person.
    Caution,
    /// Something of less weight.
    Faint,
}

impl Role {
    fn ansi(self) -> Ansi {
        let color = |color: AnsiColor| Ansi::new().fg_color(Some(anstyle::Color::Ansi(color)));
        match self {
            Self::Strong => Ansi::new().bold(),
            Self::Range => color(AnsiColor::Cyan),
            Self::Removed => color(AnsiColor::Red),
            Self::Added => color(AnsiColor::Green),
            Self::Good => color(AnsiColor::Green).bold(),
            Self::Bad => color(AnsiColor::Red).bold(),
            Self::Caution => color(AnsiColor::Yellow).bold(),
            Self::Faint => Ansi::new().dimmed(),
        }
    }
}

impl Style {
    /// Text without colours.
    pub const PLAIN: Self = Self { color: false };

    /// `text` as `role` looks; empty text stays empty.
    pub(crate) fn paint(self, role: Role, text: impl AsRef<str>) -> String {
        let text = text.as_ref();
        if !self.color || text.is_empty() {
            return text.to_owned();
        }
        let ansi = role.ansi();
        format!("{ansi}{text}{ansi:#}")
    }

    /// Appends one line of bytes as `role` looks. The reset stands before the
    /// line's end, so that a pager which resets at each line shows the same.
    pub(crate) fn line(self, out: &mut Vec<u8>, role: Role, line: &[u8]) {
        if !self.color {
            out.extend_from_slice(line);
            return;
        }
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let ansi = role.ansi();
        out.extend_from_slice(ansi.render().to_string().as_bytes());
        out.extend_from_slice(text);
        out.extend_from_slice(ansi.render_reset().to_string().as_bytes());
        out.extend_from_slice(&line[text.len()..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_never_reaches_into_the_end_of_a_line() {
        let mut out = Vec::new();
        Style { color: true }.line(&mut out, Role::Added, b"+x\r\n");
        assert_eq!(out, b"\x1b[32m+x\x1b[0m\r\n");
    }

    #[test]
    fn plain_text_has_no_escapes() {
        assert_eq!(Style::PLAIN.paint(Role::Bad, "x"), "x");
        assert_eq!(Style { color: true }.paint(Role::Bad, ""), "");
    }
}
