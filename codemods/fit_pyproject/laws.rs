//! A law of fitting: what another backend shipped, hatchling ships, as far as
//! the reader of build configurations sees it. That reader knows nothing of the
//! translation.

use proptest::prelude::*;
use repot_change::RelPath;
use repot_project::{Document, fit};
use repot_roadmap::{Pattern, Template};
use repot_workspace::{Shape, Snapshot, TreeOrigin, Workspace};

/// The name and the folder of everything that the package is known to ship.
fn shipped(project: &str, files: &[String]) -> (Workspace, Vec<(String, String)>) {
    let files = files.iter().map(|path| (path.as_str(), "import os\n")).chain([("pyproject.toml", project)]);
    let files = files
        .map(|(path, text)| (RelPath::new(&format!("packages/a/{path}")).unwrap(), text.as_bytes().to_vec()));
    let shape = Shape { members: vec![Pattern::new("packages/*").unwrap()], ..Shape::default() };
    let workspace = Workspace::new(Snapshot::from_files(files), shape.into());
    let trees = workspace.packages()[0].trees.iter().filter(|tree| tree.origin == TreeOrigin::Build);
    let trees = trees.map(|tree| (tree.name.clone(), tree.folder.to_string())).collect();
    (workspace, trees)
}

/// The project file of a package whose module is `name` below `root`.
fn project(backend: &str, name: &str, root: &str) -> String {
    let path = name.replace('.', "/");
    let path = if root.is_empty() { path } else { format!("{root}/{path}") };
    let (module, own) = match backend {
        "flit_core" => ("flit_core.buildapi", format!("[tool.flit.module]\nname = '{name}'\n")),
        "uv_build" => (
            "uv_build",
            format!(
                "[tool.uv.build-backend]\nmodule-name = '{name}'\nmodule-root = '{root}'\nwheel-exclude = ['x']\n"
            ),
        ),
        "pdm" => ("pdm.backend", format!("[tool.pdm.build]\nincludes = ['{path}']\nexcludes = ['x']\n")),
        "poetry" => (
            "poetry.core.masonry.api",
            format!(
                "[tool.poetry]\npackages = [{{ include = '{}', from = '{root}' }}]\n",
                name.replace('.', "/")
            ),
        ),
        _ => (
            "setuptools.build_meta",
            format!("[tool.setuptools]\npackages = ['{name}']\npackage-dir = {{ '' = '{root}' }}\n"),
        ),
    };
    format!(
        "[build-system]\nrequires = ['{backend}']\nbuild-backend = '{module}'\n[project]\nname = 'a'\nversion = '1'\n{own}"
    )
}

proptest! {
    #[test]
    fn what_was_shipped_is_shipped(
        backend in prop::sample::select(vec!["flit_core", "uv_build", "pdm", "poetry", "setuptools"]),
        name in prop::sample::select(vec!["shop", "ns.shop", "a", "ns.deep.till"]),
        root in prop::sample::select(vec!["", "src"]),
        beside in prop::sample::select(vec!["src/other/__init__.py", "other/__init__.py", "tests/test_a.py"]),
    ) {
        let module = format!("{}/__init__.py", name.replace('.', "/"));
        let module = if root.is_empty() { module } else { format!("{root}/{module}") };
        let files = [module, beside.to_owned()];
        let text = project(backend, name, root);
        let (workspace, before) = shipped(&text, &files);
        prop_assume!(before.iter().any(|(shipped, _)| shipped == name));
        let template = Template { build_backend: Some("hatchling".to_owned()), ..Template::default() };
        let document = Document::parse(&text).unwrap();
        let fitted = fit(&document, &workspace.facts(&workspace.packages()[0], &template), &template);
        prop_assert!(fitted.left.is_empty(), "{:?}", fitted.left);
        let after = fitted.document.render();
        prop_assert!(after.contains("hatchling.build"), "{}", after);
        prop_assert_eq!(shipped(&after, &files).1, before, "{}\n{}", text, after);
    }
}
