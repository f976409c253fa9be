//! What the surroundings of a string make of it.

use repot_change::Applicability::{self, Certain, Review};
use repot_python::{ImportKind, SourceFile, StringLiteral};
use repot_workspace::Module;

/// What a string is where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Role {
    /// How sure it is that a dotted name refers.
    pub(super) applicability: Applicability,
    /// In words.
    pub(super) rule: &'static str,
    /// Whether a name of one component refers.
    pub(super) is_single: bool,
    /// Whether the last component is looked up as an attribute of the rest.
    pub(super) is_looked_up: bool,
    /// Whether the name may be relative to a package.
    pub(super) is_import: bool,
    /// Whether it may hold `command = module:function`.
    pub(super) holds_entries: bool,
    /// Whether it is part of an address of the web, which only looks like a
    /// path.
    pub(super) is_route: bool,
}

const PLAIN: Role = Role {
    applicability: Review,
    rule: "the string names it in full",
    is_single: false,
    is_looked_up: false,
    is_import: false,
    holds_entries: false,
    is_route: false,
};

/// A path to a file or folder.
pub(super) const PATH: Role = Role { rule: "the string is its path", ..PLAIN };

/// A relative name that some other place imports.
pub(super) const HANDED_ON: Role = Role { rule: "a `__getattr__` imports it by this name", ..PLAIN };

const fn certain(rule: &'static str) -> Role {
    Role { applicability: Certain, rule, is_single: true, ..PLAIN }
}

const IMPORT: Role = Role { is_import: true, ..certain("it is imported by this name") };
const PATCH: Role = Role { is_looked_up: true, ..certain("it is patched where it is looked up") };
const LOADED: Role = certain("`sys.modules` has it under this name");
const RESOURCE: Role = certain("its resources are read");
const OWN_NAME: Role = certain("the name says where it is imported from");
const MODULE_RUN: Role = Role { is_single: true, rule: "it is run by this name", ..PLAIN };
const LOGGER: Role = Role { rule: "a logger is named after it", ..PLAIN };
const SETTING: Role = Role { is_single: true, rule: "a setting names it", ..PLAIN };

/// Functions by the end of their name, the place and the keywords of the
/// argument that names a module or symbol, and what that makes it.
const FUNCTIONS: &[(&[&str], usize, &[&str], Role)] = &[
    (&["import_module", "__import__", "importorskip"], 0, &["name", "modname"], IMPORT),
    (&["find_spec", "find_loader", "resolve_name"], 0, &["name", "fullname"], IMPORT),
    (&["import_module", "find_spec", "resolve_name"], 1, &["package"], IMPORT),
    (&["run_module", "spec_from_file_location"], 0, &["mod_name", "name"], IMPORT),
    (
        &["import_string", "import_from_string", "import_object", "locate"],
        0,
        &["dotted_path", "path"],
        IMPORT,
    ),
    (
        &["mock.patch", "mocker.patch", "mock.patch.dict", "mocker.patch.dict"],
        0,
        &["target", "in_dict"],
        PATCH,
    ),
    (
        &["patch.multiple", "patch.dict", "monkeypatch.setattr", "monkeypatch.delattr"],
        0,
        &["target", "in_dict"],
        PATCH,
    ),
    (&["sys.modules.get", "sys.modules.pop", "sys.modules.setdefault"], 0, &[], LOADED),
    (
        &["pkgutil.get_data", "resources.files", "importlib_resources.files"],
        0,
        &["package", "anchor"],
        RESOURCE,
    ),
    (
        &["resources.open_text", "resources.open_binary", "resources.path"],
        0,
        &["package", "anchor"],
        RESOURCE,
    ),
    (
        &["resources.read_text", "resources.read_binary", "resources.is_resource"],
        0,
        &["package", "anchor"],
        RESOURCE,
    ),
    (&["resource_filename", "resource_string", "resource_stream"], 0, &["package_or_requirement"], RESOURCE),
    (&["resource_exists", "resource_listdir", "resource_isdir"], 0, &["package_or_requirement"], RESOURCE),
    (&["PackageLoader"], 0, &["package_name"], RESOURCE),
    (&["getLogger", "assertLogs", "assertNoLogs"], 0, &["name", "logger"], LOGGER),
    (&["at_level", "set_level"], usize::MAX, &["logger"], LOGGER),
];

/// Functions whose strings are addresses.
const ROUTES: &[&str] = &[
    "urls.path",
    "re_path",
    "url",
    "route",
    "add_url_rule",
    "add_route",
    "redirect",
    "get",
    "post",
    "put",
    "delete",
    "patch",
    "urljoin",
];

/// Names that are given dotted names.
const TARGETS: &[(&[&str], Role)] = &[
    (&["__module__", "__package__", "pytest_plugins"], OWN_NAME),
    (&["INSTALLED_APPS", "ROOT_URLCONF", "DJANGO_SETTINGS_MODULE", "MIDDLEWARE"], SETTING),
];

/// Names whose dotted strings are labels of applications and their models, not
/// of modules.
const LABELS: &[&str] = &["AUTH_USER_MODEL", "swappable", "app_label"];

/// What the arguments of `setup()` name packages by.
const SETUP: &[&str] = &["packages", "py_modules", "package_data", "package_dir", "entry_points"];

/// What the strings of one file are read with.
pub(super) struct Surroundings<'a> {
    source: &'a SourceFile,
    is_setup: bool,
}

impl<'a> Surroundings<'a> {
    pub(super) fn of(source: &'a SourceFile, importer: &Module) -> Self {
        Self { source, is_setup: importer.path.file_name() == "setup.py" }
    }

    /// What `literal` is; `before` is the literal before it. `None` when it
    /// names something else in the same spelling.
    pub(super) fn role(
        &self,
        literal: &StringLiteral<'_>,
        before: Option<&StringLiteral<'_>>,
    ) -> Option<Role> {
        let given_to = literal.target.as_deref().map(last);
        if given_to.is_some_and(|name| name == "__all__" || LABELS.contains(&name)) {
            return None;
        }
        let by_call = || self.by_call(literal);
        let by_index = || {
            let subscribed = self.canonical(literal.subscribed.as_deref()?);
            (subscribed == "sys.modules").then_some(LOADED)
        };
        let by_switch = || {
            let before = before.filter(|before| before.bytes == b"-m")?;
            let between = &self.source.bytes()[before.span.end..literal.span.start];
            let is_next = between.iter().all(|byte| *byte == b',' || byte.is_ascii_whitespace());
            (is_next && between.contains(&b',')).then_some(MODULE_RUN)
        };
        let role = by_call().or_else(by_index).or_else(|| self.by_target(literal)).or_else(by_switch);
        Some(role.unwrap_or(PLAIN))
    }

    fn by_call(&self, literal: &StringLiteral<'_>) -> Option<Role> {
        let call = self.canonical(literal.call.as_deref()?);
        let keyword = literal.target.as_deref().filter(|_| literal.position.is_none());
        let is_here = |place: usize, keywords: &[&str]| {
            literal.position == Some(place) || keyword.is_some_and(|keyword| keywords.contains(&keyword))
        };
        let arguments = &self.source.bytes()[literal.arguments?.range()];
        match call.as_str() {
            "patch" if is_here(0, &["target"]) => return Some(PATCH),
            "__import__" if is_here(0, &["name"]) && !arguments.contains(&b',') => {
                // Its value is the top-level package, whose attributes follow.
                return Some(Role { applicability: Review, ..IMPORT });
            }
            _ if ["setitem", "delitem"].iter().any(|name| ends(&call, name)) => {
                let is_modules = literal.position == Some(1) && arguments.starts_with(b"(sys.modules");
                return is_modules.then_some(LOADED);
            }
            _ => {}
        }
        let is_called = |names: &[&str]| names.iter().any(|name| ends(&call, name));
        let named = |(names, place, keywords, _): &&(&[&str], usize, &[&str], Role)| {
            is_here(*place, keywords) && is_called(names)
        };
        let is_route = is_called(ROUTES);
        let named = FUNCTIONS.iter().find(named).map(|(.., role)| *role);
        named.or_else(|| is_route.then_some(Role { is_route, ..PLAIN }))
    }

    fn by_target(&self, literal: &StringLiteral<'_>) -> Option<Role> {
        let name = last(literal.target.as_deref()?);
        if name == "entry_points" || (self.is_setup && SETUP.contains(&name)) {
            return Some(Role { holds_entries: true, ..SETTING });
        }
        TARGETS.iter().find(|(names, _)| names.contains(&name)).map(|(_, role)| *role)
    }

    /// What the dotted name `text` is called where the imports take it from.
    fn canonical(&self, text: &str) -> String {
        let (root, rest) = text.split_once('.').map_or((text, None), |(root, rest)| (root, Some(rest)));
        let mut whole = root.to_owned();
        for stmt in self.source.imports() {
            for item in stmt.items().iter().filter(|item| item.bound() == root) {
                whole = match (&stmt.kind, &item.alias) {
                    (ImportKind::Import(_), None) => continue,
                    (ImportKind::Import(_), Some(_)) => item.name.text.clone(),
                    (ImportKind::From(from), _) => format!("{}.{}", from.written(), item.name.text),
                };
            }
        }
        rest.into_iter().fold(whole, |whole, rest| format!("{whole}.{rest}"))
    }
}

fn last(dotted: &str) -> &str {
    dotted.rsplit('.').next().unwrap_or(dotted)
}

/// Whether the dotted name `text` ends with `name`.
fn ends(text: &str, name: &str) -> bool {
    text.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
