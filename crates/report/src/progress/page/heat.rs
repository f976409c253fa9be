//! The heat map: packages by rules, the more findings the hotter.

use std::collections::{BTreeMap, BTreeSet};

use repot_trend::Progress;

use crate::page::text::in_html;
use crate::progress::cards;

/// How many shades there are above nothing.
const SHADES: f64 = 6.0;

/// The map of today, with the figures of before in the titles; nothing without
/// a finding.
pub(super) fn map(progress: &Progress) -> String {
    let Some(last) = progress.last() else { return String::new() };
    let nothing = BTreeMap::new();
    let before = progress.first().filter(|_| progress.has_past()).map(|point| &point.measured.findings);
    let now = &last.measured.findings;
    let rules: BTreeSet<&String> =
        now.values().chain(before.into_iter().flat_map(BTreeMap::values)).flat_map(BTreeMap::keys).collect();
    let most = now.values().flat_map(BTreeMap::values).copied().max().unwrap_or(0);
    let count = |findings: Option<&BTreeMap<String, BTreeMap<String, usize>>>, package: &str, rule: &str| {
        findings.and_then(|it| it.get(package)).unwrap_or(&nothing).get(rule).copied().unwrap_or(0)
    };
    let cell = |package: &str, rule: &str| {
        let (was, is) = (count(before, package, rule), count(Some(now), package, rule));
        let was = if before.is_some() { format!(", was {was}") } else { String::new() };
        let shown = if is == 0 { String::new() } else { is.to_string() };
        let title = format!("{package}, {rule}: {is}{was}");
        format!("<td class=\"h{}\" title=\"{}\">{shown}</td>", shade(is, most), in_html(&title))
    };
    let row = |(package, _, _, _): &(&str, Option<&str>, usize, usize)| {
        let cells: String = rules.iter().map(|rule| cell(package, rule)).collect();
        format!("<tr><th scope=\"row\">{}</th>{cells}</tr>\n", in_html(package))
    };
    let rows: String = cards(progress).iter().filter(|card| card.2 + card.3 > 0).map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    let head: String =
        rules.iter().map(|rule| format!("<th scope=\"col\"><span>{}</span></th>", in_html(rule))).collect();
    format!(
        "<div class=\"wide\"><table class=\"heat\">\n<thead><tr><td></td>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n"
    )
}

/// The shade of `count`, 0 for none: each is several times the one before.
fn shade(count: usize, most: usize) -> usize {
    if count == 0 {
        return 0;
    }
    let part = (count as f64).ln_1p() / (most.max(count) as f64).ln_1p();
    (part * SHADES).ceil().clamp(1.0, SHADES) as usize
}

#[cfg(test)]
mod tests {
    use super::shade;

    #[test]
    fn shades_rise_with_the_count() {
        let shades: Vec<usize> = [0, 1, 2, 9, 99, 999].map(|count| shade(count, 999)).to_vec();
        assert_eq!((shades[0], shades[1], shades[5]), (0, 1, 6));
        assert!(shades.is_sorted());
        assert_eq!((shade(1, 1), shade(0, 0), shade(5, 0)), (6, 0, 6));
    }
}
