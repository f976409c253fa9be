//! Figures that count something, and shares.

use std::collections::BTreeMap;

use crate::{Figure, Unit};

/// The figure of a metric that counts: the first part is its value. Files
/// outside every package are counted in the value, but for no package.
pub fn counted<'a>(
    metric: &'static str,
    parts: &[(&str, usize)],
    per_file: impl Iterator<Item = (Option<&'a str>, usize)>,
) -> Figure {
    let mut by_package: BTreeMap<String, f64> = BTreeMap::new();
    for (package, count) in per_file.filter(|(_, count)| *count > 0) {
        if let Some(package) = package {
            *by_package.entry(package.to_owned()).or_default() += as_figure(count);
        }
    }
    Figure {
        metric,
        unit: Unit::Count,
        value: parts.first().map(|(_, count)| as_figure(*count)),
        parts: parts.iter().map(|(name, count)| ((*name).to_owned(), as_figure(*count))).collect(),
        by_rule: Vec::new(),
        by_package,
    }
}

/// A count as a figure; exact up to 2^53.
#[allow(clippy::cast_precision_loss)]
pub fn as_figure(count: usize) -> f64 {
    count as f64
}

/// The share of `part` in `whole`, in percent with one decimal, rounded down so
/// that only what is complete says 100; 100 where there is nothing.
pub fn percent(part: usize, whole: usize) -> f64 {
    let share = as_figure(part) * 100.0 / as_figure(whole.max(1));
    if whole == 0 { 100.0 } else { (share * 10.0).floor() / 10.0 }
}
