//! Command lines: shell scripts, Dockerfiles, Makefiles, and the commands in
//! other formats. No shell is parsed: a word is judged by what stands in front
//! of it on its line.

use repot_change::Span;

use super::region::{Meaning, Region};
use crate::{Mention, Spelling};

/// The options behind which an import name stands.
const NAME_OPTIONS: &[&str] = &[
    "-m",
    "-p",
    "-A",
    "--app",
    "--cov",
    "--pyargs",
    "--package",
    "--source",
    "--source-pkgs",
    "--module",
    "--settings",
    "import",
    "from",
];

/// The commands whose arguments are paths of the tree.
const PATH_COMMANDS: &[&str] = &[
    "ADD",
    "COPY",
    "autoflake",
    "bandit",
    "basedpyright",
    "black",
    "cat",
    "cd",
    "chmod",
    "chown",
    "cloc",
    "cp",
    "curlylint",
    "djhtml",
    "djlint",
    "find",
    "flake8",
    "git",
    "grep",
    "isort",
    "ls",
    "mkdir",
    "mv",
    "mypy",
    "pycodestyle",
    "pydocstyle",
    "pyflakes",
    "pylint",
    "pyright",
    "pytest",
    "pyupgrade",
    "rg",
    "rm",
    "rsync",
    "ruff",
    "source",
    "tar",
    "ty",
    "vulture",
    "yapf",
    "zip",
];

/// A file of command lines, in which `#` begins a comment.
pub(super) fn regions(text: &str) -> Vec<Region> {
    let mut regions = Vec::new();
    for line in lines(text) {
        let code = text.get(line.range()).unwrap_or_default();
        let comment = comment_start(code).map_or(line.end, |at| line.start + at);
        regions.push(Region::new(Span::new(line.start, comment), Meaning::Command, "a command names it"));
        regions.push(Region::new(Span::new(comment, line.end), Meaning::Prose, "a comment names it"));
    }
    regions
}

/// The lines of `text` without their ends.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Span> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let span = Span::new(start, start + line.trim_end_matches(['\n', '\r']).len());
        start += line.len();
        span
    })
}

/// Where the comment of a line begins: at a `#` in front of which the line or a
/// blank is, outside quotes.
pub(super) fn comment_start(line: &str) -> Option<usize> {
    let (mut quote, mut before) = (None, ' ');
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') if before.is_whitespace() => return Some(at),
            (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(c),
            (Some(open), _) if open == c && before != '\\' => quote = None,
            _ => {}
        }
        before = c;
    }
    None
}

/// Whether a command line expects a name or path where the single word of
/// `mention` stands.
pub(super) fn expects(text: &str, mention: &Mention) -> bool {
    let before = text.get(..mention.token.start).unwrap_or_default();
    let line = before.rsplit(['\n', ';', '|', '&']).next().unwrap_or(before);
    let after = text.get(mention.token.end..).and_then(|after| after.chars().next());
    let is_whole =
        after.is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '\'' | '/' | ';' | ')' | ',' | '&'));
    if mention.spelling == Spelling::Dotted {
        // What is quoted behind `from` is a module of another language.
        if line.ends_with(['"', '\'']) && line.trim_end_matches(['"', '\'']).ends_with("from ") {
            return false;
        }
        let option = line.trim_end().trim_end_matches(['=', '"', '\'']).trim_end();
        let last = option.split_whitespace().next_back().unwrap_or_default();
        return is_whole && option != line && NAME_OPTIONS.contains(&last);
    }
    let stands_alone = line.ends_with([' ', '\t', '"', '\'']);
    let is_option = line.split_whitespace().next_back().is_some_and(|last| NAME_OPTIONS.contains(&last));
    is_whole
        && stands_alone
        && !is_option
        && line.split_whitespace().any(|word| PATH_COMMANDS.contains(&word))
}
