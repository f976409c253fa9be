//! Reports in every format, in the right tree and in a wrong one.

use repot_roadmap::{Pattern, Percent, Spanned};

use super::*;
use crate::sample::workspace;

const CART: &str = "def add(a):\n    if a:\n        return 1\n    return 2\n";
const DESK: &str = "x = 1\n";

const JSON: &str = r#"{"meta": {"format": 3, "branch_coverage": true}, "files": {
"p/shop/src/shop/cart.py": {"executed_lines": [1, 2, 3], "missing_lines": [4],
"executed_branches": [[2, 3]], "missing_branches": [[2, 4]]}}, "totals": {}}"#;
const XML: &str = r#"<?xml version="1.0" ?>
<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
<coverage line-rate="0.75"><sources><source>/elsewhere/repo/p/shop/src</source></sources><packages><package><classes>
<class filename="shop/cart.py"><methods/><lines><line number="1" hits="1"/>
<line number="2" hits="1" branch="true" condition-coverage="50% (1/2)" missing-branches="4"/>
<line number="3" hits="1"/><line number="4" hits="0"/></lines></class></classes></package></packages></coverage>"#;
const LCOV: &str = "TN:\nSF:/elsewhere/repo/p/shop/src/shop/cart.py\nDA:1,1\nDA:2,1\nDA:3,1\nDA:4,0,x\nLF:4\nLH:3\n\
                    BRDA:2,0,jump to line 3,1\nBRDA:2,0,jump to line 4,-\nBRF:2\nBRH:1\nend_of_record\n";

fn measured(reports: &[(&str, Result<&str, &str>)]) -> Measured {
    let workspace = workspace(&[
        ("p/shop/src/shop/__init__.py", ""),
        ("p/shop/src/shop/cart.py", CART),
        ("p/shop/src/shop/other/desk.py", DESK),
        ("p/desk/src/desk/__init__.py", ""),
        ("p/desk/src/desk/desk.py", DESK),
        ("repot.toml", "\n\n[coverage.at-least]\nshop = 70\n\"p/*\" = 0\n"),
    ]);
    let floor = |name: &str, span, percent| {
        (Spanned::new(name.to_owned(), Some(span)), Percent::new(percent).unwrap())
    };
    let settings = Coverage {
        files: vec![Spanned::unwritten(Pattern::new("*").unwrap())],
        at_least: vec![floor("shop", 22..26, 70.0), floor("p/*", 33..38, 0.0)],
    };
    let files: Vec<NamedFile> = reports
        .iter()
        .map(|(path, content)| NamedFile {
            path: (*path).to_owned(),
            content: content.map(|text| text.as_bytes().to_vec()).map_err(str::to_owned),
        })
        .collect();
    test_coverage(&workspace, CoverageAsked { settings: &settings, files: &files })
}

fn notes(measured: &Measured) -> Vec<String> {
    let line =
        |note: &Note| format!("{}: {}", note.path.as_ref().map_or("", |path| path.as_str()), note.message);
    measured.notes.iter().map(line).collect()
}

#[test]
fn every_format_says_the_same() {
    for report in [JSON, XML, LCOV] {
        let measured = measured(&[("build/report", Ok(report))]);
        assert_eq!(notes(&measured), [""; 0], "{report}");
        assert_eq!(measured.figure.value, Some(66.7), "{report}");
        let parts: Vec<f64> = measured.figure.parts.iter().map(|(_, value)| *value).collect();
        assert_eq!(parts, [3.0, 4.0, 1.0, 2.0, 1.0], "{report}");
        assert_eq!(measured.figure.by_package["shop"], 66.7);
        assert_eq!(measured.figure.by_domain["sales"], 66.7);
        assert_eq!(measured.figure.by_package.get("desk"), None, "no report knows it");
        let told: Vec<String> =
            measured.findings.iter().map(|it| format!("{}:{} {}", it.path, it.line, it.message)).collect();
        assert_eq!(
            told,
            [
                "repot.toml:4 `shop` is covered 66.7 % and should be at least 70 %",
                "repot.toml:5 the coverage of `desk` is unknown and should be at least 0 %",
            ]
        );
    }
}

#[test]
fn two_reports_about_one_file_are_united() {
    let other = "SF:src/shop/cart.py\nDA:4,7\nend_of_record\n";
    let both = measured(&[("coverage.json", Ok(JSON)), ("p/shop/lcov.info", Ok(other))]);
    assert_eq!(both.figure.value, Some(83.3));
    let again = measured(&[("a.json", Ok(JSON)), ("b.xml", Ok(XML)), ("c.info", Ok(LCOV))]);
    assert_eq!(again.figure.value, Some(66.7));
}

#[test]
fn a_report_that_cannot_be_used_leaves_the_figure_unknown() {
    let elsewhere = LCOV.replace("cart.py", "trolley.py");
    let longer = LCOV.replace("DA:4,0,x", "DA:4,0\nDA:40,1");
    for (report, reason) in [
        (Err("does not exist"), "does not exist"),
        (Ok(""), "is empty"),
        (Ok("{\"files\": 3}"), "is no JSON report of coverage.py"),
        (Ok("{\"files\": {}}"), "measures no line of any file"),
        (Ok("<html/>"), "is no Cobertura report: it begins with `<html>`"),
        (Ok("<coverage>"), "is no XML"),
        (Ok("hello"), "is no report that can be read: line 1 is `hello`"),
        (Ok("SF:a.py\nDA:1,1\n"), "is cut off: the record of `a.py` has no end"),
        (Ok(elsewhere.as_str()), "is about another tree: 1 of its 1 files are not in this one"),
        (Ok(longer.as_str()), "is about another version of `p/shop/src/shop/cart.py`: it measures line 40"),
    ] {
        let measured = measured(&[("cov.report", report)]);
        assert_eq!(measured.figure.value, None, "{reason}");
        let told = notes(&measured);
        assert!(told[0].starts_with(&format!("cov.report: {reason}")), "{told:?}");
        assert!(told[0].ends_with("so that test coverage is unknown"), "{told:?}");
    }
    assert_eq!(notes(&measured(&[])).len(), 1);
}

#[test]
fn the_reports_that_can_be_used_still_count_for_their_packages() {
    let some = measured(&[("a.xml", Ok(XML)), ("b.xml", Err("does not exist"))]);
    assert_eq!(some.figure.value, None);
    assert_eq!(some.figure.by_package["shop"], 66.7);
    assert_eq!(some.figure.by_domain.len(), 0);
}

#[test]
fn a_path_that_fits_two_files_fits_none() {
    let report = |path: &str| format!("SF:{path}\nDA:1,1\nend_of_record\n");
    let value = |path: &str| measured(&[("lcov.info", Ok(&report(path)))]).figure.value;
    assert_eq!(value("desk.py"), None, "which one?");
    assert_eq!(value("other/desk.py"), Some(100.0));
    assert_eq!(value("p\\desk\\src\\desk\\desk.py"), Some(100.0));
    assert_eq!(value("C:\\ci\\p\\desk\\src\\desk\\desk.py"), Some(100.0));
    assert_eq!(value("/usr/lib/python3/desk.py"), None);
}
