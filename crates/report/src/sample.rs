//! For tests: one plan and one audit in which everything occurs.

use std::collections::BTreeMap;

use repot_audit::{Audit, Figure, Finding, GateResult, Unit, Verdict};
use repot_change::{
    Applicability, Candidate, Check, CheckStatus, Class, DecisionKind, Evidence, FileDelta, Note, Outcome,
    Plan, PlannedPart, PlannedPhase, PlannedStep, RelPath, Run, Span, Trial,
};

use crate::git::{delta, edited};

pub(crate) fn path(text: &str) -> RelPath {
    RelPath::new(text).unwrap()
}

fn candidate(module: &str, suffix: usize, reach: &str) -> Candidate {
    Candidate {
        module: module.to_owned(),
        path: path(&format!("src/{}.py", module.replace('.', "/"))),
        package: module.split('.').next().map(str::to_owned),
        how: "defines it".to_owned(),
        suffix,
        reach: reach.to_owned(),
        obstacle: None,
    }
}

pub(crate) fn evidence(file: &str, line: usize, subject: &str, outcome: Outcome) -> Evidence {
    Evidence {
        class: Class::Imports,
        path: path(file),
        line,
        span: Span::at(line),
        package: Some("catalog".to_owned()),
        subject: subject.to_owned(),
        rule: "longest matching suffix".to_owned(),
        candidates: vec![candidate("shop.cart", 2, "same domain"), candidate("store.cart", 1, "same domain")],
        winner: Some(0),
        outcome,
        warnings: Vec::new(),
    }
}

pub(crate) fn rewritten(file: &str, line: usize, subject: &str) -> Evidence {
    let outcome =
        Outcome::Rewritten { to: "shop.cart:add".to_owned(), applicability: Applicability::Certain };
    evidence(file, line, subject, outcome)
}

pub(crate) fn waiting(file: &str, line: usize, subject: &str, decision: DecisionKind) -> Evidence {
    let rule = "several candidates are equally good".to_owned();
    let mut item =
        Evidence { winner: None, rule, ..evidence(file, line, subject, Outcome::Decision { decision }) };
    item.candidates[1].suffix = 2;
    item
}

pub(crate) fn deltas() -> Vec<FileDelta> {
    vec![
        edited("src/a b.py", "from mono.cart import add\n", "from shop.cart import add\n"),
        delta(Some(("src/old.py", b"x = 1\n", false)), Some(("src/new.py", b"x = 1\n", false))),
        delta(
            Some(("src/latin.py", b"# \xe9\nimport mono\n", false)),
            Some(("src/latin.py", b"# \xe9\nimport shop\n", false)),
        ),
    ]
}

pub(crate) fn imports(deltas: Vec<FileDelta>) -> PlannedPart {
    PlannedPart { class: Class::Imports, deltas }
}

pub(crate) fn plan_of(evidence: Vec<Evidence>, checks: Vec<Check>) -> Plan {
    let deltas = deltas();
    let notes = vec![Note::about(&path("src/broken.py"), "does not parse")];
    let steps = vec![PlannedStep {
        codemod: "retarget-imports".to_owned(),
        parts: vec![imports(deltas)],
        evidence,
        notes,
    }];
    let title = "Emergency fixes: domain boundaries".to_owned();
    let phase = PlannedPhase { name: "boundaries".to_owned(), title, steps, checks, trials: Vec::new() };
    Plan {
        phases: vec![phase],
        notes: vec![Note::about(&path("src/big.bin"), "is binary and passed over")],
        relies_on: Vec::new(),
    }
}

pub(crate) fn plan() -> Plan {
    let mut review = rewritten("src/a b.py", 9, "mono.cart:Kind");
    review.warnings.push("`Kind` has no member `LATE`".to_owned());
    let Outcome::Rewritten { applicability, .. } = &mut review.outcome else { panic!("is rewritten") };
    *applicability = Applicability::Review;
    let skipped =
        Outcome::Skipped { reason: "the statement lies in a region that does not parse".to_owned() };
    let mut undefined = waiting("src/c.py", 3, "mono.gone:Ghost", DecisionKind::Undefined);
    undefined.candidates.clear();
    let mut unimportable = waiting("src/c.py", 4, "mono.odd:Odd", DecisionKind::Unimportable);
    unimportable.candidates.truncate(1);
    unimportable.candidates[0].obstacle =
        Some("`my odd` is no name; rename the folder to `my_odd`".to_owned());
    let evidence = vec![
        rewritten("src/a b.py", 1, "mono.cart:add"),
        review,
        waiting("src/c.py", 1, "mono.cart:Twin", DecisionKind::Ambiguous),
        waiting("src/d.py", 7, "mono.cart:Twin", DecisionKind::Ambiguous),
        undefined,
        unimportable,
        evidence("src/broken.py", 2, "mono.cart:add", skipped),
    ];
    plan_of(
        evidence,
        vec![
            passed("no new syntax error", "2 Python files"),
            passed("a second run changes nothing", "1 steps"),
        ],
    )
}

/// The plan that `docs/json.md` shows.
pub(crate) fn documented() -> Plan {
    let mut one = rewritten("src/orders/cart.py", 1, "monorepo.shop.cart:add");
    one.span = Span::new(31, 34);
    one.package = Some("orders".to_owned());
    let mut other = waiting("src/orders/cart.py", 2, "monorepo.shop.cart:Twin", DecisionKind::Ambiguous);
    other.span = Span::new(66, 70);
    other.package = Some("orders".to_owned());
    other.candidates.truncate(1);
    let mut plan = plan_of(vec![one, other], vec![passed("no new syntax error", "1 Python files")]);
    let old = "from monorepo.shop.cart import add\nfrom monorepo.shop.cart import Twin\n";
    let new = old.replacen("monorepo.shop", "shop", 1);
    let delta = edited("src/orders/cart.py", old, &new);
    plan.phases[0].steps[0].parts = vec![imports(vec![delta])];
    plan.phases[0].steps[0].notes.clear();
    plan.phases[0].trials = vec![trial(&[])];
    plan
}

/// A plan of several classes: a package that moves, and what follows.
pub(crate) fn classes() -> Plan {
    let moved = delta(
        Some((
            "src/shop/core/cart.py",
            b"import shop.core.tax\n\nNAME = \"shop.core.cart\"\n\n\ndef add():\n    pass\n",
            false,
        )),
        Some((
            "src/shop/cart.py",
            b"import shop.tax\n\nNAME = \"shop.core.cart\"\n\n\ndef add():\n    pass\n",
            false,
        )),
    );
    let (_, content) = moved.new.clone().unwrap();
    let text = String::from_utf8(content.bytes.to_vec()).unwrap();
    let strings = edited("src/shop/cart.py", &text, &text.replace("shop.core.cart", "shop.cart"));
    let docs = edited("docs/cart.md", "See `shop.core.cart`.\n", "See `shop.cart`.\n");
    let follows = |class, file: &str, applicability| {
        let outcome = Outcome::Rewritten { to: "shop.cart".to_owned(), applicability };
        let rule = "names a module that moves".to_owned();
        Evidence { class, rule, ..evidence(file, 3, "shop.core.cart", outcome) }
    };
    let all = vec![
        follows(Class::Imports, "src/shop/core/cart.py", Applicability::Certain),
        follows(Class::Strings, "src/shop/core/cart.py", Applicability::Review),
        follows(Class::Docs, "docs/cart.md", Applicability::Certain),
        follows(Class::Docs, "docs/cart.md", Applicability::Review),
        follows(Class::Prose, "src/shop/core/cart.py", Applicability::Offered),
    ];
    let mut plan = plan_of(all, vec![passed("no new syntax error", "1 Python files")]);
    plan.phases[0].steps[0].parts = vec![
        imports(vec![moved]),
        PlannedPart { class: Class::Strings, deltas: vec![strings] },
        PlannedPart { class: Class::Docs, deltas: vec![docs] },
    ];
    plan.phases[0].steps[0].notes.clear();
    plan.notes.clear();
    plan
}

fn passed(law: &str, scope: &str) -> Check {
    Check { law: law.to_owned(), scope: scope.to_owned(), status: CheckStatus::Passed }
}

/// A command that fails before, and finds `broken` besides after.
pub(crate) fn trial(broken: &[&str]) -> Trial {
    let run = |milliseconds, broken: &[&str]| Run {
        status: Some(1),
        milliseconds,
        output: ["FAILED tests/test_old.py::test_old"]
            .iter()
            .chain(broken)
            .map(|line| format!("{line}\n"))
            .collect(),
    };
    let (before, after) = (run(3_240, &[]), run(12_960, broken));
    let broken = broken.iter().map(|line| (*line).to_owned()).collect();
    Trial { command: "pytest -q".to_owned(), before, after, broken }
}

pub(crate) fn failed() -> Check {
    let failures = (1..9).map(|line| Note {
        path: Some(path("src/c.py")),
        line: Some(line),
        message: "`x` does not resolve".to_owned(),
    });
    let status = CheckStatus::Failed { failures: failures.collect() };
    Check { law: "every rewritten import resolves".to_owned(), scope: "2 Python files".to_owned(), status }
}

pub(crate) fn finding(file: &str, line: usize, message: &str) -> Finding {
    Finding {
        rule: "legacy-imports",
        path: path(file),
        line,
        column: 6,
        end: Some((line, 15)),
        message: message.to_owned(),
        subject: "mono.cart".to_owned(),
        hint: Some("`repot plan` shows where it goes".to_owned()),
    }
}

pub(crate) fn audit() -> Audit {
    let gate = |metric: &str, figure: Option<f64>, verdict| GateResult {
        phase: "boundaries".to_owned(),
        metric: metric.to_owned(),
        scope: None,
        target: "at most 0".to_owned(),
        figure,
        verdict,
    };
    let parts = [("statements", 3.0), ("names", 4.0), ("files", 2.0)];
    Audit {
        accepted: 2,
        findings: vec![
            finding("src/a b.py", 1, "`mono.cart` is below the legacy root `mono`"),
            finding("src/a b.py", 9, "`mono.cart` is below the legacy root `mono`"),
            Finding {
                rule: "syntax",
                path: path("src/é,1.py"),
                line: 2,
                column: 1,
                end: Some((4, 1)),
                message: "100% broken: `(` is never closed".to_owned(),
                subject: String::new(),
                hint: None,
            },
        ],
        figures: vec![
            Figure {
                metric: "legacy-imports".into(),
                unit: Unit::Count,
                value: Some(3.0),
                parts: parts.map(|(unit, value)| (unit.to_owned(), value)).to_vec(),
                by_rule: Vec::new(),
                by_package: BTreeMap::from([
                    ("catalog".to_owned(), 1.0),
                    ("orders".to_owned(), 2.0),
                    ("shop".to_owned(), 0.0),
                ]),
                by_domain: BTreeMap::from([("sales".to_owned(), 2.0)]),
            },
            Figure {
                metric: "dangling-imports".into(),
                unit: Unit::Count,
                value: None,
                parts: Vec::new(),
                by_rule: Vec::new(),
                by_package: BTreeMap::new(),
                by_domain: BTreeMap::new(),
            },
        ],
        gates: vec![
            gate("legacy-imports", Some(3.0), Verdict::Fails),
            gate("dangling-imports", None, Verdict::Unknown),
            gate("syntax", Some(0.0), Verdict::Holds),
        ],
        criteria: Vec::new(),
        notes: vec![Note::about(&path("src/big.bin"), "is binary and passed over")],
    }
}
