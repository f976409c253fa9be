//! The grammar of claims, by example.

use proptest::prelude::*;

use super::*;

fn subjects() -> Subjects {
    let texts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let package = |name: &str, folder: &str| (name.to_owned(), folder.to_owned());
    Subjects {
        metrics: [
            ("legacy-imports", Better::Lower),
            ("boundary-violations", Better::Lower),
            ("template-compliance", Better::Higher),
            ("test-coverage", Better::Higher),
            ("layer-order", Better::Lower),
        ]
        .map(|(metric, better)| (metric.to_owned(), better))
        .into(),
        legacy_roots: texts(&["monorepo"]),
        packages: [
            package("acme-shop", "packages/sales/shop"),
            package("acme-stock", "packages/store/stock"),
            package("acme-mail", "packages/sales/mail"),
            package("other-mail", "packages/store/mail"),
        ]
        .into(),
    }
}

/// The claims as `metric[@package] what`.
fn heard(message: &str) -> Vec<String> {
    let show = |claim: Claim| {
        let scope = match claim.scope {
            Scope::Whole => String::new(),
            Scope::Package(name) => format!("@{name}"),
        };
        let said = match claim.claimed {
            Claimed::Change { before, after } => format!("{before} to {after}"),
            Claimed::Figure(figure) => format!("{figure}"),
            Claimed::Removed(figure) => format!("-{figure}"),
            Claimed::Complete => "none left".to_owned(),
        };
        format!("{}{scope} {said}", claim.metric)
    };
    claims(message, &subjects()).into_iter().map(show).collect()
}

#[test]
fn figures_and_completion_are_heard() {
    for (line, expected) in [
        ("Eliminated monorepo imports: 1,200 violations → 0 violations", "legacy-imports 1200 to 0"),
        ("Cut monorepo imports by a third (399 -> 253)", "legacy-imports 399 to 253"),
        ("- reduced legacy imports from 399 to 253 remaining", "legacy-imports 399 to 253"),
        ("Fixed 1,200+ domain boundary violations across all packages", "boundary-violations -1200"),
        ("found 47 boundary violations", "boundary-violations 47"),
        ("✅ Zero domain boundary violations", "boundary-violations none left"),
        ("Boundary checks (0 violations across 1,256 files)", "boundary-violations none left"),
        ("Complete elimination of remaining monorepo import violations", "legacy-imports none left"),
        ("All monorepo-style imports eliminated", "legacy-imports none left"),
        ("All domain boundary violations have been resolved.", "boundary-violations none left"),
        ("35% template compliance", "template-compliance 35"),
        ("No layer order findings", "layer-order none left"),
    ] {
        assert_eq!(heard(line), [expected], "{line}");
    }
}

#[test]
fn a_change_is_that_of_the_nearest_subject() {
    let line = "Domain leakage: reduced monorepo imports by 36% (399 → 253)";
    assert_eq!(heard(line), ["legacy-imports 399 to 253"]);
}

#[test]
fn several_metrics_of_one_line_are_told_apart() {
    let line = "Findings: 35% template compliance, 19% test coverage, 3,266 domain violations";
    let expected = ["boundary-violations 3266", "template-compliance 35", "test-coverage 19"];
    assert_eq!(heard(line), expected);
}

#[test]
fn what_is_no_claim_is_not_heard() {
    for line in [
        "Complete comprehensive platform ecosystem",
        "Add boundary violation detection",
        "Detect all violations and fix them",
        "Will eliminate all monorepo imports",
        "cart.py: replaced 4 monorepo imports",
        "Fix violations",
        "Fixed 12 files",
        "All imports fixed",
        "Prevents all boundary violations that were fixed",
        "Fixed 8 security violations",
        "- model: 12 replacements (from #2 violation)",
        "Reached a 21% violation reduction",
        "Fixed script for the top 5 violations",
        "### 2. Domain leakage detection",
        "All test coverage removed",
        "",
    ] {
        assert_eq!(heard(line), [""; 0], "{line}");
    }
}

#[test]
fn a_claim_may_be_about_one_package() {
    let message = "Fixes for sales/shop package\n\nAll monorepo imports removed\n0 violations in store/stock";
    assert_eq!(
        heard(message),
        ["legacy-imports@acme-shop none left", "boundary-violations@acme-stock none left"]
    );
    assert_eq!(
        heard("all violations fixed in the acme-shop package"),
        ["boundary-violations@acme-shop none left"]
    );
    // Two packages are called so.
    assert_eq!(heard("all violations fixed in package mail"), ["boundary-violations none left"]);
    assert_eq!(
        heard("all violations fixed in the store/mail package"),
        ["boundary-violations@other-mail none left"]
    );
    assert_eq!(heard("all violations fixed in the shop"), ["boundary-violations none left"]);
}

#[test]
fn what_is_said_twice_is_heard_once() {
    assert_eq!(heard("0 violations\n\nzero violations").len(), 1);
    assert_eq!(heard("12 violations\n\n0 violations").len(), 2);
}

proptest! {
    #[test]
    fn any_message_is_read(message in "([a-z0-9→,/%+-]{0,9}( |\n|violations|monorepo imports|all|fixed)){0,30}") {
        for claim in claims(&message, &subjects()) {
            prop_assert!(message.contains(&claim.line));
        }
    }

    #[test]
    fn a_number_is_heard_as_it_is_written(count in 1u32..999) {
        prop_assert_eq!(heard(&format!("{count} violations")), [format!("boundary-violations {count}")]);
        prop_assert_eq!(heard(&format!("fixed {count},000 violations")), [format!("boundary-violations -{count}000")]);
    }
}
