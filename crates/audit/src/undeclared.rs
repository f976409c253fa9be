//! The metric `undeclared-packages`: packages that lie in no domain.

use repot_roadmap::Undeclared;
use repot_workspace::{PackageId, Workspace};

use crate::{Figure, Finding, figure};

/// The name of the metric, and of the rule behind its findings.
pub const UNDECLARED_PACKAGES: &str = "undeclared-packages";

/// The findings, one for each package where the roadmap denies them, and the
/// figure; its value counts packages. `None` when there are no domains.
pub fn undeclared_packages(
    workspace: &Workspace,
    undeclared: Option<Undeclared>,
) -> Option<(Vec<Finding>, Figure)> {
    if workspace.shape().domains.is_empty() {
        return None;
    }
    let lost: Vec<PackageId> =
        workspace.package_ids().filter(|id| workspace.domains().of(*id).is_none()).collect();
    let parts = [("packages", lost.len()), ("of", workspace.packages().len())];
    let per_package = lost.iter().map(|id| (Some(workspace.package(*id).name.as_str()), 1));
    let figure = figure::counted(UNDECLARED_PACKAGES, &parts, per_package);
    let denied = lost.into_iter().filter(|_| undeclared == Some(Undeclared::Deny));
    Some((denied.filter_map(|id| finding(workspace, id)).collect(), figure))
}

/// It stands at the package's first file.
fn finding(workspace: &Workspace, id: PackageId) -> Option<Finding> {
    let package = workspace.package(id);
    let (path, _) = workspace.snapshot().below(&package.folder).next()?;
    let message = format!("the package `{}` lies in no domain", package.name);
    let hint = format!("add `{}` to the `members` of a domain", package.folder);
    Some(Finding::on_line(UNDECLARED_PACKAGES, path, 1, message, Some(hint)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_package_in_no_domain_is_a_finding_where_it_is_denied() {
        let files = [("p/shop/shop.py", "import desk"), ("p/desk/desk.py", ""), ("p/till/till.py", "")];
        let workspace = sample::workspace(&files);
        let (findings, figure) = undeclared_packages(&workspace, Some(Undeclared::Deny)).unwrap();
        assert_eq!(figure.value, Some(2.0));
        let told: Vec<&str> = findings.iter().map(|finding| finding.path.as_str()).collect();
        assert_eq!(told, ["p/desk/desk.py", "p/till/till.py"]);
        for allowed in [None, Some(Undeclared::Allow)] {
            let (findings, figure) = undeclared_packages(&workspace, allowed).unwrap();
            assert_eq!((findings.len(), figure.value), (0, Some(2.0)));
        }
    }
}
