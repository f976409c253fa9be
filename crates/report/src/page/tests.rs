//! What holds for every page: it is inert, it is the same for the same plan,
//! and it says what the other reports say.

use proptest::prelude::*;
use repot_change::Class;
use serde_json::Value;

use super::*;
use crate::git::{delta, edited};
use crate::plan_json;
use crate::sample;

/// The plan that a page carries.
fn carried(page: &str) -> Value {
    let start = page.find("id=\"plan\">").unwrap() + "id=\"plan\">".len();
    let end = page[start..].find("</script>").unwrap() + start;
    serde_json::from_str(&page[start..end]).unwrap()
}

fn text(value: &Value, at: &Value) -> String {
    value["strings"][usize::try_from(at.as_u64().unwrap()).unwrap()].as_str().unwrap().to_owned()
}

#[test]
fn the_same_plan_gives_the_same_page() {
    let page = plan_html(&sample::plan());
    assert_eq!(page, plan_html(&sample::plan()));
    assert_ne!(page, plan_html(&sample::classes()));
}

#[test]
fn the_page_says_what_the_json_says() {
    for plan in [sample::plan(), sample::classes(), sample::documented()] {
        let (page, json) = (carried(&plan_html(&plan)), plan_json(&plan));
        assert_eq!(page["verified"], json["verified"]);
        for (mine, theirs) in
            page["phases"].as_array().unwrap().iter().zip(json["phases"].as_array().unwrap())
        {
            let theirs = &theirs["summary"];
            assert_eq!(mine["files"]["total"], theirs["files"]);
            for (key, other) in [("rewritten", "rewritten"), ("review", "to_review"), ("skipped", "skipped")]
            {
                assert_eq!(mine[key], theirs[other], "{key}");
            }
        }
        assert_eq!(page["evidence"].as_array().unwrap().len(), plan.phases[0].evidence().count());
    }
}

#[test]
fn evidence_stands_beside_the_hunk_of_its_line() {
    let page = carried(&plan_html(&sample::documented()));
    let entry = &page["entries"][0];
    assert_eq!(text(&page, &entry["p"]), "src/orders/cart.py");
    assert_eq!(entry["e"], serde_json::json!([[0, 0, 1], [1, 0, 2]]));
    let hunk = &entry["h"][0];
    assert_eq!(
        hunk["t"],
        "-from monorepo.shop.cart import add\n+from shop.cart import add\n from monorepo.shop.cart import Twin"
    );
    assert_eq!(hunk["k"], "k4p20k6,k4p11k6,k4p20k6");
    assert_eq!(hunk["m"], "5-14");
}

#[test]
fn a_file_that_only_waits_is_listed() {
    let page = carried(&plan_html(&sample::plan()));
    let entries = page["entries"].as_array().unwrap();
    let waiting = entries.iter().find(|entry| text(&page, &entry["p"]) == "src/c.py").unwrap();
    assert_eq!(waiting["x"], "stay");
    assert_eq!(waiting["e"].as_array().unwrap().len(), 3);
}

#[test]
fn what_is_no_text_is_shown_as_far_as_it_goes() {
    let mut plan = sample::plan();
    plan.phases[0].steps[0].parts = vec![sample::imports(vec![
        delta(Some(("a.py", b"x = '\xff\xfe'\r\n", false)), Some(("a.py", b"y = '\xff'\n", false))),
        delta(Some(("b.png", b"\0a", false)), Some(("b.png", b"\0b", true))),
    ])];
    let page = carried(&plan_html(&plan));
    assert_eq!(page["entries"][0]["h"][0]["t"], "-x = '\u{fffd}\u{fffd}'␍\n+y = '\u{fffd}'");
    assert_eq!(page["entries"][1]["r"][0], "becomes executable");
    assert_eq!(page["entries"][1]["r"][1], "a binary file; its bytes are not shown");
}

#[test]
fn the_policy_names_the_script_and_the_style_that_are_there() {
    let page = plan_html(&sample::plan());
    assert!(page.contains(&format!("<script>{SCRIPT}</script>")), "the hash is that of the element's text");
    assert!(page.contains(&format!("<style>{STYLE}</style>")));
    assert!(!SCRIPT.contains("</script") && !SCRIPT.contains("<!--") && !STYLE.contains("</style"));
    assert!(!SCRIPT.contains("innerHTML") && !SCRIPT.contains("http"), "nothing of a plan is ever HTML");
    for outside in ["src=", "<link", "url(", "@import", "http-equiv=\"refresh"] {
        assert!(!page.replace(SCRIPT, "").contains(outside), "{outside}");
    }
}

#[test]
fn the_page_knows_every_class() {
    let names: Vec<String> = Class::ALL.iter().map(|class| format!("\"{}\"", class.name())).collect();
    assert!(SCRIPT.contains(&format!("const CLASSES = [{}];", names.join(", "))));
}

#[test]
fn what_is_put_in_is_not_searched() {
    assert_eq!(filled("a{{x}}b{{y}}c{{", |name| format!("{{{{{name}}}}}")), "a{{x}}b{{y}}c{{");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_in_a_plan_leaves_its_element(
        hostile in "(</script>|<script>|<!--|-->|<img src=x onerror=alert\\(1\\)>|\\{\\{plan\\}\\}|[\u{2028}\"'&a])+",
    ) {
        let mut plan = sample::plan();
        let phase = &mut plan.phases[0];
        phase.name.clone_from(&hostile);
        phase.title.clone_from(&hostile);
        phase.steps[0].codemod.clone_from(&hostile);
        phase.steps[0].evidence[0].rule.clone_from(&hostile);
        let file = hostile.replace('/', ".");
        let change = edited(&format!("{file}.py"), "x\n", &format!("{hostile}\n"));
        phase.steps[0].parts.push(repot_change::PlannedPart { class: Class::Strings, deltas: vec![change] });
        let page = plan_html(&plan);
        let empty = plan_html(&Plan::default());
        for mark in ["<script", "</script", "<!--", "<img", "<title"] {
            prop_assert_eq!(page.matches(mark).count(), empty.matches(mark).count(), "{}", mark);
        }
        let seen = carried(&page);
        prop_assert_eq!(seen["phases"][0]["name"].as_str().unwrap(), visible(&hostile));
    }
}
