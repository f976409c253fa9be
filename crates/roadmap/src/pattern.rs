//! Globs over the paths of the workspace.
//!
//! A pattern is text and says which paths it means; it looks at no disk.

use std::fmt;

use globset::{GlobBuilder, GlobMatcher};
use thiserror::Error;

/// A glob over workspace-relative paths with `/` between folders.
///
/// `*` and `?` stay within one folder, `**` crosses folders, `[ab]` and
/// `{a,b}` choose. `.` is the root folder itself, which no other pattern
/// matches.
#[derive(Clone)]
pub struct Pattern {
    text: String,
    /// `None` for the root folder.
    matcher: Option<GlobMatcher>,
}

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PatternError {
    /// Nothing between the quotes.
    #[error("an empty pattern matches nothing; `.` is the root folder")]
    Empty,
    /// A leading `/` or a drive letter.
    #[error("a pattern is relative to the workspace root")]
    Absolute,
    /// A `..` component.
    #[error("a pattern stays inside the workspace; `..` leaves it")]
    Leaves,
    /// A `\`, which globs would take as an escape.
    #[error("a pattern has `/` between folders, on every system")]
    Backslash,
    /// The glob itself is wrong.
    #[error("{reason}")]
    Glob {
        /// What is wrong with it.
        reason: String,
    },
}

impl Pattern {
    /// The pattern that `text` writes; a leading `./` and a trailing `/` say
    /// nothing.
    ///
    /// # Errors
    ///
    /// [`PatternError`] when it is no glob, or can match no path of a workspace.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        let glob = text.trim_start_matches("./").trim_end_matches('/');
        let is_drive = glob.chars().nth(1) == Some(':');
        if text.trim().is_empty() {
            return Err(PatternError::Empty);
        } else if text.starts_with('/') || is_drive {
            return Err(PatternError::Absolute);
        } else if glob.contains('\\') {
            return Err(PatternError::Backslash);
        } else if glob.split('/').any(|part| part == "..") {
            return Err(PatternError::Leaves);
        } else if glob.is_empty() || glob == "." {
            return Ok(Self { text: text.to_owned(), matcher: None });
        }
        let built = GlobBuilder::new(glob).literal_separator(true).backslash_escape(false).build();
        match built {
            Ok(glob) => Ok(Self { text: text.to_owned(), matcher: Some(glob.compile_matcher()) }),
            Err(error) => Err(PatternError::Glob { reason: error.kind().to_string() }),
        }
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the pattern means `path`, a path relative to the workspace root
    /// with `/` between folders; the root itself is `""` or `"."`.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        let is_root = path.is_empty() || path == ".";
        match &self.matcher {
            None => is_root,
            Some(matcher) => !is_root && matcher.is_match(path),
        }
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        Pattern::new(pattern).unwrap().matches(path)
    }

    #[test]
    fn a_star_stays_within_one_folder() {
        assert!(matches("src/packages/*/*", "src/packages/ai/quality"));
        assert!(!matches("src/packages/*/*", "src/packages/ai"));
        assert!(!matches("src/packages/*/*", "src/packages/ai/quality/tests"));
        assert!(matches("**/archive/**", "src/archive/old/x"));
        assert!(matches("**/archive/**", "archive/x"));
        assert!(matches("src/{ai,data}/*", "src/data/quality"));
        assert!(matches("src/a b/*", "src/a b/c"));
    }

    #[test]
    fn the_root_is_matched_by_the_dot_alone() {
        for root in ["", "."] {
            assert!(matches(".", root));
            assert!(matches("./", root));
            for other in ["*", "**", "**/*", "src"] {
                assert!(!matches(other, root), "{other}");
            }
        }
        assert!(!matches(".", "src"));
    }

    #[test]
    fn a_leading_dot_and_a_trailing_slash_say_nothing() {
        assert!(matches("./src/*/", "src/a"));
        assert_eq!(Pattern::new("./src/*/").unwrap().as_str(), "./src/*/");
    }

    #[test]
    fn what_can_match_no_path_is_refused() {
        for (text, error) in [
            ("", PatternError::Empty),
            ("  ", PatternError::Empty),
            ("/src/*", PatternError::Absolute),
            ("C:/src", PatternError::Absolute),
            ("../other/*", PatternError::Leaves),
            ("src/../other", PatternError::Leaves),
            ("src\\packages\\*", PatternError::Backslash),
        ] {
            assert_eq!(Pattern::new(text), Err(error), "{text}");
        }
        for text in ["src/[a", "src/{a", "src/[b-a]"] {
            assert!(matches!(Pattern::new(text), Err(PatternError::Glob { .. })), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,12}", path in "\\PC{0,12}") {
            if let Ok(pattern) = Pattern::new(&text) {
                let _ = pattern.matches(&path);
            }
        }

        #[test]
        fn a_literal_path_matches_itself_only(path in "[a-z_-]{1,6}(/[a-z_-]{1,6}){0,3}", tail in "[a-z]{1,3}") {
            prop_assert!(matches(&path, &path));
            let child = format!("{path}/{tail}");
            prop_assert!(!matches(&path, &child));
        }
    }
}
