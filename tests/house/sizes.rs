//! Files and functions stay small; a crate is worth its folder.

use std::collections::BTreeMap;

use super::assert_none;
use super::source::{code_without_tests, count_lines, functions};
use super::tree::{self, TreeFile};

const FILE_LIMIT: usize = 500;
const FILE_MEDIAN: usize = 200;
const FUNCTION_LIMIT: usize = 60;
const CRATE_MINIMUM: usize = 300;

/// The lines of a file before its tests: comments and blank lines count.
fn file_lines(text: &str) -> usize {
    text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default().lines().count()
}

fn long_functions(path: &str, text: &str) -> Vec<String> {
    let code = code_without_tests(text);
    let lines = |body: std::ops::Range<usize>| count_lines(code[body].trim_matches(['{', '}']));
    let all = functions(&code).into_iter().map(|(name, body)| (name, lines(body)));
    all.filter(|(_, lines)| *lines > FUNCTION_LIMIT)
        .map(|(name, lines)| format!("{path}: fn {name} has {lines} lines of code, {FUNCTION_LIMIT} at most"))
        .collect()
}

fn median(mut figures: Vec<usize>) -> usize {
    figures.sort_unstable();
    figures.get(figures.len() / 2).copied().unwrap_or(0)
}

/// The path and the lines of every file that is not for tests only.
fn all_file_lines() -> Vec<(TreeFile, usize)> {
    let files = tree::rust_files();
    let tests = tree::test_files(&files);
    let files = files.into_iter().filter(|file| !tests.contains(&file.path));
    let counted = |file: TreeFile| {
        let lines = file_lines(&file.text);
        (file, lines)
    };
    files.map(counted).collect()
}

#[test]
fn no_file_is_long() {
    let files = all_file_lines();
    let long = files.iter().filter(|(_, lines)| *lines > FILE_LIMIT);
    let complaint = |(file, lines): &(TreeFile, usize)| {
        format!("{} has {lines} lines without its tests, {FILE_LIMIT} at most", file.path)
    };
    assert_none(&long.map(complaint).collect::<Vec<_>>());
    let median = median(files.iter().map(|(_, lines)| *lines).collect());
    assert!(median <= FILE_MEDIAN, "half of the files have {median} lines or more, {FILE_MEDIAN} at most");
}

#[test]
fn no_function_is_long() {
    let files = tree::rust_files();
    assert_none(&files.iter().flat_map(|file| long_functions(&file.path, &file.text)).collect::<Vec<_>>());
}

#[test]
fn no_crate_is_too_small_to_be_one() {
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for (file, count) in all_file_lines() {
        if let Some(folder) = file.crate_folder().filter(|folder| folder.starts_with("crates/")) {
            *lines.entry(folder).or_default() += count;
        }
    }
    let small = lines.iter().filter(|(_, lines)| **lines < CRATE_MINIMUM);
    let complaints: Vec<String> =
        small.map(|(folder, lines)| format!("{folder} has {lines} lines: merge it downwards")).collect();
    assert_none(&complaints);
}

#[test]
fn the_tests_of_a_file_do_not_count() {
    let text = "//! A\nfn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n";
    assert_eq!(file_lines(text), 2);
    assert_eq!(median(vec![9, 1, 5]), 5);
}

#[test]
fn a_long_function_is_found_by_its_code() {
    let body = |line: &str, count: usize| format!("fn a() {{\n{}}}\n", line.repeat(count));
    assert!(long_functions("a.rs", &body("    b();\n", FUNCTION_LIMIT)).is_empty());
    assert_eq!(long_functions("a.rs", &body("    b();\n", FUNCTION_LIMIT + 1)).len(), 1);
    assert!(long_functions("a.rs", &body("    // b\n\n", FUNCTION_LIMIT)).is_empty());
}
