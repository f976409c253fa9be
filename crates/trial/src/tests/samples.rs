//! What is recognised in the output of real tools, recorded in `samples/`.

use repot_change::RelPath;

use crate::reader::{Problem, Reader};
use crate::steady::{Spellings, shown};

/// The problems of `text`, as `file | text` and, for tests, `file ! test`.
pub(super) fn problems(text: &str) -> Vec<Problem> {
    let place = Spellings::of(std::path::Path::new("/scratch/shop"));
    let mut reader = Reader::new(RelPath::root());
    text.lines().for_each(|line| reader.read(&place.relative(&shown(line))));
    reader.finish()
}

fn keys(text: &str) -> Vec<String> {
    let told = |problem: Problem| {
        let sign = if problem.key.is_test { '!' } else { '|' };
        format!("{} {sign} {}", problem.key.file, problem.key.text)
    };
    problems(text).into_iter().map(told).collect()
}

#[test]
fn ruff() {
    let concise = keys(include_str!("../samples/ruff-concise.txt"));
    assert_eq!(
        concise,
        [
            "src/a.py | I001 [*] Import block is un-sorted or un-formatted",
            "src/a.py | F401 [*] `os` imported but unused",
            "src/a.py | F401 [*] `shop.core` imported but unused",
            "src/a.py | F821 Undefined name `undefined`",
            "src/bad.py | invalid-syntax: Expected a parameter or the end of the parameter list",
            "src/bad.py | invalid-syntax: Expected `)`, found newline",
            "src/bad2.py | invalid-syntax: Expected an indented block after `if` statement",
        ]
    );
    assert_eq!(keys(include_str!("../samples/ruff-full.txt")), concise);
    let full = problems(include_str!("../samples/ruff-full.txt"));
    assert_eq!(full[3].line, "src/a.py:7:7: F821 Undefined name `undefined`");
}

#[test]
fn flake8_pylint_and_isort() {
    let flake8 = keys(include_str!("../samples/flake8.txt"));
    assert_eq!(flake8.len(), 7);
    assert_eq!(flake8[4], "src/a.py | F821 undefined name 'undefined'");
    let pylint = keys(include_str!("../samples/pylint.txt"));
    assert_eq!(pylint.len(), 6);
    assert_eq!(pylint[1], "src/a.py | E0401: Unable to import 'shop.core' (import-error)");
    assert_eq!(
        keys(include_str!("../samples/isort.txt")),
        [" | ERROR: src/a.py Imports are incorrectly sorted and/or formatted."]
    );
}

#[test]
fn mypy_and_pyright() {
    assert_eq!(
        keys(include_str!("../samples/mypy.txt")),
        [
            "src/a.py | error: Cannot find implementation or library stub for module named \"shop.core\"  [import-not-found]",
            "src/a.py | error: Cannot find implementation or library stub for module named \"shop\"  [import-not-found]",
            "src/a.py | error: Incompatible return value type (got \"int\", expected \"str\")  [return-value]",
            "src/a.py | error: Name \"undefined\" is not defined  [name-defined]",
        ]
    );
    assert_eq!(
        keys(include_str!("../samples/pyright.txt")),
        [
            "src/a.py | error: Import \"shop.core\" could not be resolved (reportMissingImports)",
            "src/a.py | error: Type \"int\" is not assignable to return type \"str\"",
            "src/a.py | error: \"undefined\" is not defined (reportUndefinedVariable)",
        ]
    );
}

#[test]
fn pytest() {
    assert_eq!(keys(include_str!("../samples/pytest-collection.txt")), ["tests/test_col.py ! "]);
    assert_eq!(
        keys(include_str!("../samples/pytest-quiet.txt")),
        [
            "tests/test_a.py ! ::test_bad",
            "tests/test_a.py ! ::test_par[a - b]",
            "tests/test_a.py ! ::test_par[3]",
            "tests/test_a.py ! ::TestU::test_err",
            "tests/test_a.py ! ::TestU::test_u",
            "tests/test_a.py ! ::TestU::test_u",
            "tests/test_col.py ! ",
            "tests/test_a.py ! ::test_fix",
        ]
    );
}

#[test]
fn pytest_that_does_not_sum_up() {
    assert_eq!(
        keys(include_str!("../samples/pytest-no-summary.txt")),
        [
            " ! ERROR at setup of test_fix",
            " ! test_bad",
            " ! test_par[a - b]",
            " ! test_par[3]",
            " ! TestU.test_err",
            " ! TestU.test_u (i=0)",
            " ! TestU.test_u (i=1)",
        ]
    );
}

#[test]
fn unittest() {
    assert_eq!(
        keys(include_str!("../samples/unittest.txt")),
        [
            " ! test_err (tests.test_a.TestU.test_err)",
            " ! test_col (unittest.loader._FailedTest.test_col)",
            " ! test_u (tests.test_a.TestU.test_u) (i=0)",
            " ! test_u (tests.test_a.TestU.test_u) (i=1)",
        ]
    );
}

#[test]
fn compileall_and_a_traceback() {
    assert_eq!(
        keys(include_str!("../samples/compileall.txt")),
        ["src/bad.py | is refused", " | SyntaxError: invalid syntax", "src/bad2.py | is refused"]
    );
    let traceback = "Traceback (most recent call last):\n  File \"<string>\", line 1, in <module>\n\
                     ModuleNotFoundError: No module named 'nosuch'\n";
    assert_eq!(keys(traceback), [" | ModuleNotFoundError: No module named 'nosuch'"]);
}

#[test]
fn what_names_a_place_and_no_problem_is_none() {
    for line in [
        "src/a.py:3: DeprecationWarning: old",
        "src/a.py:3: in <module>",
        "src/a.py:3: AssertionError",
        "src/a.py:2: note: See https://mypy.readthedocs.io/",
        "Found 3 errors in 2 files (checked 10 source files)",
        "12:30:01 started",
        "http://localhost:8000 is up",
    ] {
        assert_eq!(keys(line), [""; 0], "{line}");
    }
}

#[test]
fn a_tool_is_read_after_another() {
    let text = [
        include_str!("../samples/pytest-quiet.txt"),
        include_str!("../samples/ruff-concise.txt"),
        include_str!("../samples/unittest.txt"),
        include_str!("../samples/mypy.txt"),
    ];
    assert_eq!(keys(&text.concat()).len(), 8 + 7 + 4 + 4);
}

#[test]
fn a_file_is_named_from_the_root_wherever_the_command_runs() {
    let mut reader = Reader::new(RelPath::new("packages/shop").unwrap());
    for line in ["src/a.py:1:1: F821 x", "../b.py:1:1: F821 x", "packages/shop/c.py:1:1: F821 x"] {
        reader.read(line);
    }
    let files: Vec<String> = reader.finish().into_iter().map(|problem| problem.key.file).collect();
    assert_eq!(files, ["packages/shop/src/a.py", "packages/b.py", "packages/shop/c.py"]);
}
