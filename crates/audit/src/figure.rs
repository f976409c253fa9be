//! Figures that count something, and shares.

use std::borrow::Cow;
use std::collections::BTreeMap;

use repot_workspace::Workspace;

use crate::{Figure, Unit};

/// How much of something each package has: of so many, so many.
pub type Shares = BTreeMap<String, (usize, usize)>;

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
        metric: Cow::Borrowed(metric),
        unit: Unit::Count,
        value: parts.first().map(|(_, count)| as_figure(*count)),
        parts: parts.iter().map(|(name, count)| ((*name).to_owned(), as_figure(*count))).collect(),
        by_rule: Vec::new(),
        by_package,
        by_domain: BTreeMap::new(),
    }
}

/// The figure of a metric that is a share of something; the value is the share
/// of `whole` as `rounded` gives it.
pub fn shared(
    workspace: &Workspace,
    metric: &'static str,
    (part, whole): (usize, usize),
    parts: &[(&str, usize)],
    shares: &Shares,
    rounded: fn(usize, usize) -> f64,
) -> Figure {
    let figures = |shares: &Shares| {
        shares.iter().map(|(name, (part, whole))| (name.clone(), rounded(*part, *whole))).collect()
    };
    Figure {
        metric: Cow::Borrowed(metric),
        unit: Unit::Percent,
        value: Some(rounded(part, whole)),
        parts: parts.iter().map(|(name, count)| ((*name).to_owned(), as_figure(*count))).collect(),
        by_rule: Vec::new(),
        by_package: figures(shares),
        by_domain: figures(&domain_shares(workspace, shares)),
    }
}

/// A figure that nobody knows.
pub fn unknown(metric: impl Into<Cow<'static, str>>, unit: Unit) -> Figure {
    Figure {
        metric: metric.into(),
        unit,
        value: None,
        parts: Vec::new(),
        by_rule: Vec::new(),
        by_package: BTreeMap::new(),
        by_domain: BTreeMap::new(),
    }
}

/// The shares of the domains, of those of their packages.
fn domain_shares(workspace: &Workspace, shares: &Shares) -> Shares {
    let domains = domains(workspace);
    let mut of_domains = Shares::new();
    for (package, (part, whole)) in shares {
        let Some(domain) = domains.get(package.as_str()) else { continue };
        let share = of_domains.entry((*domain).to_owned()).or_default();
        *share = (share.0 + part, share.1 + whole);
    }
    of_domains
}

/// The sums of the domains, of what is counted for their packages.
pub fn domain_sums(workspace: &Workspace, by_package: &BTreeMap<String, f64>) -> BTreeMap<String, f64> {
    let domains = domains(workspace);
    let mut sums = BTreeMap::new();
    for (package, count) in by_package {
        if let Some(domain) = domains.get(package.as_str()) {
            *sums.entry((*domain).to_owned()).or_default() += count;
        }
    }
    sums
}

/// The domain of each package that has one, by the package's name.
fn domains(workspace: &Workspace) -> BTreeMap<&str, &str> {
    let domain = |id| Some((workspace.package(id).name.as_str(), workspace.domains().of(id)?));
    workspace.package_ids().filter_map(domain).collect()
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
