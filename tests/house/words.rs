//! Module docs, and names that say nothing.

use super::source::{code, is_name_char};
use super::{assert_none, tree};

/// Words that stand in the way of a better name, wherever they stand.
const EMPTY_WORDS: &[&str] = &["Manager", "Helper", "Helpers", "Util", "Utils", "Service", "Processor"];
/// Words that say nothing at the end of a name.
const EMPTY_ENDINGS: &[&str] = &["Info", "Data"];
const EMPTY_FILES: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc"];

fn lacks_module_docs(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    !first.starts_with("//! ") || first.len() < 12
}

/// The names of the types that `text` declares.
fn types(text: &str) -> Vec<String> {
    let code = code(text);
    let mut words = code.split(|char: char| !is_name_char(char)).filter(|word| !word.is_empty()).peekable();
    let mut types = Vec::new();
    while let Some(word) = words.next() {
        if matches!(word, "struct" | "enum" | "trait" | "type" | "union") {
            types.extend(
                words
                    .peek()
                    .filter(|name| name.starts_with(char::is_uppercase))
                    .map(|name| (*name).to_owned()),
            );
        }
    }
    types
}

/// `SourceFile` as `Source`, `File`.
fn parts(name: &str) -> Vec<&str> {
    let starts: Vec<usize> =
        name.char_indices().filter(|(_, char)| char.is_uppercase()).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([name.len()]);
    starts.iter().zip(ends).map(|(start, end)| &name[*start..end]).collect()
}

fn says_nothing(name: &str) -> bool {
    let parts = parts(name);
    parts.iter().any(|part| EMPTY_WORDS.contains(part))
        || parts.last().is_some_and(|last| EMPTY_ENDINGS.contains(last))
}

#[test]
fn every_file_says_what_it_is() {
    let files = tree::rust_files();
    let without = files.iter().filter(|file| lacks_module_docs(&file.text));
    assert_none(
        &without.map(|file| format!("{} does not open with `//!` docs", file.path)).collect::<Vec<_>>(),
    );
}

#[test]
fn names_are_the_words_of_the_field() {
    let mut complaints = Vec::new();
    for file in tree::rust_files() {
        let empty = types(&file.text).into_iter().filter(|name| says_nothing(name));
        complaints.extend(empty.map(|name| format!("{}: `{name}` says nothing", file.path)));
        let stem = file.path.rsplit('/').next().and_then(|name| name.strip_suffix(".rs")).unwrap_or_default();
        if EMPTY_FILES.contains(&stem) {
            complaints.push(format!("{}: the file's name says nothing", file.path));
        }
    }
    assert_none(&complaints);
}

#[test]
fn module_docs_are_a_sentence_on_the_first_line() {
    assert!(!lacks_module_docs("//! Edits of one file's bytes.\n"));
    for text in ["", "use std;\n//! Late.\n", "// A comment only.\n", "//!\n", "//! x\n"] {
        assert!(lacks_module_docs(text), "{text:?}");
    }
}

#[test]
fn empty_names_are_found() {
    let text = "pub struct EditManager;\nenum FileInfo {}\ntrait Info {}\ntype Database = u8;\n// struct Helper\nstruct Edit;";
    let empty: Vec<String> = types(text).into_iter().filter(|name| says_nothing(name)).collect();
    assert_eq!(empty, ["EditManager", "FileInfo", "Info"]);
    assert!(says_nothing("TreeUtils") && says_nothing("ServiceTable") && !says_nothing("InfoLevel"));
}
