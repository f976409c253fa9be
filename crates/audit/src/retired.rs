//! The metric `retired-packages`: packages that were merged into others and are
//! back as a folder, an import or a dependency.

use memchr::memmem::Finder;
use rayon::prelude::*;
use repot_change::RelPath;
use repot_project::{Document, Stated, requirement_lists, text};
use repot_python::{ImportKind, ImportStmt};
use repot_roadmap::Retired;
use repot_workspace::{Module, ModuleId, Workspace, below};

use crate::{Figure, Finding, figure};

/// The name of the metric.
pub const RETIRED_PACKAGES: &str = "retired-packages";

/// The rule behind the findings.
pub const RETIRED_PACKAGE: &str = "retired-package";

/// The findings, one for each place, and the figure; its value counts places.
/// `None` when no package is retired.
pub fn retired_packages(workspace: &Workspace, retired: &[Retired]) -> Option<(Vec<Finding>, Figure)> {
    if retired.is_empty() {
        return None;
    }
    let folders: Vec<Finding> = retired.iter().filter_map(|one| folder(workspace, one)).collect();
    let modules: Vec<(ModuleId, &Module)> = workspace.modules().iter().collect();
    let imports = |one: &Retired| -> Vec<Finding> {
        modules.par_iter().flat_map_iter(|(id, module)| imports(workspace, (*id, module), one)).collect()
    };
    let imports: Vec<Finding> = retired.iter().flat_map(imports).collect();
    let dependencies: Vec<Finding> = retired.iter().flat_map(|one| dependencies(workspace, one)).collect();
    let counts = [folders.len(), imports.len(), dependencies.len()];
    let parts = [
        ("places", counts.iter().sum()),
        ("folders", counts[0]),
        ("imports", counts[1]),
        ("dependencies", counts[2]),
    ];
    let findings = [folders, imports, dependencies].concat();
    let per_file = findings.iter().map(|finding| {
        let package = workspace.package_at(&finding.path);
        (package.map(|id| workspace.package(id).name.as_str()), 1)
    });
    let figure = figure::counted(RETIRED_PACKAGES, &parts, per_file);
    Some((findings, figure))
}

fn hint(retired: &Retired) -> Option<String> {
    retired.into.as_ref().map(|into| format!("it was merged into `{into}`"))
}

/// The folder is back, with a file in it.
fn folder(workspace: &Workspace, retired: &Retired) -> Option<Finding> {
    let folder = RelPath::new(retired.folder.as_ref()?.value.trim_end_matches('/')).ok()?;
    let (first, _) = workspace.snapshot().below(&folder).next()?;
    let message = format!("the folder `{folder}` of a retired package is back");
    Some(Finding::on_line(RETIRED_PACKAGE, first, 1, message, hint(retired)))
}

/// Statements that import it in full; what is relative is another module.
fn imports(workspace: &Workspace, (id, module): (ModuleId, &Module), retired: &Retired) -> Vec<Finding> {
    let Some(package) = retired.package.as_ref().map(|package| package.value.as_str()) else {
        return Vec::new();
    };
    let file = workspace.file(id);
    let last = package.rsplit('.').next().unwrap_or(package);
    if !file.mentions(&Finder::new(last)) {
        return Vec::new();
    }
    let names_it = |statement: &&ImportStmt| match &statement.kind {
        ImportKind::Import(items) => items.iter().any(|item| below(&item.name.text, package).is_some()),
        ImportKind::From(from) => from.level == 0 && below(from.dotted(), package).is_some(),
    };
    let source = file.bytes().map_or(&[][..], |bytes| bytes);
    let found = file.imports().iter().filter(names_it);
    found
        .map(|statement| {
            let message = format!("`{package}` is imported, which is retired");
            Finding::at(RETIRED_PACKAGE, (&module.path, source, statement.span), message, hint(retired))
        })
        .collect()
}

/// Project files that need it.
fn dependencies(workspace: &Workspace, retired: &Retired) -> Vec<Finding> {
    let Some(name) = &retired.distribution else { return Vec::new() };
    let Some(wanted) = Stated::read(&name.value).map(|need| need.name) else { return Vec::new() };
    let files = workspace.snapshot().files().filter(|(path, _)| path.file_name() == "pyproject.toml");
    let mut found = Vec::new();
    for (path, file) in files.filter(|(path, _)| !workspace.shape().excludes(path)) {
        let text = file.bytes().and_then(|bytes| text(bytes));
        let Some(document) = text.and_then(|text| Document::parse(&text).ok()) else { continue };
        for list in requirement_lists(&document) {
            let texts = document.texts(&list).unwrap_or_default();
            let needs = texts.iter().any(|text| Stated::read(text).is_some_and(|need| need.name == wanted));
            if needs {
                let message = format!("`{list}` needs `{}`, which is retired", name.value);
                let line = document.line(&list);
                found.push(Finding::on_line(RETIRED_PACKAGE, path, line, message, hint(retired)));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use repot_roadmap::{Pattern, Spanned};
    use repot_workspace::{Shape, Snapshot};

    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<(String, usize, String)> {
        let files = files.iter().map(|(path, text)| (RelPath::new(path).unwrap(), text.as_bytes().to_vec()));
        let shape = Shape { members: vec![Pattern::new("p/*").unwrap()], ..Shape::default() };
        let workspace = Workspace::new(Snapshot::from_files(files), Arc::new(shape));
        let text = |text: &str| Some(Spanned::unwritten(text.to_owned()));
        let retired = Retired {
            package: text("old"),
            into: Some("new".to_owned()),
            folder: text("p/old"),
            distribution: text("acme_old"),
        };
        let (findings, figure) = retired_packages(&workspace, &[retired]).unwrap();
        assert_eq!(figure.value, Some(crate::figure::as_figure(findings.len())));
        findings.into_iter().map(|one| (one.path.to_string(), one.line, one.message)).collect()
    }

    #[test]
    fn it_is_found_as_folder_import_and_dependency() {
        let found = found(&[
            ("p/old/x.txt", ""),
            ("p/a/a.py", "import os\nfrom old.x import y\nold = {'old': 1}\n"),
            ("p/a/pyproject.toml", "[project]\nname = \"a\"\ndependencies = [\"Acme-Old>=1\"]\n"),
        ]);
        let places: Vec<_> = found.iter().map(|(path, line, _)| (path.as_str(), *line)).collect();
        assert_eq!(places, [("p/old/x.txt", 1), ("p/a/a.py", 2), ("p/a/pyproject.toml", 3)]);
    }

    #[test]
    fn a_name_that_only_looks_alike_is_not() {
        let files = [
            ("p/older/x.txt", ""),
            ("p/a/a.py", "import older, a.old\nfrom .old import y\nold = 1\n"),
            ("p/a/pyproject.toml", "[project]\nname = \"acme-old\"\ndependencies = [\"acme-older\"]\n"),
        ];
        assert_eq!(found(&files), []);
    }
}
