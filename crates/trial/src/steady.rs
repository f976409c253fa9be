//! A line without what differs from run to run: colours, progress, the place of
//! the copy, line numbers, times, addresses.

use std::borrow::Cow;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

/// Where a command runs, as its output may spell it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spellings {
    /// The longest first.
    roots: Vec<String>,
}

impl Spellings {
    /// The spellings of the folder `root`, which need not exist.
    pub(crate) fn of(root: &Path) -> Self {
        let plain = root.display().to_string();
        // Debug and JSON output escape what is not plain in a path.
        let escaped = format!("{plain:?}").trim_matches('"').to_owned();
        let mut roots = vec![plain, escaped];
        roots.sort_by_key(|root| std::cmp::Reverse(root.len()));
        roots.dedup();
        Self { roots }
    }

    /// `text` with paths relative to the root; the root itself is `.`.
    pub(crate) fn relative<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for root in self.roots.iter().filter(|root| !root.is_empty()) {
            if text.contains(root.as_str()) {
                text = Cow::Owned(text.replace(&format!("{root}/"), "").replace(root.as_str(), "."));
            }
        }
        text
    }

    /// Whether `text` names the root.
    pub(crate) fn occur_in(&self, text: &str) -> bool {
        self.roots.iter().any(|root| text.contains(root.as_str()))
    }
}

/// A line as a terminal would show it at last, without colours.
pub(crate) fn shown(line: &str) -> String {
    static CONTROLS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
            .expect("the pattern is right")
    });
    let line = line.trim_end_matches(['\r', '\n']);
    let last = line.rsplit('\r').next().unwrap_or_default();
    let plain = if last.contains('\x1b') { CONTROLS.replace_all(last, "") } else { Cow::Borrowed(last) };
    plain.trim_end().to_owned()
}

/// `text` without line numbers, times and addresses.
pub(crate) fn steady(text: &str) -> String {
    static VARYING: LazyLock<Regex> = LazyLock::new(|| {
        let parts = [
            r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]*(?:Z|[+-]\d\d:?\d\d)?",
            r"\b\d+:\d\d:\d\d(?:[.,]\d+)?\b",
            r"\b0x[0-9a-fA-F]+\b",
            r"\b[Ll]ines? \d+(?:-\d+)?",
            r"\b\d+(?:\.\d+)? ?(?:ns|us|µs|ms|s|secs?|seconds?|mins?|minutes?)\b",
            r":\d+(?::\d+)?\b",
        ];
        Regex::new(&parts.join("|")).expect("the pattern is right")
    });
    VARYING.replace_all(text, "#").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_is_taken_out_and_counts_stay() {
        for (one, other) in [
            ("3 failed in 0.12s", "3 failed in 12.5s"),
            ("<Cart object at 0x7f00aa>", "<Cart object at 0x7f1234>"),
            ("a.py:3:4: is wrong", "a.py:13: is wrong"),
            ("redefined from line 3", "redefined from line 40"),
            ("2024-01-02 03:04:05,678 start", "2025-11-12T13:14:15Z start"),
            ("ran in 0:00:12.5 hours", "ran in 0:10:02 hours"),
        ] {
            assert_eq!(steady(one), steady(other));
        }
        assert_ne!(steady("3 failed in 0.1s"), steady("4 failed in 0.1s"));
        assert_ne!(steady("test_a2"), steady("test_a3"));
    }

    #[test]
    fn a_line_is_what_a_terminal_shows_at_last() {
        assert_eq!(shown("\x1b[1m\x1b[31mFAILED\x1b[0m a.py\r\n"), "FAILED a.py");
        assert_eq!(shown(" 10%\r 50%\rdone \n"), "done");
        assert_eq!(shown("\x1b]8;;http://x\x07link\x1b]8;;\x07"), "link");
    }

    #[test]
    fn the_place_of_the_copy_is_no_part_of_a_path() {
        let place = Spellings::of(Path::new("/tmp/x/shop"));
        assert_eq!(
            place.relative("/tmp/x/shop/src/a.py:1 (rootdir: /tmp/x/shop)"),
            "src/a.py:1 (rootdir: .)"
        );
        assert_eq!(place.relative("src/a.py"), "src/a.py");
        assert!(place.occur_in("at /tmp/x/shop/b") && !place.occur_in("at /tmp/shop"));
    }
}
