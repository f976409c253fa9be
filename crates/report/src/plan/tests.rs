//! How plans look, and what holds of every plan.

use repot_change::{DecisionKind, Evidence, Note, Outcome, Plan};
use serde_json::{Value, json};

use super::*;
use crate::git::{git, write};
use crate::sample::{self, path, plan_of, rewritten, waiting};
use crate::style::Style;

#[test]
fn the_summary_fits_one_screen() {
    insta::assert_snapshot!(plan_summary(&sample::plan(), Style::PLAIN), @"
    Phase boundaries: Emergency fixes: domain boundaries
      3 files change (2 edited, 1 moved), 2 names rewritten (1 to review), 4 await a decision, 1 skipped
      Rewritten: 2 by “longest matching suffix”

      By package
                 files  rewritten  awaiting
        catalog      1          2         4

      Verified
        ✓ no new syntax error (2 Python files)
        ✓ a second run changes nothing (1 steps)

      4 names await a decision (3 choices)
        ambiguous: several targets are equally good (2 names, 1 choice)
          mono.cart:Twin  2 places  → shop.cart or 1 more
        unimportable: no statement can name the target (1 name, 1 choice)
          mono.odd:Odd  1 place  → src/shop/cart.py
        undefined: defined nowhere in the workspace (1 name, 1 choice)
          mono.gone:Ghost  1 place
        `repot plan --decisions` lists them all, with the lines that settle them

      Skipped
        1 × the statement lies in a region that does not parse (first: src/broken.py:2)

      Warnings
        1 × `Kind` has no member `LATE` (first: src/a b.py:9)

      Notes
        src/broken.py: does not parse

      About the tree
        src/big.bin: is binary and passed over
    ");
}

#[test]
fn a_failed_law_shows_where_and_stops_the_plan() {
    let plan = plan_of(Vec::new(), vec![sample::failed()]);
    insta::assert_snapshot!(plan_summary(&plan, Style::PLAIN), @"
    Phase boundaries: Emergency fixes: domain boundaries
      3 files change (2 edited, 1 moved)

      Verified
        ✗ every rewritten import resolves (2 Python files): 8 failures
            src/c.py:1: `x` does not resolve
            src/c.py:2: `x` does not resolve
            src/c.py:3: `x` does not resolve
            … and 5 more

      Notes
        src/broken.py: does not parse

      About the tree
        src/big.bin: is binary and passed over

    The plan failed its verification and cannot be applied.
    ");
}

#[test]
fn a_plan_without_a_change_says_so() {
    assert_eq!(plan_summary(&Plan::default(), Style::PLAIN), "Nothing to change.\n");
    assert_eq!(plan_full(&Plan::default(), Style::PLAIN), b"Nothing to change.\n");
}

#[test]
fn one_line_for_each_name() {
    insta::assert_snapshot!(plan_concise(&sample::plan(), Style::PLAIN), @"
    src/a b.py:1: mono.cart:add -> shop.cart:add [longest matching suffix]
    src/a b.py:9: mono.cart:Kind -> shop.cart:add [longest matching suffix]
    src/broken.py:2: mono.cart:add stays: the statement lies in a region that does not parse
    src/c.py:1: mono.cart:Twin awaits a decision: ambiguous (2 candidates)
    src/c.py:3: mono.gone:Ghost awaits a decision: undefined (no candidate)
    src/c.py:4: mono.odd:Odd awaits a decision: unimportable (1 candidate)
    src/d.py:7: mono.cart:Twin awaits a decision: ambiguous (2 candidates)
    ");
}

#[test]
fn a_comment_for_a_pull_request() {
    insta::assert_snapshot!(plan_markdown(&sample::plan()), @"
    ## Repot plan

    Every check of the plan passed.

    | Phase | Files | Names rewritten | To review | Await a decision | Skipped | Checks |
    | --- | ---: | ---: | ---: | ---: | ---: | --- |
    | Emergency fixes: domain boundaries | 3 | 2 | 1 | 4 | 1 | ✓ 2 passed |

    ### Awaiting a decision

    | What | Kind | Places | Candidates |
    | --- | --- | ---: | --- |
    | `mono.cart:Twin` | ambiguous | 2 | `shop.cart`, `store.cart` |
    | `mono.odd:Odd` | unimportable | 1 | `src/shop/cart.py` |
    | `mono.gone:Ghost` | undefined | 1 |  |

    <details><summary>1 note</summary>

    - src/big.bin: is binary and passed over

    </details>

    <details><summary>3 files changed, 2 insertions(+), 2 deletions(-)</summary>

    ```text
     src/a b.py             | 2 +-
     src/{old.py => new.py} | 0
     src/latin.py           | 2 +-
    ```

    </details>
    ");
}

#[test]
fn colours_change_no_text() {
    let plan = plan_of(sample::plan().phases[0].evidence().cloned().collect(), vec![sample::failed()]);
    let mut text = plan_summary(&plan, Style { color: true }) + &plan_concise(&plan, Style { color: true });
    while let Some(start) = text.find('\u{1b}') {
        let end = start + text[start..].find('m').unwrap();
        text.replace_range(start..=end, "");
    }
    assert_eq!(text, plan_summary(&plan, Style::PLAIN) + &plan_concise(&plan, Style::PLAIN));
}

#[test]
fn git_applies_a_printed_plan_as_it_is() {
    let plan = sample::plan();
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("tree");
    std::fs::create_dir(&folder).unwrap();
    git(&folder, &["init", "-q"]);
    sample::deltas().iter().filter_map(|delta| delta.old.as_ref()).for_each(|side| write(&folder, side));
    let patch = scratch.path().join("patch");
    std::fs::write(&patch, plan_full(&plan, Style::PLAIN)).unwrap();
    let applied = git(&folder, &["apply", patch.to_str().unwrap()]);
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    for (path, content) in sample::deltas().into_iter().filter_map(|delta| delta.new) {
        assert_eq!(std::fs::read(folder.join(path.as_str())).unwrap(), &*content.bytes, "{path}");
    }
    assert!(!folder.join("src/old.py").exists());
}

/// A plan in which every list is far too long.
fn enormous() -> Plan {
    let mut evidence: Vec<Evidence> = Vec::new();
    for at in 0..600 {
        let file = format!("src/{}{at}.py", "deep/".repeat(40));
        let subject = format!("mono.{}:`Name|{at}`", "long".repeat(60));
        let reason = format!("reason {at} \n with a break");
        let mut item = rewritten(&file, at + 1, &subject);
        item.rule = format!("rule {at}");
        item.package = Some(format!("package {at}"));
        item.warnings.push(format!("warning {at}"));
        evidence.push(item);
        evidence.extend(DecisionKind::ALL.map(|kind| waiting(&file, at + 1, &subject, kind)));
        evidence.push(sample::evidence(&file, at + 1, &subject, Outcome::Skipped { reason }));
    }
    let mut plan = plan_of(evidence, vec![sample::failed(); 40]);
    let notes: Vec<Note> =
        (0..500).map(|at| Note::about(&path("a.py"), format!("note {at} {}", "é".repeat(90)))).collect();
    plan.phases[0].steps[0].notes.clone_from(&notes);
    let delta = plan.phases[0].steps[0].parts[0].deltas[0].clone();
    plan.phases[0].steps[0].parts = vec![sample::imports(vec![delta; 3000])];
    plan.notes = notes;
    plan
}

#[test]
fn however_large_a_plan_is_its_summaries_are_not() {
    let mut plan = enormous();
    assert!(plan_markdown(&plan).chars().count() < crate::markdown::FITS);
    plan.phases[0].checks.truncate(1);
    let summary = plan_summary(&plan, Style::PLAIN);
    assert!(summary.lines().count() <= 80, "{summary}");
    assert!(summary.lines().all(|line| line.chars().count() <= 400), "{summary}");
}

#[test]
fn json_says_what_the_plan_says() {
    let json = plan_json(&sample::plan());
    let phase = &json["phases"][0];
    assert_eq!(phase["summary"]["awaiting"]["ambiguous"], 2);
    assert_eq!(phase["summary"]["rewritten"], 2);
    assert_eq!(
        phase["decisions"][0]["sites"],
        json!([{"path": "src/c.py", "line": 1}, {"path": "src/d.py", "line": 7}])
    );
    let changes: Vec<&Value> =
        phase["steps"][0]["files"].as_array().unwrap().iter().map(|file| &file["change"]).collect();
    assert_eq!(changes, ["edit", "move", "edit"]);
    assert_eq!(phase["writes"][2]["moved_from"], "src/old.py");
}

#[test]
fn json_gives_no_diff_that_would_not_be_the_diff() {
    let json = plan_json(&sample::plan());
    let files = &json["phases"][0]["steps"][0]["files"];
    assert!(files[0]["diff"].as_str().unwrap().contains("+from shop.cart import add\n"));
    assert_eq!(files[2]["diff"], Value::Null);
    assert_eq!(files[2]["new_path"], "src/latin.py");
}

/// The plan of the sample with a command that passes and one that does not.
fn tried(broken: &[&str]) -> Plan {
    let mut plan = sample::plan();
    plan.phases[0].trials = vec![sample::trial(&[]), sample::trial(broken)];
    plan
}

#[test]
fn what_a_command_breaks_comes_before_what_it_printed() {
    let lines: Vec<String> = (0..12).map(|at| format!("FAILED tests/test_new.py::test_{at}")).collect();
    let plan = tried(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let summary = plan_summary(&plan, Style::PLAIN);
    let passed =
        "✓ `pytest -q` breaks nothing anew (before: exit status 1, 3.2 s; after: exit status 1, 12.9 s)";
    assert!(summary.contains(passed), "{summary}");
    assert!(summary.contains("✗ `pytest -q` finds 12 things broken anew (before"), "{summary}");
    assert!(
        summary.contains("        FAILED tests/test_new.py::test_9\n        … and 2 more\n"),
        "{summary}"
    );
    assert!(summary.contains("cannot be applied"), "{summary}");
    let markdown = plan_markdown(&plan);
    let (broken, output) =
        (markdown.find("test_new.py::test_11").unwrap(), markdown.find("The output after").unwrap());
    assert!(broken < output, "{markdown}");
    assert!(markdown[output..].contains("test_old"), "{markdown}");
    assert!(
        markdown.contains("- ✓ `pytest -q` breaks nothing anew (before: exit status 1, 3.2 s;"),
        "{markdown}"
    );
}

#[test]
fn however_much_a_command_prints_its_report_has_a_limit() {
    let long = format!("FAILED {}", "é".repeat(600));
    let mut plan = tried(&vec![long.as_str(); 500]);
    for _ in 0..10 {
        let again = plan.phases[0].trials[1].clone();
        plan.phases[0].trials.push(again);
    }
    assert!(plan_markdown(&plan).chars().count() < crate::markdown::FITS);
    assert!(plan_summary(&plan, Style::PLAIN).lines().all(|line| line.chars().count() <= 400));
    assert_eq!(plan_json(&plan)["phases"][0]["trials"][1]["broken"].as_array().unwrap().len(), 500);
}
