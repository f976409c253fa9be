//! How progress looks in every form.

use repot_trend::Scope;
use serde_json::json;

use super::sample::{moment, progress};
use super::*;
use crate::style::Style;

#[test]
fn on_a_terminal() {
    insta::assert_snapshot!(progress_text(&progress(), Style::PLAIN), @"
    Progress of the last week
    From 0123abcd 2025-08-04 to 0123abcd 2025-08-11: 12 commits.

    Phases
      Emergency fixes: boundaries (boundaries): 1 of 3 gates hold
        ✗ legacy-imports            50  was 61  at most 0    at this pace on 2025-09-24 (2025-09-10 to 2025-10-09)
        ✓ template-compliance     55.5  was 60  at least 50
        ? test-coverage        unknown          at least 80  too few points for a trend

    Metrics
      metric               before      now  change
      legacy-imports           61       50  −11
      template-compliance    60 %   55.5 %  −4.5
      test-coverage                unknown

    Packages that came and went
      1 package new: mail; 1 package gone: wares

    Regressions
      template-compliance went from 60 % to 55.5 % at 0123abcd 2025-08-11: Move | things `around`

    Stated and measured
      0123abcd 2025-08-11  legacy-imports: stated none left; measured 61 before, 50 after
          “Complete elimination of mono imports”
      0123abcd 2025-08-11  legacy-imports of orders: stated 90 before, 0 after; measured 61 before, 50 after
          “orders package: mono imports 90 → 0”
      0123abcd 2025-08-11  boundary-violations: stated 3266; measured 61 before, 50 after (legacy-imports: 61 before, 50 after)
          “3,266 violations”

    In the way
      boundaries: legacy-imports is 50, wanted at most 0
      boundaries: test-coverage is unknown, wanted at least 80

    Findings by package
      orders  sales  52  was 61

    Notes
      the clone is shallow
    ");
}

#[test]
fn in_a_comment() {
    insta::assert_snapshot!(progress_markdown(&progress()), @r"
    ## Progress of the last week

    From 0123abcd 2025-08-04 to 0123abcd 2025-08-11: 12 commits.

    | | Phase | Metric | Before | Now | Target | Forecast |
    | --- | --- | --- | ---: | ---: | --- | --- |
    | ✗ | boundaries | `legacy-imports` | 61 | 50 | at most 0 | at this pace on 2025-09-24 (2025-09-10 to 2025-10-09) |
    | ✓ | boundaries | `template-compliance` | 60 | 55.5 | at least 50 |  |
    | ? | boundaries | `test-coverage` | unknown | unknown | at least 80 | too few points for a trend |

    | Metric | Before | Now | Change | |
    | --- | ---: | ---: | ---: | --- |
    | `legacy-imports` | 61 | 50 | −11 | better |
    | `template-compliance` | 60 % | 55.5 % | −4.5 | **worse** |
    | `test-coverage` |  | unknown |  |  |

    1 package new: mail; 1 package gone: wares.

    ### Regressions

    - template-compliance went from 60 % to 55.5 % at 0123abcd 2025-08-11: Move \| things `around`

    ### In the way

    - boundaries: legacy-imports is 50, wanted at most 0
    - boundaries: test-coverage is unknown, wanted at least 80

    <details><summary>Stated and measured: 3 claims</summary>

    | Commit | Line | About | Stated | Measured |
    | --- | --- | --- | --- | --- |
    | 0123abcd 2025-08-11 | Complete elimination of mono imports | legacy-imports | none left | 61 before, 50 after |
    | 0123abcd 2025-08-11 | orders package: mono imports 90 → 0 | legacy-imports of orders | 90 before, 0 after | 61 before, 50 after |
    | 0123abcd 2025-08-11 | 3,266 violations | boundary-violations | 3266 | 61 before, 50 after (legacy-imports: 61 before, 50 after) |

    </details>

    <details><summary>Findings by package</summary>

    | Package | Domain | Before | Now |
    | --- | --- | ---: | ---: |
    | orders | sales | 61 | 52 |

    </details>

    ### Notes

    - the clone is shallow
    ");
}

#[test]
fn a_state_without_a_past_compares_nothing() {
    let mut state = progress();
    state.points.drain(..5);
    state.stretch = repot_trend::Stretch { name: None, from: 0, commits: 0 };
    let text = progress_text(&state, Style::PLAIN);
    assert!(text.starts_with("Progress\nThe state of 0123abcd 2025-08-11.\n"), "{text}");
    assert!(!text.contains("was ") && !text.contains("came and went"), "{text}");
    let json = progress_json(&state);
    assert_eq!((&json["from"], &json["domains"]["before"]), (&json!(null), &json!(null)));
    assert_eq!(json["metrics"][0]["before"], json!(null));
    assert!(!progress_html(&state).contains("class=\"chart\""));
    state.points.clear();
    assert!(progress_text(&state, Style::PLAIN).starts_with("Progress\n"));
    assert!(progress_html(&state).contains("<h1>Progress</h1>"));
    assert!(progress_markdown(&state).starts_with("## Progress\n"));
    assert_eq!(progress_json(&state)["to"], json!(null));
}

#[test]
fn a_comment_fits_however_much_happened() {
    let mut large = progress();
    let long = "`long` ".repeat(60);
    let claim = large.claims[0].clone();
    large.claims = vec![claim; 900];
    large.claims.iter_mut().for_each(|claim| claim.claim.line.clone_from(&long));
    large.regressions = vec![large.regressions[0].clone(); 900];
    large.notes = vec![long.clone(); 300];
    large.blockers = vec![large.blockers[0].clone(); 900];
    let last = large.points.last_mut().unwrap();
    last.measured.gates = vec![last.measured.gates[0].clone(); 900];
    last.measured.measures = vec![last.measured.measures[0].clone(); 900];
    let rules = last.measured.findings["orders"].clone();
    let line = last.measured.packages["orders"].clone();
    for at in 0..900 {
        last.measured.packages.insert(format!("{at}{}", "x".repeat(200)), line.clone());
        last.measured.findings.insert(format!("{at}{}", "x".repeat(200)), rules.clone());
    }
    let text = progress_markdown(&large);
    assert!(text.chars().count() < crate::markdown::FITS, "{}", text.chars().count());
    assert!(text.contains("… and "));
}

/// A report in which every text of others tries to be more than text.
fn hostile() -> Progress {
    let mut hostile = progress();
    let bad = "x\"><script>alert(1)</script>\n::error::\u{1b}[31m\u{202e}{{style}}";
    for claim in &mut hostile.claims {
        claim.claim.line = bad.to_owned();
        claim.claim.scope = Scope::Package(bad.to_owned());
    }
    hostile.regressions[0].at = Some(moment(1, bad));
    hostile.notes = vec![bad.to_owned()];
    hostile.phases[0].1 = bad.to_owned();
    hostile.blockers[0].text = bad.to_owned();
    for point in &mut hostile.points {
        point.moment.subject = bad.to_owned();
        let measured = &mut point.measured;
        let line = measured.packages["orders"].clone();
        measured.packages.insert(bad.to_owned(), line);
        let rules = measured.findings["orders"].clone();
        measured.findings.insert(bad.to_owned(), rules);
        measured.domains.nodes[0].name = bad.to_owned();
        measured.domains.edges[0].from = bad.to_owned();
    }
    hostile
}

#[test]
fn texts_of_others_stay_texts() {
    let page = progress_html(&hostile());
    assert_eq!(page.matches("<script").count(), 1);
    assert!(!page.contains('\u{1b}') && !page.contains('\u{202e}'));
    // What others wrote is not taken for a part of the template.
    assert_eq!(page.matches("<style>").count(), 1);
    assert!(page.contains("{{style}}"));
    for text in [progress_text(&hostile(), Style::PLAIN), progress_markdown(&hostile())] {
        assert!(!text.contains('\u{1b}') && !text.contains("\n::error::"), "{text}");
    }
    assert!(!progress_markdown(&hostile()).contains("<script>"));
}

#[test]
fn the_page_shows_each_metric_with_its_target_and_its_trend() {
    let page = progress_html(&progress());
    assert_eq!(page.matches("<svg class=\"chart\"").count(), 2, "what is not known has no chart");
    assert_eq!(page.matches("class=\"dot\"").count(), 12);
    // The dashed target, the trend and its band.
    for color in ["#050000", "#060000", "#070000"] {
        assert!(page.contains(&format!("=\"{color}\"")), "{color}");
    }
    assert_eq!(page.matches("<svg class=\"graph\"").count(), 2);
    assert!(page.contains("class=\"edge forbidden\"") && page.contains("class=\"edge allowed\""));
    assert!(page.contains("title=\"orders, legacy-imports: 50, was 61\""));
    assert!(!page.contains("style=") && !page.contains("http-equiv=\"refresh\""));
    assert_eq!(progress_html(&progress()), page, "the same report gives the same page");
}

/// Every colour that a chart draws with has one on the page.
#[test]
fn no_colour_of_the_library_is_seen() {
    let page = progress_html(&progress());
    let (style, body) = page.split_once("</style>").unwrap();
    for part in body.split("<svg class=\"chart\"").skip(1) {
        let svg = part.split("</svg>").next().unwrap();
        for attribute in ["fill", "stroke"] {
            for color in svg.split(&format!(" {attribute}=\"#")).skip(1).map(|rest| &rest[..6]) {
                let selector = format!("[{attribute}=\"#{color}\"]");
                assert!(style.contains(&selector), "{selector}");
            }
        }
    }
}
