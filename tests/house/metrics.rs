//! `docs/metrics.md` is what the metrics say of themselves.
//!
//! With `REPOT_BLESS` set (`just docs`), the page is written; without, it is
//! compared.

use repot_audit::{DEFINITIONS, Definition, METRICS, Unit};

use super::tree;

const PAGE: &str = "docs/metrics.md";
const HEAD: &str = "# The metrics\n\nWhat a gate may compare. A figure is known for the whole workspace, and, but \
                    for those of commands, for each package and each domain. What cannot be measured is unknown, \
                    never 0 or 100, and a note names the file and the reason. This page is made from the code by \
                    `just docs`; edit the code instead.\n";

fn section(definition: &Definition) -> String {
    let unit = match definition.unit {
        Unit::Count => "A count; 0 is the best.",
        Unit::Percent => "A percentage; 100 is the best.",
    };
    let when = if definition.on_request {
        " Measured where a gate compares it, or `repot check --metric` names it."
    } else {
        ""
    };
    format!(
        "\n## `{}`\n\n{unit}{when}\n\n{}\n\nSource: {}\n",
        definition.name, definition.about, definition.source
    )
}

#[test]
fn the_page_of_metrics_is_up_to_date() {
    let page: String = [HEAD.to_owned()].into_iter().chain(DEFINITIONS.iter().map(section)).collect();
    if std::env::var_os("REPOT_BLESS").is_some() {
        std::fs::write(tree::root().join(PAGE), &page).expect("the checkout can be written");
    }
    assert!(tree::text(PAGE) == page, "{PAGE} is not what the metrics say; run `just docs`");
    assert!(METRICS.iter().all(|name| page.contains(&format!("\n## `{name}`\n"))));
}
