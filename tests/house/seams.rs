//! One crate reads the repository, one writes it, one prints and knows its
//! surroundings.
//!
//! Clippy's `disallowed-methods` is the first line; this is the second, on the
//! text, which no `allow` opens.

use super::source::{code_without_tests, is_name_char};
use super::{assert_none, tree};

/// Something only some crates may mention.
struct Seam {
    what: &'static str,
    words: &'static [&'static str],
    crates: &'static [&'static str],
}

const SEAMS: &[Seam] = &[
    Seam { what: "touches the disk", words: &["std::fs", "fs::"], crates: &["workspace", "apply"] },
    Seam {
        what: "writes",
        words: &[
            "fs::write",
            "fs::copy",
            "fs::rename",
            "fs::hard_link",
            "fs::remove_file",
            "fs::remove_dir",
            "fs::remove_dir_all",
            "fs::create_dir",
            "fs::create_dir_all",
            "fs::set_permissions",
            "File::create",
            "File::create_new",
            "OpenOptions",
            "DirBuilder",
        ],
        crates: &["apply"],
    },
    Seam {
        what: "prints",
        words: &["println!", "eprintln!", "print!", "eprint!", "dbg!", "io::stdout", "io::stderr"],
        crates: &["cli"],
    },
    Seam {
        what: "runs other programs",
        words: &["process::Command", "Stdio"],
        crates: &["cli", "git", "trial"],
    },
    Seam {
        what: "names the standard streams",
        words: &["stdout", "stderr"],
        crates: &["cli", "git", "trial"],
    },
    Seam {
        what: "knows its surroundings",
        words: &["std::env", "env::var", "env::args", "env::current_dir", "process::exit"],
        crates: &["cli"],
    },
];

fn complaints(path: &str, folder: &str, text: &str) -> Vec<String> {
    let name = folder.trim_start_matches("crates/");
    let code = code_without_tests(text);
    let closed = SEAMS.iter().filter(|seam| !seam.crates.contains(&name));
    let found = closed.filter_map(|seam| Some((seam, seam.words.iter().find(|word| mentions(&code, word))?)));
    found
        .map(|(seam, word)| format!("{path} {} (`{word}`); only {} may", seam.what, seam.crates.join(", ")))
        .collect()
}

/// Whether `word` stands in `code` on its own, not within a longer name.
fn mentions(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let after = &code[at + word.len()..];
        let ends = !word.ends_with(is_name_char) || !after.starts_with(is_name_char);
        ends && !code[..at].ends_with(is_name_char)
    })
}

#[test]
fn only_the_crates_of_a_seam_cross_it() {
    let files = tree::rust_files();
    let tests = tree::test_files(&files);
    let inside = files.iter().filter(|file| !tests.contains(&file.path));
    let found =
        inside.flat_map(|file| complaints(&file.path, &file.crate_folder().unwrap_or_default(), &file.text));
    assert_none(&found.collect::<Vec<_>>());
}

#[test]
fn a_crossing_is_found_and_prose_is_none() {
    let count = |folder: &str, text: &str| complaints("x.rs", folder, text).len();
    assert_eq!(count("crates/change", "use std::fs;\nfn a() { fs::write(b, c) }"), 2);
    assert_eq!(count("crates/workspace", "fn a() { std::fs::read(b) }"), 0);
    assert_eq!(count("crates/workspace", "fn a() { std::fs::write(b, c) }"), 1);
    assert_eq!(count("crates/apply", "fn a() { std::fs::write(b, c) }"), 0);
    assert_eq!(count("crates/apply", "fn a() { println!(); std::env::var(\"A\") }"), 2);
    assert_eq!(count("crates/cli", "fn a() { println!() }"), 0);
    assert_eq!(count("crates/change", "// println!\nconst A: &str = \"std::fs\";\nfn refs::a() {}"), 0);
    assert_eq!(count("crates/change", "#[cfg(test)]\nmod tests { fn a() { println!() } }"), 0);
}
