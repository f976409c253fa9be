//! Package discovery on snapshots in memory: every build backend and layout.

use repot_change::RelPath;

use super::*;

fn snapshot(files: &[(&str, &str)]) -> Snapshot {
    Snapshot::from_files(
        files.iter().map(|(name, text)| (RelPath::new(name).unwrap(), text.as_bytes().to_vec())),
    )
}

fn globs(texts: &[&str]) -> Vec<Pattern> {
    texts.iter().map(|text| Pattern::new(text).unwrap()).collect()
}

/// The package `p` with these project files and these Python files, all below
/// `p`.
fn package(projects: &[(&str, &str)], python: &[&str]) -> Package {
    let empty = python.iter().map(|name| (*name, ""));
    let below: Vec<(String, &str)> =
        projects.iter().copied().chain(empty).map(|(name, text)| (format!("p/{name}"), text)).collect();
    let files: Vec<(&str, &str)> = below.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let (mut packages, _) = find_packages(&snapshot(&files), &globs(&["p"]), &[]);
    packages.pop().unwrap()
}

/// What is shipped, each as `name = folder`, followed by ` < root` where the
/// root is not the folder above; what is left over stands in brackets.
fn shown(package: &Package) -> Vec<String> {
    let below = |path: &RelPath| match path.relative_to(&package.folder) {
        Some("") => ".".to_owned(),
        Some(below) => below.to_owned(),
        None => "..".to_owned(),
    };
    let line = |tree: &Tree| {
        let text = format!("{} = {}", tree.name, below(&tree.folder));
        let above = tree.folder.parent().unwrap_or_else(RelPath::root);
        let text = if tree.root == above { text } else { format!("{text} < {}", below(&tree.root)) };
        match tree.origin {
            TreeOrigin::Build => text,
            TreeOrigin::Layout => format!("({text})"),
            TreeOrigin::Leftover => format!("[{text}]"),
        }
    };
    package.trees.iter().map(line).collect()
}

fn notes(package: &Package) -> Vec<String> {
    package.notes.iter().map(|note| format!("{}: {}", note.line.unwrap_or(0), note.message)).collect()
}

#[track_caller]
fn check(projects: &[(&str, &str)], python: &[&str], expected: &[&str]) -> Package {
    let package = package(projects, python);
    assert_eq!(shown(&package), expected, "{projects:?}");
    package
}

#[track_caller]
fn check_toml(pyproject: &str, python: &[&str], expected: &[&str]) -> Package {
    check(&[("pyproject.toml", pyproject)], python, expected)
}

/// Checks that nothing is odd as well.
#[track_caller]
fn check_clean(pyproject: &str, python: &[&str], expected: &[&str]) {
    let package = check_toml(pyproject, python, expected);
    assert_eq!(notes(&package), [""; 0]);
}

const SRC: &[&str] = &["src/shop/__init__.py", "src/shop/cart.py"];
const FLAT: &[&str] = &["shop/__init__.py", "shop/cart.py", "tests/test_cart.py"];

#[test]
fn hatch_ships_what_it_selects() {
    let wheel = |options: &str| {
        format!(
            "[build-system]\nbuild-backend = 'hatchling.build'\n[project]\nname = 'p'\n[tool.hatch.build.targets.wheel]\n{options}\n"
        )
    };
    check_clean(&wheel("packages = ['src/shop']"), SRC, &["shop = src/shop"]);
    check_clean(&wheel("packages = ['shop']"), FLAT, &["shop = shop", "[tests = tests]"]);
    check_clean(&wheel("packages = ['./src/shop/']"), SRC, &["shop = src/shop"]);
    check_clean(&wheel("packages = ['src/ns/shop']"), &["src/ns/shop/__init__.py"], &["shop = src/ns/shop"]);
    check_clean(
        &wheel("only-include = ['src/ns/shop']\nsources = ['src']"),
        &["src/ns/shop/a.py"],
        &["ns.shop = src/ns/shop < src"],
    );
    check_clean(&wheel("only-include = ['src']\nsources = ['src']"), SRC, &["shop = src/shop"]);
    check_clean(&wheel("only-include = ['lib']\nsources = {lib = 'shop'}"), &["lib/a.py"], &["shop = lib"]);
    check_clean(&wheel("include = ['*']\nsources = {'' = 'shop'}"), &["a.py"], &["shop = ."]);
    check_clean(&wheel("only-include = ['one.py']"), &["one.py"], &["one = one.py"]);
    check_clean(&wheel("include = ['/shop/**/*.py', '*.json']"), FLAT, &["shop = shop", "[tests = tests]"]);
    check_clean(
        &wheel("packages = ['shop']\nforce-include = {'gen/x' = 'shop/x', 'a.json' = 'a.json'}"),
        &["shop/__init__.py", "gen/x/a.py"],
        &["shop.x = gen/x", "shop = shop"],
    );
    let of_all =
        "[build-system]\nbuild-backend = 'hatchling.build'\n[tool.hatch.build]\npackages = ['shop']\n";
    check_clean(of_all, FLAT, &["shop = shop", "[tests = tests]"]);
}

#[test]
fn hatch_looks_for_the_project_by_name() {
    let named = |name: &str| {
        format!("[build-system]\nbuild-backend = 'hatchling.build'\n[project]\nname = '{name}'\n")
    };
    check_clean(&named("shop"), SRC, &["shop = src/shop"]);
    check_clean(&named("Shop"), FLAT, &["shop = shop", "[tests = tests]"]);
    check_clean(
        &named("shop-kit"),
        &["shop_kit/__init__.py", "other/__init__.py"],
        &["shop_kit = shop_kit", "[other = other]"],
    );
    check_clean(&named("one"), &["one.py", "two.py"], &["one = one.py", "[two = two.py]"]);
    check_clean(&named("shop"), &["ns/shop/__init__.py", "x.py"], &["ns = ns", "[x = x.py]"]);
    // No such name anywhere: it is the layout that tells.
    check_clean(&named("store"), SRC, &["(shop = src/shop)"]);
}

#[test]
fn a_wheel_with_a_module_called_src_is_a_slip() {
    for option in
        ["packages = ['src']", "packages = ['src/']", "only-include = ['src/shop']", "include = ['src/**']"]
    {
        let text = format!(
            "[build-system]\nbuild-backend = 'hatchling.build'\n[tool.hatch.build.targets.wheel]\n{option}\n"
        );
        let package = check_toml(&text, &["src/shop/a.py", "__init__.py"], &["(shop = src/shop)", "[p = .]"]);
        let stated = option.split('\'').nth(1).unwrap();
        assert_eq!(
            notes(&package),
            [format!("4: the build ships `{stated}` as a module called `src`; it is read as a src layout")]
        );
    }
    let meant = "[build-system]\nbuild-backend = 'hatchling.build'\n[tool.hatch.build.targets.wheel]\npackages = ['src']\n";
    check_clean(meant, &["src/__init__.py", "src/a.py"], &["src = src"]);
}

#[test]
fn what_is_named_but_missing_is_noted_and_the_layout_counts() {
    let text = "[build-system]\nbuild-backend = 'hatchling.build'\n[tool.hatch.build.targets.wheel]\npackages = [\n  'store',\n  '../shop',\n  '.',\n]\n";
    let package = check_toml(text, SRC, &["(shop = src/shop)"]);
    assert_eq!(
        notes(&package),
        [
            "5: the build ships `store`, which does not exist in the package",
            "6: the build ships `../shop`, which lies outside of the package",
            "7: the build ships the whole folder, tests included, at the top level",
        ]
    );
    let half = "[build-system]\nbuild-backend = 'hatchling.build'\n[tool.hatch.build.targets.wheel]\npackages = ['store', 'shop']\n";
    check_toml(half, FLAT, &["shop = shop", "[tests = tests]"]);
}

#[test]
fn setuptools_ships_what_pyproject_states() {
    let with = |options: &str| {
        format!(
            "[build-system]\nbuild-backend = 'setuptools.build_meta'\n[project]\nname = 'p'\n[tool.setuptools]\n{options}\n"
        )
    };
    check_clean(
        &with("packages = ['shop', 'shop.sub']"),
        &["shop/__init__.py", "shop/sub/__init__.py", "x/a.py"],
        &["shop = shop", "[x = x]"],
    );
    check_clean(
        &with("packages = ['ns.shop']\npackage-dir = {'' = 'lib'}"),
        &["lib/ns/shop/__init__.py"],
        &["ns.shop = lib/ns/shop < lib"],
    );
    check_clean(
        &with("packages = ['shop', 'shop.sub']\npackage-dir = {shop = 'a', 'shop.sub' = 'b'}"),
        &["a/x.py", "b/y.py"],
        &["shop = a", "shop.sub = b"],
    );
    check_clean(
        &with("packages = ['shop']\npackage-dir = {shop = '.'}"),
        &["__init__.py", "a.py"],
        &["shop = ."],
    );
    check_clean(
        &with("py-modules = ['one', 'two']"),
        &["one.py", "two.py", "three.py"],
        &["one = one.py", "two = two.py", "[three = three.py]"],
    );
    check_clean(
        &with("[tool.setuptools.packages.find]\nwhere = ['src']"),
        &["src/shop/a.py", "src/ns/b.py", "tests/t.py"],
        &["ns = src/ns", "shop = src/shop", "[tests = tests]"],
    );
    check_clean(
        &with("[tool.setuptools.packages.find]\nwhere = ['src']\nnamespaces = false"),
        &["src/shop/__init__.py", "src/ns/b.py"],
        &["shop = src/shop", "[ns = src/ns]"],
    );
    check_clean(
        &with("[tool.setuptools.packages.find]\ninclude = ['shop*']\nexclude = ['shop_tests']"),
        &["shop/a.py", "shop_kit/a.py", "shop_tests/a.py", "x/a.py"],
        &["shop = shop", "shop_kit = shop_kit", "[shop_tests = shop_tests]", "[x = x]"],
    );
    check_clean(
        &with("[tool.setuptools.packages.find]\ninclude = ['ns.shop*']"),
        &["ns/shop/a.py", "ns/other/a.py"],
        &["ns.shop = ns/shop < .", "[ns = ns]"],
    );
}

#[test]
fn setuptools_discovers_what_nobody_states() {
    let bare = "[build-system]\nrequires = ['setuptools']\n[project]\nname = 'p'\n";
    check_clean(
        bare,
        &["src/shop/a.py", "src/one.py", "tests/t.py"],
        &["one = src/one.py", "shop = src/shop", "[tests = tests]"],
    );
    check_clean(bare, FLAT, &["shop = shop", "[tests = tests]"]);
    check_clean(
        bare,
        &["one.py", "setup.py", "conftest.py"],
        &["one = one.py", "[conftest = conftest.py]", "[setup = setup.py]"],
    );
    check_clean(
        "[build-system]\n[tool.setuptools]\npackage-dir = {shop = 'lib'}\n",
        &["lib/a.py", "x/a.py"],
        &["shop = lib", "[x = x]"],
    );
    let package =
        check_toml(bare, &["a/__init__.py", "b/__init__.py", "c/x.py"], &["(a = a)", "(b = b)", "[c = c]"]);
    assert_eq!(notes(&package), ["0: setuptools refuses to choose among `a`, `b`, `c`; the layout counts"]);
}

#[test]
fn setuptools_is_read_from_its_older_files_too() {
    let cfg = "[metadata]\nname = p\n[options]\npackages = find:\npackage_dir =\n    =src\n\n[options.packages.find]\nwhere = src\n";
    check(
        &[("setup.cfg", cfg)],
        &["src/shop/__init__.py", "src/x/a.py"],
        &["shop = src/shop", "[x = src/x]"],
    );
    let namespace = cfg.replace("find:", "find_namespace:");
    check(
        &[("setup.cfg", &namespace)],
        &["src/shop/__init__.py", "src/x/a.py"],
        &["shop = src/shop", "x = src/x"],
    );
    let listed = "[options]\npackages =\n  # all\n  shop\n  shop.sub\npy_modules = one, two\n";
    check(
        &[("setup.cfg", listed)],
        &["shop/__init__.py", "one.py", "two.py"],
        &["one = one.py", "shop = shop", "two = two.py"],
    );

    let setup = |arguments: &str| format!("from setuptools import *\nsetup(name='p', {arguments})\n");
    let older = |arguments: &str, python: &[&str], expected: &[&str]| {
        check(&[("setup.py", &setup(arguments))], python, expected)
    };
    older(
        "packages=find_packages('src'), package_dir={'': 'src'}",
        SRC,
        &["shop = src/shop", "[setup = setup.py]"],
    );
    older(
        "packages=find_packages(where='src', exclude=['x'])",
        &["src/shop/__init__.py", "src/x/__init__.py"],
        &["shop = src/shop", "[setup = setup.py]", "[x = src/x]"],
    );
    older(
        "packages=find_packages(exclude=('tests', 'tests.*'))",
        &["shop/__init__.py", "tests/__init__.py"],
        &["shop = shop", "[setup = setup.py]", "[tests = tests]"],
    );
    older(
        "packages=['shop'], package_dir={'shop': 'lib'}",
        &["lib/a.py"],
        &["shop = lib", "[setup = setup.py]"],
    );
    older(
        "py_modules=['one']",
        &["one.py", "x/__init__.py"],
        &["one = one.py", "[setup = setup.py]", "[x = x]"],
    );
    // What is computed says nothing, and then the layout does.
    older(
        "packages=['shop'] + more",
        &["shop/__init__.py", "x/__init__.py"],
        &["(shop = shop)", "(x = x)", "[setup = setup.py]"],
    );
    older(
        "**arguments",
        &["shop/__init__.py", "x/__init__.py"],
        &["(shop = shop)", "(x = x)", "[setup = setup.py]"],
    );
}

#[test]
fn poetry_ships_what_it_includes() {
    let with = |packages: &str| {
        format!(
            "[build-system]\nbuild-backend = 'poetry.core.masonry.api'\n[tool.poetry]\nname = 'shop-kit'\n{packages}\n"
        )
    };
    check_clean(
        &with("packages = [{include = 'shop'}, {include = 'x', format = 'sdist'}]"),
        &["shop/a.py", "x/a.py"],
        &["shop = shop", "[x = x]"],
    );
    check_clean(&with("packages = [{include = 'shop', from = 'src'}]"), SRC, &["shop = src/shop"]);
    check_clean(&with("packages = [{include = 'shop', to = 'ns'}]"), &["shop/a.py"], &["ns.shop = shop"]);
    check_clean(
        &with("packages = [{include = 'ns/shop/**/*.py', from = 'lib'}]"),
        &["lib/ns/shop/a.py"],
        &["ns.shop = lib/ns/shop < lib"],
    );
    check_clean(
        &with("[[tool.poetry.packages]]\ninclude = 'one.py'\n"),
        &["one.py", "two.py"],
        &["one = one.py", "[two = two.py]"],
    );
    check_clean(&with(""), &["src/shop_kit/a.py", "src/x/a.py"], &["shop_kit = src/shop_kit", "[x = src/x]"]);
    check_clean(&with(""), &["shop_kit.py"], &["shop_kit = shop_kit.py"]);
    // Without a build system the settings tell whose they are.
    check_clean("[tool.poetry]\nname = 'one'\n", &["one/a.py"], &["one = one"]);
}

#[test]
fn pdm_uv_and_flit_have_their_own_settings() {
    let pdm = |options: &str| {
        format!(
            "[build-system]\nbuild-backend = 'pdm.backend'\n[project]\nname = 'p'\n[tool.pdm.build]\n{options}\n"
        )
    };
    check_clean(
        &pdm("includes = ['src/shop', 'x/**/*.py']"),
        &["src/shop/a.py", "x/a.py"],
        &["shop = src/shop", "x = x"],
    );
    check_clean(
        &pdm("package-dir = 'lib'"),
        &["lib/shop/__init__.py", "lib/tests/__init__.py"],
        &["shop = lib/shop", "[lib = lib]"],
    );
    check_clean(&pdm(""), SRC, &["shop = src/shop"]);
    check_clean(&pdm(""), &["one.py", "x/a.py"], &["one = one.py", "[x = x]"]);

    let uv = |options: &str| {
        format!(
            "[build-system]\nbuild-backend = 'uv_build'\n[project]\nname = 'Shop-Kit'\n[tool.uv.build-backend]\n{options}\n"
        )
    };
    check_clean(&uv(""), &["src/shop_kit/__init__.py"], &["shop_kit = src/shop_kit"]);
    check_clean(&uv("module-name = 'shop'\nmodule-root = ''"), FLAT, &["shop = shop", "[tests = tests]"]);
    check_clean(
        &uv("module-name = ['ns.shop', 'one']"),
        &["src/ns/shop/a.py", "src/one/a.py", "src/x/a.py"],
        &["ns.shop = src/ns/shop < src", "one = src/one", "[x = src/x]"],
    );

    let flit = |options: &str| {
        format!(
            "[build-system]\nbuild-backend = 'flit_core.buildapi'\n[project]\nname = 'shop-kit'\n{options}\n"
        )
    };
    check_clean(&flit(""), &["src/shop_kit/a.py"], &["shop_kit = src/shop_kit"]);
    check_clean(&flit("[tool.flit.module]\nname = 'ns.shop'"), &["ns/shop/a.py"], &["ns.shop = ns/shop < ."]);
    check_clean(&flit("[tool.flit.module]\nname = 'one'"), &["one.py"], &["one = one.py"]);
    let package = check_toml(&flit("[tool.flit.module]\nname = 'store'"), SRC, &["(shop = src/shop)"]);
    assert_eq!(notes(&package), ["6: the build ships `store`, which does not exist in the package"]);
}

#[test]
fn the_layout_tells_where_no_build_does() {
    let tools_only = "[tool.ruff]\nline-length = 100\n";
    check_clean(
        tools_only,
        &["src/shop/a.py", "src/one.py", "run.py"],
        &["(one = src/one.py)", "(shop = src/shop)", "[run = run.py]"],
    );
    check_clean(
        tools_only,
        &["shop/__init__.py", "tests/__init__.py", "x/a.py"],
        &["(shop = shop)", "[tests = tests]", "[x = x]"],
    );
    check_clean(tools_only, &["__init__.py", "x/a.py"], &["(p = .)"]);
    check_clean(tools_only, &["__init__.py", "shop/__init__.py", "a.py"], &["(shop = shop)", "[p = .]"]);
    check_clean(tools_only, &["x/a.py", "b.py"], &["[b = b.py]", "[x = x]"]);
    check_clean("[build-system]\nbuild-backend = 'maturin'\n", SRC, &["(shop = src/shop)"]);
    check(&[], &["__init__.py", "shop/__init__.py"], &["(p = .)"]);
    check(&[], &["domain/a.py", "dto/b.py"], &["(p = .)"]);
    check(
        &[],
        &["shop/__init__.py", "x/a.py", "tests/__init__.py"],
        &["(shop = shop)", "[tests = tests]", "[x = x]"],
    );
    check(&[("README.md", "")], &[], &[]);
    check(&[], &["src/__init__.py", "src/shop/a.py"], &["(shop = src/shop)", "[src = src]"]);
}

#[test]
fn strange_names_stay_as_they_are() {
    let files = [
        "entities - move these/a.py",
        "__init__.py/b.py",
        "data-kit/__init__.py",
        ".hidden/c.py",
        "__pycache__/d.py",
    ];
    check(
        &[("setup.cfg", "")],
        &files,
        &[
            "(data-kit = data-kit)",
            "[__init__.py = __init__.py]",
            "[entities - move these = entities - move these]",
        ],
    );
}

#[test]
fn one_package_may_have_a_name_twice() {
    let package = package(&[("pyproject.toml", "")], &["__init__.py", "api/a.py", "src/p/b.py"]);
    assert_eq!(shown(&package), ["(p = src/p)", "[p = .]"]);
    assert_eq!(notes(&package), ["0: `p` may mean `p`, `p/src/p`"]);
    assert_eq!(notes(&self::package(&[], &["src/one.py", "src/one.pyi"])), [""; 0]);
}

#[test]
fn unreadable_project_files_are_noted_and_the_layout_counts() {
    let package = check_toml("[project]\nname = 'p'\nname = 'q'\n", SRC, &["(shop = src/shop)"]);
    assert!(package.has_project_file && package.distribution.is_none());
    assert_eq!(package.name, "p");
    let note = &package.notes[0];
    assert_eq!((note.line, note.path.as_ref().map(RelPath::as_str)), (Some(3), Some("p/pyproject.toml")));
    assert!(note.message.starts_with("is not valid TOML and is not read: "), "{note:?}");
}

#[test]
fn metadata_names_the_distribution_and_its_needs() {
    let text = "[project]\nname = 'Shop.Kit'\ndependencies = ['Pydantic>=2', 'a_b[x] ; extra']\n[project.optional-dependencies]\nx = ['c']\n[dependency-groups]\ndev = ['d', {include-group = 'x'}]\n[tool.poetry.dependencies]\npython = '^3.11'\ne = {path = '../e'}\n[tool.poetry.group.dev.dependencies]\nf = '*'\n";
    let toml = package(&[("pyproject.toml", text)], &["a.py"]);
    assert_eq!((toml.name.as_str(), toml.distribution.as_deref()), ("Shop.Kit", Some("Shop.Kit")));
    assert_eq!(toml.dependencies, ["a-b", "c", "d", "e", "f", "pydantic"]);
    let cfg = "[metadata]\nname = kit\n[options]\ninstall_requires =\n  a[x,y]>1,<2\n  b\n[options.extras_require]\nx = c; d\n  e\n";
    let cfg = package(&[("setup.cfg", cfg)], &[]);
    assert_eq!(
        (cfg.name.as_str(), cfg.dependencies),
        ("kit", ["a", "b", "c", "e"].map(str::to_owned).to_vec())
    );
    let setup = package(
        &[("setup.py", "setup(name='kit', install_requires=['a'], extras_require={'x': ['b']})")],
        &[],
    );
    assert_eq!((setup.name.as_str(), setup.dependencies), ("kit", ["a", "b"].map(str::to_owned).to_vec()));
}

fn folders(packages: &[Package]) -> Vec<&str> {
    packages.iter().map(|package| package.folder.as_str()).collect()
}

#[test]
fn members_are_folders_that_a_glob_names() {
    let tree = snapshot(&[
        ("pkgs/b/README.md", ""),
        ("pkgs/a kit/x.py", ""),
        ("pkgs/.hidden/x.py", ""),
        ("pkgs/__pycache__/x.py", ""),
        ("pkgs/archive/x.py", ""),
        ("pkgs/archive/old/x.py", ""),
        ("pkgs/file.py", ""),
        ("x.py", ""),
    ]);
    let (packages, _) =
        find_packages(&tree, &globs(&["pkgs/*", ".", "pkgs/archive/*", "none/*"]), &globs(&["**/archive"]));
    assert_eq!(folders(&packages), ["", "pkgs/a kit", "pkgs/b"]);
    assert_eq!(packages[0].name, ".");
    assert_eq!(shown(&packages[0]), ["[pkgs = pkgs]", "[x = x.py]"]);
    assert_eq!(shown(&packages[1]), ["(a kit = .)"]);
    assert_eq!(shown(&packages[2]), [""; 0]);
    assert_eq!(
        unmatched_members(&tree, &globs(&["pkgs/*", "none/*", ".", "pkgs/file.py", "pkgs/.hidden"])),
        [1, 3, 4]
    );
    assert_eq!(unmatched_exclude(&tree, &globs(&["**/archive", "none", "pkgs/file.py", "*/old/**"])), [1, 3]);
}

#[test]
fn files_belong_to_the_innermost_package() {
    let tree = snapshot(&[
        ("p/__init__.py", ""),
        ("p/a.py", ""),
        ("p/inner/pyproject.toml", "[tool.ruff]\n"),
        ("p/inner/src/kit/b.py", ""),
        ("p/inner-b/c.py", ""),
        ("p/vendored/d.py", ""),
    ]);
    let (packages, _) = find_packages(&tree, &globs(&["p", "p/inner"]), &globs(&["p/vendored/**"]));
    assert_eq!(folders(&packages), ["p", "p/inner"]);
    assert_eq!(shown(&packages[0]), ["(p = .)"]);
    assert_eq!(shown(&packages[1]), ["(kit = src/kit)"]);
    // With nothing of its own, a package ships nothing.
    let (packages, _) = find_packages(&snapshot(&[("p/q/a.py", "")]), &globs(&["p", "p/q"]), &[]);
    assert_eq!(packages.iter().map(shown).collect::<Vec<_>>(), [vec![], vec!["(q = .)".to_owned()]]);
}

/// The notes about the packages `a` and `b` with these files.
fn rivals(files: &[(&str, &str)]) -> Vec<String> {
    let (_, notes) = find_packages(&snapshot(files), &globs(&["a", "b"]), &[]);
    notes.into_iter().map(|note| note.message).collect()
}

#[test]
fn an_import_name_in_two_packages_is_noted_once() {
    let both = ["the import name `shop` is shipped by 2 packages: `a`, `b`"];
    assert_eq!(rivals(&[("a/src/shop/__init__.py", ""), ("b/src/shop/__init__.py", "")]), both);
    assert_eq!(rivals(&[("a/src/shop/__init__.py", ""), ("b/src/shop/x.py", "")]), both);
    assert_eq!(rivals(&[("a/src/shop/x.py", ""), ("b/src/shop/x.py", "")]), both);
    assert_eq!(rivals(&[("a/src/shop/k/__init__.py", ""), ("b/src/shop/k/__init__.py", "")]), both);
    // Portions of a namespace live side by side, and what is left over is not
    // shipped.
    assert_eq!(rivals(&[("a/src/shop/k/__init__.py", ""), ("b/src/shop/l/__init__.py", "")]), [""; 0]);
    assert_eq!(
        rivals(&[("a/src/x/a.py", ""), ("a/tests/t.py", ""), ("b/src/y/a.py", ""), ("b/tests/t.py", "")]),
        [""; 0]
    );
    let named = |folder: &'static str| (folder, "[project]\nname = 'Shop_Kit'\n");
    assert_eq!(
        rivals(&[named("a/pyproject.toml"), named("b/pyproject.toml")]),
        ["the distribution name `shop-kit` belongs to 2 packages: `a`, `b`"]
    );
}
