//! The metric `missing-packages`: packages that the template wants and that do
//! not exist.

use std::ops::Range;

use repot_change::{RelPath, line_at};
use repot_roadmap::{Spanned, Template};
use repot_workspace::Workspace;

use crate::{Figure, Finding, figure};

/// The name of the metric, and of the rule behind its findings.
pub const MISSING_PACKAGES: &str = "missing-packages";

/// Where a roadmap may stand.
const ROADMAPS: [&str; 2] = ["repot.toml", "pyproject.toml"];

/// The findings, one for each package, and the figure; its value counts
/// packages. `None` when none is wanted.
pub fn missing_packages(workspace: &Workspace, template: &Template) -> Option<(Vec<Finding>, Figure)> {
    if template.packages.is_empty() {
        return None;
    }
    let is_missing = |wanted: &&Spanned<String>| workspace.packages_meant(&wanted.value).is_empty();
    let missing: Vec<&Spanned<String>> = template.packages.iter().filter(is_missing).collect();
    let parts = [("packages", missing.len()), ("wanted", template.packages.len())];
    let figure = figure::counted(MISSING_PACKAGES, &parts, std::iter::empty());
    Some((missing.into_iter().filter_map(|wanted| finding(workspace, wanted)).collect(), figure))
}

/// It stands where the roadmap names the package, which is nowhere else.
fn finding(workspace: &Workspace, wanted: &Spanned<String>) -> Option<Finding> {
    let (path, line) = in_roadmap(workspace, wanted.span.as_ref())?;
    let message = format!("the package `{}` is wanted and does not exist", wanted.value);
    let hint = format!("a step `scaffold-package` with `name = \"{}\"` makes it", wanted.value);
    Some(Finding::on_line(MISSING_PACKAGES, &path, line, message, Some(hint)))
}

/// The file of the roadmap, and the line that holds `span`.
pub fn in_roadmap(workspace: &Workspace, span: Option<&Range<usize>>) -> Option<(RelPath, usize)> {
    let present = |name: &&str| {
        let path = RelPath::new(name).ok()?;
        let bytes = workspace.snapshot().get(&path)?.bytes()?.clone();
        Some((path, bytes))
    };
    let (path, bytes) = ROADMAPS.iter().find_map(present)?;
    let line = span.map_or(1, |span| line_at(&bytes, span.start));
    Some((path, line))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use repot_roadmap::Pattern;
    use repot_workspace::{Shape, Snapshot};

    use super::*;

    const ROADMAP: &str = "[template]\npackages = [\n    \"acme-shared\",\n    \"interfaces\",\n]\n";

    fn found(roadmap: &str) -> Option<(Vec<Finding>, Figure)> {
        let files = [
            (roadmap, ROADMAP),
            ("p/shared/pyproject.toml", "[project]\nname = \"Acme_Shared\"\n"),
            ("p/shared/src/shared/__init__.py", ""),
        ];
        let files = files.map(|(path, text)| (RelPath::new(path).unwrap(), text.as_bytes().to_vec()));
        let members = vec![Pattern::new("p/*").unwrap()];
        let shape = Shape { members, ..Shape::default() };
        let workspace = Workspace::new(Snapshot::from_files(files), Arc::new(shape));
        let wanted = |name: &str| {
            let start = ROADMAP.find(name).unwrap();
            Spanned::new(name.to_owned(), Some(start..start + name.len()))
        };
        let packages = vec![wanted("acme-shared"), wanted("interfaces")];
        missing_packages(&workspace, &Template { packages, ..Template::default() })
    }

    #[test]
    fn a_missing_package_is_found_where_the_roadmap_wants_it() {
        for roadmap in ["repot.toml", "pyproject.toml"] {
            let (findings, figure) = found(roadmap).unwrap();
            assert_eq!((figure.value, figure.parts[1].1), (Some(1.0), 2.0));
            let places: Vec<_> = findings.iter().map(|it| (it.path.as_str(), it.line)).collect();
            assert_eq!(places, [(roadmap, 4)]);
            assert!(findings[0].message.contains("`interfaces`"), "{}", findings[0].message);
        }
    }

    #[test]
    fn nothing_is_missing_where_nothing_is_wanted() {
        let workspace = Workspace::new(Snapshot::from_files([]), Arc::new(Shape::default()));
        assert!(missing_packages(&workspace, &Template::default()).is_none());
    }
}
