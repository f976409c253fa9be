//! The review page from the command line: where it goes, and what is said.

use repot_cli::ExitStatus;

use crate::environment::Tree;

fn surveyed() -> Tree {
    let tree = Tree::demo();
    tree.run(&["init", "--legacy-root", "monorepo", "--legacy-root", "legacy_shop"]);
    tree
}

#[test]
fn the_page_goes_to_the_file_and_the_rest_is_a_message() {
    let tree = surveyed();
    let before = tree.files();
    let outcome = tree.run(&["plan", "--html", "page.html"]);
    assert_eq!(outcome.status, ExitStatus::Fine, "{}", outcome.err);
    assert_eq!(outcome.out, "");
    assert!(outcome.err.contains("24 files change"), "{}", outcome.err);
    assert!(
        outcome.err.ends_with("The review page is in page.html; open it in a browser.\n"),
        "{}",
        outcome.err
    );
    let mut after = tree.files();
    let page = String::from_utf8(after.remove("page.html").unwrap()).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    assert_eq!(after, before, "nothing is written but the page");
    assert_eq!(tree.run(&["plan", "--html", "-"]).out, page, "the same tree gives the same page");
}

#[test]
fn a_program_gets_its_format_beside_the_page() {
    let tree = surveyed();
    let outcome = tree.run(&["plan", "--html", "page.html", "--output-format", "json", "--check"]);
    assert_eq!(outcome.status, ExitStatus::Findings);
    assert_eq!(outcome.out, tree.run(&["plan", "--output-format", "json"]).out);
    assert!(tree.files().contains_key("page.html"));
}

#[test]
fn a_page_that_cannot_be_written_is_a_failure() {
    let tree = surveyed();
    let outcome = tree.run(&["plan", "--html", "repot.toml/page.html"]);
    assert_eq!(outcome.status, ExitStatus::Refused);
    assert!(outcome.err.contains("repot.toml/page.html"), "{}", outcome.err);
    assert_eq!(tree.run(&["plan", "--html", "page.html", "--stat"]).status, ExitStatus::Refused);
}
