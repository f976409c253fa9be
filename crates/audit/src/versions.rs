//! The metric `version-drift`: how many requirements ask for other versions than
//! the workspace has agreed on.
//!
//! What that is, `repot-project` knows; requirements that disagree count as well,
//! since nothing is agreed on for them.

use std::collections::BTreeMap;

use repot_project::{Conflict, Verdict};
use repot_roadmap::Versions;
use repot_workspace::{Agreement, Required, Workspace};

use crate::figure::{as_figure, counted};
use crate::{Figure, Finding};

/// The name of the metric, and of the rule behind its findings.
pub const VERSION_DRIFT: &str = "version-drift";

/// The findings, one for each requirement that differs, and the figure; behind
/// its first parts stand the distributions, those that differ most first.
pub fn version_drift(workspace: &Workspace, versions: &Versions) -> (Vec<Finding>, Figure) {
    let agreement = workspace.agreement(versions);
    let (mut findings, mut packages) = (Vec::new(), Vec::new());
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    for (required, verdict) in agreement.required.iter().zip(&agreement.verdicts) {
        let Some((message, hint)) = difference(&agreement, required, verdict) else { continue };
        findings.push(Finding::on_line(
            VERSION_DRIFT,
            &required.path,
            required.stated.line,
            message,
            Some(hint),
        ));
        packages.push((Some(workspace.package(required.package).name.as_str()), 1));
        *by_name.entry(&required.stated.name).or_default() += 1;
    }
    let parts = [
        ("requirements", findings.len()),
        ("distributions", by_name.len()),
        ("conflicts", agreement.conflicts.len()),
    ];
    let mut figure = counted(VERSION_DRIFT, &parts, packages.into_iter());
    let mut by_name: Vec<(&str, usize)> = by_name.into_iter().collect();
    by_name.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    figure.parts.extend(by_name.into_iter().map(|(name, count)| (name.to_owned(), as_figure(count))));
    (findings, figure)
}

/// What is wrong with a requirement, and what to do.
fn difference(agreement: &Agreement, required: &Required, verdict: &Verdict) -> Option<(String, String)> {
    let (name, own) = (&required.stated.name, required.stated.versions());
    match verdict {
        Verdict::Passed | Verdict::Same | Verdict::Kept(_) => None,
        Verdict::Drift { versions, .. } => Some((
            format!("`{name}` is asked for as `{own}`, in the workspace as `{versions}`"),
            "the codemod `align-versions` brings it there".to_owned(),
        )),
        Verdict::Conflict(at) => {
            let against = agreement.conflicts.get(*at).map(|conflict| against(conflict, &own));
            let message = format!("`{name}` is asked for as `{own}`, {}", against.unwrap_or_default());
            Some((message, "a `[[decide]]` with this `requirement` settles it".to_owned()))
        }
    }
}

fn against(conflict: &Conflict, own: &str) -> String {
    if let Some(catalogue) = &conflict.catalogue {
        return format!("which `{catalogue}` of the catalogue does not grant");
    }
    let others = conflict.choices.iter().filter(|choice| choice.versions != own);
    let others: Vec<String> = others.map(|choice| format!("`{}`", choice.versions)).collect();
    match others.is_empty() {
        true => "which no version is".to_owned(),
        false => format!("which does not go together with {}", others.join(" and ")),
    }
}

#[cfg(test)]
mod tests {
    use repot_change::RelPath;
    use repot_roadmap::Pattern;
    use repot_workspace::{Shape, Snapshot};

    use super::*;

    #[test]
    fn what_differs_and_what_disagrees_is_counted() {
        let file = |name: &str, items: &str| {
            let path = RelPath::new(&format!("packages/{name}/pyproject.toml")).unwrap();
            (path, format!("[project]\nname = '{name}'\ndependencies = [\n{items}]\n").into_bytes())
        };
        let files = [
            file("a", "'numpy>=1.2',\n'click<8',\n'b',\n"),
            file("b", "'numpy>=1.4',\n'click>=8',\n'rich',\n"),
            file("c", "'NumPy',\n'rich',\n"),
        ];
        let shape = Shape { members: vec![Pattern::new("packages/*").unwrap()], ..Shape::default() };
        let workspace = Workspace::new(Snapshot::from_files(files), shape.into());
        let (findings, figure) = version_drift(&workspace, &Versions::default());
        let parts: Vec<(&str, f64)> =
            figure.parts.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        assert_eq!(
            parts,
            [
                ("requirements", 4.0),
                ("distributions", 2.0),
                ("conflicts", 1.0),
                ("click", 2.0),
                ("numpy", 2.0)
            ]
        );
        assert_eq!(figure.by_package.get("a"), Some(&2.0));
        let told: Vec<String> =
            findings.iter().map(|it| format!("{}:{} {}", it.path, it.line, it.message)).collect();
        assert_eq!(
            told,
            [
                "packages/a/pyproject.toml:4 `numpy` is asked for as `>=1.2`, in the workspace as `>=1.4`",
                "packages/a/pyproject.toml:5 `click` is asked for as `<8`, which does not go together with `>=8`",
                "packages/b/pyproject.toml:5 `click` is asked for as `>=8`, which does not go together with `<8`",
                "packages/c/pyproject.toml:4 `numpy` is asked for as `any`, in the workspace as `>=1.4`",
            ]
        );
    }
}
