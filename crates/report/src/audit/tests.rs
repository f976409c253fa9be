//! How an audit looks in every form.

use repot_audit::{CriterionResult, Verdict};
use repot_change::Note;
use serde_json::json;

use super::*;
use crate::sample::{audit, finding, path};
use crate::style::Style;

#[test]
fn on_a_terminal() {
    insta::assert_snapshot!(audit_full(&audit(), Style::PLAIN), @"
    src/a b.py:1:6: legacy-imports `mono.cart` is below the legacy root `mono`
    src/a b.py:9:6: legacy-imports `mono.cart` is below the legacy root `mono`
      help: `repot plan` shows where it goes
    src/é,1.py:2:1: syntax 100% broken: `(` is never closed

    3 findings: 2 legacy-imports, 1 syntax
    The baseline accepts 2 more findings.

    Gates
      ✗ boundaries  legacy-imports          3  at most 0
      ? boundaries  dangling-imports  unknown  at most 0
      ✓ boundaries  syntax                  0  at most 0

    Figures
      legacy-imports          3  3 statements, 4 names, 2 files
        orders   2
        catalog  1
      dangling-imports  unknown

    Notes
      src/big.bin: is binary and passed over
    ");
}

#[test]
fn in_one_line_each() {
    insta::assert_snapshot!(audit_concise(&audit(), Style::PLAIN), @"
    src/a b.py:1:6: legacy-imports `mono.cart` is below the legacy root `mono`
    src/a b.py:9:6: legacy-imports `mono.cart` is below the legacy root `mono`
    src/é,1.py:2:1: syntax 100% broken: `(` is never closed
    gate boundaries: legacy-imports is 3 and should be at most 0
    gate boundaries: dangling-imports is unknown and should be at most 0
    ");
}

#[test]
fn beside_the_line_on_github() {
    insta::assert_snapshot!(audit_github(&audit()), @"
    ::error file=src/a b.py,line=1,col=6,endLine=1,endColumn=15,title=repot legacy-imports::`mono.cart` is below the legacy root `mono`%0Ahelp: `repot plan` shows where it goes
    ::error file=src/a b.py,line=9,col=6,endLine=9,endColumn=15,title=repot legacy-imports::`mono.cart` is below the legacy root `mono`%0Ahelp: `repot plan` shows where it goes
    ::error file=src/é%2C1.py,line=2,endLine=4,title=repot syntax::100%25 broken: `(` is never closed
    ::error title=repot gate of boundaries::legacy-imports is 3 and should be at most 0
    ::warning title=repot gate of boundaries::dangling-imports is unknown and should be at most 0
    ::notice file=src/big.bin,title=repot::is binary and passed over
    ");
}

#[test]
fn in_a_comment() {
    insta::assert_snapshot!(audit_markdown(&audit()), @"
    ## Repot check

    **Not every gate holds**; 3 findings.

    | | Phase | Metric | Figure | Target |
    | --- | --- | --- | ---: | --- |
    | ✗ | boundaries | `legacy-imports` | 3 | at most 0 |
    | ? | boundaries | `dangling-imports` | unknown | at most 0 |
    | ✓ | boundaries | `syntax` | 0 | at most 0 |

    | Metric | Figure | Of these | Worst in |
    | --- | ---: | --- | --- |
    | `legacy-imports` | 3 | 3 statements, 4 names, 2 files | orders 2, catalog 1 |
    | `dangling-imports` | unknown |  |  |

    <details><summary>3 findings: 2 legacy-imports, 1 syntax</summary>

    - `src/a b.py:1` legacy-imports: `mono.cart` is below the legacy root `mono`
    - `src/a b.py:9` legacy-imports: `mono.cart` is below the legacy root `mono`
    - `src/é,1.py:2` syntax: 100% broken: `(` is never closed

    </details>

    <details><summary>1 note</summary>

    - src/big.bin: is binary and passed over

    </details>
    ");
}

#[test]
fn a_criterion_is_open_until_somebody_says_otherwise() {
    let criterion = |text: &str, done: Option<&str>| CriterionResult {
        phase: "last".to_owned(),
        text: text.to_owned(),
        owner: Some("ada".to_owned()),
        due: None,
        done: done.map(str::to_owned),
    };
    let criteria = vec![criterion("Agreed", Some("2026-01-31")), criterion("Trained | 100%", None)];
    let gate = GateResult { scope: Some("package shop".to_owned()), ..audit().gates[0].clone() };
    let audit = Audit { criteria, gates: vec![gate], ..Audit::default() };
    assert_eq!(
        audit_full(&audit, Style::PLAIN),
        "No findings.\n\nGates\n  ✗ boundaries  legacy-imports of package shop  3  at most 0\n\nCriteria\n  \
         ✓ last  Agreed          done on 2026-01-31, says ada\n  ✗ last  Trained | 100%  open, owned by ada\n"
    );
    assert_eq!(
        audit_concise(&audit, Style::PLAIN),
        "gate boundaries: legacy-imports of package shop is 3 and should be at most 0\n\
         criterion last: Trained | 100%: open, owned by ada\n"
    );
    assert!(
        audit_github(&audit)
            .ends_with("::error title=repot criterion of last::Trained | 100%25: open, owned by ada\n")
    );
    assert!(audit_markdown(&audit).contains("| ✗ | last | Trained \\| 100% | open, owned by ada |"));
    let json = audit_json(&audit);
    assert_eq!(json["criteria"][0]["done"], "2026-01-31");
    assert_eq!(
        (&json["criteria"][1]["done"], &json["gates"][0]["scope"]),
        (&json!(null), &json!("package shop"))
    );
    assert_eq!(json["holds"], false);
}

#[test]
fn nothing_found_is_said() {
    assert_eq!(audit_full(&Audit::default(), Style::PLAIN), "No findings.\n");
    assert_eq!(audit_concise(&Audit::default(), Style::PLAIN), "");
    assert_eq!(audit_github(&Audit::default()), "");
}

#[test]
fn a_hostile_text_starts_no_line_of_its_own() {
    let mut hostile = audit();
    for item in &mut hostile.findings {
        item.message = "x\n::error::forged\r\u{1b}[31m".to_owned();
        item.path = path("a\n::b,c:d.py");
    }
    hostile.notes = vec![Note::about(&path("a\nb"), "x\ny")];
    for text in [audit_github(&hostile), audit_concise(&hostile, Style::PLAIN)] {
        assert_eq!(text.lines().count(), text.matches('\n').count());
        assert!(!text.contains("\n::error::forged") && !text.contains(['\r', '\u{1b}']), "{text}");
    }
    assert!(audit_github(&hostile).contains("file=a%0A%3A%3Ab%2Cc%3Ad.py,line=1"));
    let lines = audit_github(&audit()).lines().count();
    assert_eq!(audit_github(&hostile).lines().count(), lines);
}

#[test]
fn json_writes_whole_numbers_whole() {
    let json = audit_json(&audit());
    assert_eq!(json["figures"][0]["parts"], json!({"statements": 3, "names": 4, "files": 2}));
    assert_eq!(json["figures"][1]["value"], json!(null));
    assert_eq!(json["gates"][1]["verdict"], "unknown");
    assert_eq!(json["counts"], json!({"legacy-imports": 2, "syntax": 1}));
    assert_eq!(json["findings"][2]["end_line"], 4);
    let mut odd = audit();
    odd.figures[0].value = Some(0.25);
    odd.figures[1].value = Some(f64::NAN);
    assert_eq!(audit_json(&odd)["figures"][0]["value"], json!(0.25));
    assert_eq!(audit_json(&odd)["figures"][1]["value"], json!(null));
}

fn fingerprints(audit: &Audit) -> Vec<serde_json::Value> {
    let sarif = audit_sarif(audit);
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    results.iter().map(|result| result["partialFingerprints"]["repot/v1"].clone()).collect()
}

#[test]
fn a_fingerprint_survives_that_lines_move() {
    let before = audit();
    let mut after = before.clone();
    for finding in &mut after.findings {
        finding.line += 40;
        finding.end = None;
    }
    assert_eq!(fingerprints(&before), fingerprints(&after));
    let mut distinct = fingerprints(&before);
    distinct.sort_by_key(ToString::to_string);
    distinct.dedup();
    assert_eq!(distinct.len(), before.findings.len());
}

#[test]
fn sarif_names_places_as_uris() {
    let sarif = audit_sarif(&audit());
    let run = &sarif["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"][1]["id"], "syntax");
    assert_eq!(run["results"][2]["ruleIndex"], 1);
    let place = &run["results"][2]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "src/%C3%A9%2C1.py");
    assert_eq!(place["region"], json!({"startLine": 2, "startColumn": 1, "endLine": 4, "endColumn": 1}));
}

#[test]
fn a_comment_fits_however_much_is_found() {
    let mut large = audit();
    let long = "`long` ".repeat(60);
    large.findings =
        (1..3000).map(|line| finding(&format!("src/{}.py", "x".repeat(150)), line, &long)).collect();
    large.gates = vec![large.gates[0].clone(); 300];
    large.figures = vec![large.figures[0].clone(); 300];
    large.notes = vec![Note::about(&path("a.py"), long); 300];
    let text = audit_markdown(&large);
    assert!(text.chars().count() < crate::markdown::FITS);
    assert!(text.contains("… and ") && text.ends_with("</details>\n"));
}

#[test]
fn advice_that_repeats_is_given_once() {
    let text = audit_full(&audit(), Style::PLAIN);
    assert_eq!(text.matches("help:").count(), 1);
    let mut other = audit();
    other.findings[0].hint = Some("by hand".to_owned());
    assert_eq!(audit_full(&other, Style::PLAIN).matches("help:").count(), 2);
}

#[test]
fn a_gate_reads_as_a_sentence() {
    let [fails, unknown, holds] = &audit().gates[..] else { panic!("three gates") };
    assert_eq!(sentence(fails), "legacy-imports is 3 and should be at most 0");
    assert_eq!(sentence(unknown), "dangling-imports is unknown and should be at most 0");
    assert_eq!(sentence(holds), "syntax is 0, as it should: at most 0");
    let lost = GateResult { figure: None, verdict: Verdict::Fails, ..fails.clone() };
    assert_eq!(sentence(&lost), "legacy-imports is unknown and should be at most 0");
}
