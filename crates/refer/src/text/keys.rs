//! Which keys of TOML configuration hold import names, paths and commands.
//!
//! The ways are those of `pyproject.toml`; steps are separated by blanks, `*`
//! is any step, `|` separates alternatives, and `**` is any way at all. What is
//! listed here is what the tools' own documentation says of the key.

use super::region::Meaning::{self, Command, Either, Folders, Names, Paths, Rooted, Text};

/// A way, what stands there, and the rule in words.
pub(super) type Rule = (&'static str, Meaning, &'static str);

const ENTRY_POINT: &str = "an entry point names an object";
const PACKAGES: &str = "the build names its packages";
const BUILD_PATH: &str = "the build names a path";
const COVERAGE: &str = "coverage names what it measures";
const FIRST_PARTY: &str = "the import sorter names our own packages";
const LINTED: &str = "a linter names a path";
const LINTER_MODULE: &str = "a linter names a module";
const TYPED: &str = "the type checker names a path";
const TYPED_MODULE: &str = "the type checker names a module";
const TESTS: &str = "the test runner names a path";
const CONTRACT: &str = "an import contract names a module";
const VERSION: &str = "a release tool names the file of the version";
const COMMAND: &str = "a command names it";

/// Names and paths of others: distributions, addresses, people.
pub(super) const NEVER: &[Rule] = &[
    (
        "project name|dependencies|optional-dependencies|urls|authors|maintainers|keywords|classifiers **",
        Text,
        "",
    ),
    ("project version|requires-python|license|license-files|dynamic **", Text, ""),
    ("dependency-groups **", Text, ""),
    ("build-system requires **", Text, ""),
    ("tool poetry name|version|authors|keywords|classifiers|extras|homepage|repository|urls **", Text, ""),
    ("tool poetry dependencies|dev-dependencies *", Text, ""),
    ("tool poetry group * dependencies *", Text, ""),
    ("tool flit metadata requires|requires-extra|dist-name **", Text, ""),
    ("tool uv sources *", Text, ""),
    ("tool uv dev-dependencies|constraint-dependencies|override-dependencies **", Text, ""),
    ("tool hatch envs * dependencies|extra-dependencies|features **", Text, ""),
    ("tool pdm dev-dependencies **", Text, ""),
    ("tool pixi **", Text, ""),
    ("package name|version|dependencies **", Text, ""),
    // A roadmap says where the tree was and where it goes, as `repot.toml` does.
    ("tool repot **", Text, ""),
];

/// What values hold.
pub(super) const VALUES: &[Rule] = &[
    // Builds.
    ("project scripts|gui-scripts *", Names, ENTRY_POINT),
    ("project entry-points * *", Names, ENTRY_POINT),
    ("project import-names|import-namespaces", Names, PACKAGES),
    ("project readme", Paths, BUILD_PATH),
    ("project readme file", Paths, BUILD_PATH),
    ("build-system build-backend", Names, "the build names its backend"),
    ("build-system backend-path", Paths, BUILD_PATH),
    ("tool poetry scripts *", Names, ENTRY_POINT),
    ("tool poetry scripts * reference|callable", Names, ENTRY_POINT),
    ("tool poetry plugins * *", Names, ENTRY_POINT),
    ("tool poetry packages include", Folders, PACKAGES),
    ("tool poetry packages from", Paths, BUILD_PATH),
    ("tool poetry include|exclude", Paths, BUILD_PATH),
    ("tool poetry include|exclude path", Paths, BUILD_PATH),
    ("tool poetry dependencies|dev-dependencies * path", Paths, BUILD_PATH),
    ("tool poetry group * dependencies * path", Paths, BUILD_PATH),
    ("tool poetry build script", Paths, BUILD_PATH),
    ("tool poetry build", Paths, BUILD_PATH),
    ("tool poetry-dynamic-versioning **", Paths, VERSION),
    ("tool pdm scripts * call", Names, COMMAND),
    ("tool pdm scripts **", Command, COMMAND),
    ("tool pdm build includes|excludes|source-includes|package-dir|custom-hook", Paths, BUILD_PATH),
    ("tool pdm version path|write_to", Paths, VERSION),
    ("tool pdm version getter", Names, VERSION),
    ("tool flit module name", Names, PACKAGES),
    ("tool flit metadata module", Names, PACKAGES),
    ("tool flit scripts *", Names, ENTRY_POINT),
    ("tool flit entrypoints * *", Names, ENTRY_POINT),
    ("tool flit sdist include|exclude", Paths, BUILD_PATH),
    ("tool setuptools packages|py-modules", Names, PACKAGES),
    ("tool setuptools packages find include|exclude", Names, PACKAGES),
    ("tool setuptools packages find where", Paths, BUILD_PATH),
    ("tool setuptools package-dir *", Paths, BUILD_PATH),
    ("tool setuptools package-data|exclude-package-data *", Text, BUILD_PATH),
    ("tool setuptools dynamic * attr", Names, VERSION),
    ("tool setuptools dynamic * file", Paths, BUILD_PATH),
    ("tool setuptools data-files *", Paths, BUILD_PATH),
    ("tool setuptools cmdclass *", Names, ENTRY_POINT),
    ("tool setuptools ext-modules name", Names, PACKAGES),
    ("tool setuptools ext-modules sources|depends|include-dirs", Paths, BUILD_PATH),
    ("tool setuptools_scm|setuptools-scm|versioningit write_to|version_file", Paths, VERSION),
    (
        "tool hatch build packages|include|exclude|only-include|only-packages|artifacts|sources",
        Rooted,
        BUILD_PATH,
    ),
    (
        "tool hatch build targets * packages|include|exclude|only-include|only-packages|artifacts|sources",
        Rooted,
        BUILD_PATH,
    ),
    ("tool hatch build force-include|sources *", Paths, BUILD_PATH),
    ("tool hatch build targets * force-include|sources *", Paths, BUILD_PATH),
    ("tool hatch build hooks * version-file|path|build-hook-file", Paths, BUILD_PATH),
    ("tool hatch version path", Paths, VERSION),
    ("tool hatch envs * scripts **", Command, COMMAND),
    ("tool maturin module-name|python-packages", Names, PACKAGES),
    ("tool maturin python-source|manifest-path", Paths, BUILD_PATH),
    ("tool maturin include|exclude", Paths, BUILD_PATH),
    ("tool maturin include|exclude path", Paths, BUILD_PATH),
    ("tool uv build-backend module-name", Names, PACKAGES),
    ("tool uv build-backend module-root|source-include|source-exclude|wheel-exclude", Paths, BUILD_PATH),
    ("tool uv workspace members|exclude", Paths, BUILD_PATH),
    ("tool uv sources * path", Paths, BUILD_PATH),
    ("tool scikit-build wheel packages", Paths, PACKAGES),
    ("tool scikit-build wheel packages *", Paths, PACKAGES),
    ("tool scikit-build sdist include|exclude", Paths, BUILD_PATH),
    // Coverage and tests.
    ("tool coverage run source", Either, COVERAGE),
    ("tool coverage run source_pkgs|plugins", Names, COVERAGE),
    ("tool coverage run|report omit|include|source_dirs", Paths, COVERAGE),
    ("tool coverage paths *", Paths, COVERAGE),
    ("tool pytest ini_options testpaths|pythonpath|norecursedirs|confcutdir|log_file", Paths, TESTS),
    ("tool pytest ini_options DJANGO_SETTINGS_MODULE", Names, "a setting names a module"),
    ("tool pytest ini_options addopts", Command, "the test runner's options name it"),
    ("tool pytest ini_options filterwarnings", Text, "a warning filter names it"),
    ("tool pytest testpaths|pythonpath|norecursedirs", Paths, TESTS),
    ("tool pytest addopts", Command, "the test runner's options name it"),
    // Linters.
    ("tool isort known_first_party|known_third_party|known_local_folder", Names, FIRST_PARTY),
    ("tool isort src_paths|skip|extend_skip|skip_glob|extend_skip_glob", Paths, LINTED),
    ("tool ruff src|exclude|extend-exclude|include|extend-include|force-exclude", Paths, LINTED),
    ("tool ruff namespace-packages|builtins", Paths, LINTED),
    ("tool ruff extend", Paths, LINTED),
    ("tool ruff lint|format exclude|src", Paths, LINTED),
    ("tool ruff isort known-first-party|known-third-party|known-local-folder", Names, FIRST_PARTY),
    ("tool ruff lint isort known-first-party|known-third-party|known-local-folder", Names, FIRST_PARTY),
    ("tool ruff lint isort sections *", Names, FIRST_PARTY),
    ("tool ruff lint flake8-tidy-imports banned-module-level-imports", Names, LINTER_MODULE),
    (
        "tool ruff lint flake8-type-checking exempt-modules|runtime-evaluated-base-classes|runtime-evaluated-decorators",
        Names,
        LINTER_MODULE,
    ),
    ("tool ruff lint typing-modules|logger-objects", Names, LINTER_MODULE),
    ("tool ruff analyze include-dependencies *", Paths, LINTED),
    ("tool black exclude|extend-exclude|force-exclude|include", Paths, LINTED),
    ("tool bandit exclude_dirs|targets|exclude", Paths, LINTED),
    ("tool vulture|mutmut paths|exclude|paths_to_mutate|tests_dir", Paths, LINTED),
    ("tool interrogate|codespell exclude|skip", Paths, LINTED),
    ("tool deptry known_first_party", Names, FIRST_PARTY),
    ("tool deptry exclude|extend_exclude", Paths, LINTED),
    (
        "tool pylint * load-plugins|ignored-modules|extension-pkg-allow-list|ignored-classes",
        Names,
        LINTER_MODULE,
    ),
    ("tool pylint * ignore-paths|ignore|source-roots", Paths, LINTED),
    ("tool importlinter root_package|root_packages", Names, CONTRACT),
    ("tool importlinter contracts name", Meaning::Prose, "a title names it"),
    ("tool importlinter contracts **", Names, CONTRACT),
    ("tool tach modules path|depends_on|visibility|layer", Names, CONTRACT),
    ("tool tach modules depends_on path", Names, CONTRACT),
    ("tool tach interfaces from", Names, CONTRACT),
    ("tool tach source_roots|exclude", Paths, CONTRACT),
    // Type checkers.
    ("tool mypy files|mypy_path|exclude", Paths, TYPED),
    ("tool mypy packages|modules", Names, TYPED_MODULE),
    ("tool mypy plugins", Either, TYPED_MODULE),
    ("tool mypy overrides module", Names, TYPED_MODULE),
    ("tool django-stubs django_settings_module", Names, "a setting names a module"),
    ("tool pyright|basedpyright include|exclude|ignore|strict|extraPaths|stubPath", Paths, TYPED),
    ("tool pyright|basedpyright executionEnvironments root|extraPaths", Paths, TYPED),
    ("tool ty src|environment root|include|exclude|extra-paths", Paths, TYPED),
    ("tool ty overrides include|exclude", Paths, TYPED),
    ("tool pyrefly project-includes|project-excludes|search-path", Paths, TYPED),
    // Releases and tasks.
    ("tool commitizen version_files|changelog_file", Paths, VERSION),
    ("tool bumpversion files filename|glob", Paths, VERSION),
    ("tool semantic_release version_variable|version_variables|version_toml", Paths, VERSION),
    ("tool tbump file src", Paths, VERSION),
    ("tool towncrier package", Names, "the news tool names the package"),
    ("tool towncrier package_dir|directory|filename|template", Paths, "the news tool names a path"),
    ("tool poe tasks * script", Names, COMMAND),
    ("tool poe tasks * help", Meaning::Prose, "a sentence names it"),
    ("tool poe|taskipy tasks **", Command, COMMAND),
    ("tool tox **", Command, COMMAND),
    ("tool cibuildwheel **", Command, COMMAND),
    ("tool aerich tortoise_orm", Names, "a setting names an object"),
    ("tool aerich location|src_folder", Paths, "a setting names a path"),
    ("tool alembic script_location|prepend_sys_path|version_locations", Paths, "a setting names a path"),
    ("scripts *", Command, COMMAND),
];

/// What keys are.
pub(super) const KEYS: &[Rule] = &[
    ("tool setuptools package-dir|package-data|exclude-package-data *", Names, PACKAGES),
    ("tool hatch build force-include|sources *", Paths, BUILD_PATH),
    ("tool hatch build targets * force-include|sources *", Paths, BUILD_PATH),
    ("tool ruff per-file-ignores|extend-per-file-ignores *", Paths, LINTED),
    ("tool ruff lint per-file-ignores|extend-per-file-ignores *", Paths, LINTED),
    ("tool ruff per-file-target-version *", Paths, LINTED),
    ("tool ruff analyze include-dependencies *", Paths, LINTED),
    ("tool ruff lint flake8-tidy-imports banned-api *", Names, LINTER_MODULE),
    ("tool bumpver file_patterns *", Paths, VERSION),
    ("tool scikit-build wheel packages *", Paths, PACKAGES),
];
