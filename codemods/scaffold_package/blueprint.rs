//! The files of a template, filled in for one package.
//!
//! A template is a folder. A file whose name ends in `.j2` is rendered and loses
//! that ending, any other is taken as it is; the path of either is rendered. So
//! are the built-in templates, and so are the user's.

use std::collections::BTreeMap;

use include_dir::{Dir, DirEntry, include_dir};
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use repot_change::RelPath;
use repot_codemod::Context;
use repot_roadmap::{SettingError, nearest};

use super::neighbours::Neighbours;
use super::site::Site;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/scaffold_package/templates");

/// The built-in templates, and what a package made from one is described as.
const TEMPLATES: [(&str, &str); 3] = [
    ("shared", "Types, errors and utilities that every domain may use"),
    ("interfaces", "Contracts, data and events that cross the borders of domains"),
    ("infrastructure", "Configuration, logging and composition of a process"),
];

const SUFFIX: &str = ".j2";

/// How many steps rendering one file may take: a template is a file of the tree
/// like any other, and must not be able to stop a plan.
const FUEL: u64 = 1_000_000;

/// A file of a template: its path in the template, and its bytes.
type Source = (String, Vec<u8>);

/// The files of a package, by their paths in the workspace.
pub(super) struct Blueprint {
    pub(super) files: Vec<(RelPath, Vec<u8>)>,
}

impl Blueprint {
    /// Finds the template that the settings name and fills it in. One in the
    /// template folder of the roadmap goes before a built-in one of that name.
    ///
    /// # Errors
    ///
    /// [`SettingError`] when there is no such template, or it cannot be rendered.
    pub(super) fn find(
        context: &Context<'_>,
        site: &Site,
        neighbours: &Neighbours,
    ) -> Result<Self, SettingError> {
        let name = context.settings.get_str("template")?;
        let own = context.template.and_then(|template| template.path.as_ref());
        let in_own =
            own.and_then(|folder| RelPath::new(folder.value.trim_end_matches('/')).ok()?.join(name).ok());
        let known = TEMPLATES.iter().find(|(known, _)| *known == name);
        let folder = RelPath::new(name.trim_end_matches('/')).ok().filter(|folder| !folder.is_root());
        let from_tree = |folder: Option<RelPath>| {
            folder.map(|folder| tree_files(context, &folder)).filter(|files| !files.is_empty())
        };
        let (sources, about) = if let Some(sources) = from_tree(in_own) {
            (sources, None)
        } else if let Some((name, about)) = known {
            let refused = |(message, hint)| context.settings.error("template", message, Some(hint));
            neighbours.backend().map_err(refused)?;
            (built_in(name), Some(*about))
        } else if let Some(sources) = from_tree(folder) {
            (sources, None)
        } else {
            let hint = nearest(name, TEMPLATES.iter().map(|(known, _)| *known)).map_or_else(
                || "the built-in templates are `shared`, `interfaces` and `infrastructure`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(context.settings.error(
                "template",
                format!("there is no template `{name}`"),
                Some(hint),
            ));
        };
        let description = match context.settings.get_str("description")? {
            "" => about.map_or_else(|| site.name.clone(), str::to_owned),
            stated if stated.contains(['"', '\\', '\n']) => {
                let message = "must be one line without quotes and backslashes";
                return Err(context.settings.error("description", message, None));
            }
            stated => stated.to_owned(),
        };
        let renderer = Renderer::new(site, neighbours, &description);
        let files = sources.iter().map(|source| {
            renderer.file(site, source).map_err(|reason| {
                let message =
                    format!("`{}` of the template `{name}` cannot be filled in: {reason}", source.0);
                context.settings.error("template", message, None)
            })
        });
        Ok(Self { files: files.collect::<Result<_, _>>()? })
    }
}

/// What all built-in templates share, and what the one called `name` has.
fn built_in(name: &str) -> Vec<Source> {
    let mut files = BTreeMap::new();
    for folder in ["common", name] {
        if let Some(dir) = BUILT_IN.get_dir(folder) {
            collect(dir, folder, &mut files);
        }
    }
    files.into_iter().collect()
}

fn collect(dir: &Dir<'_>, base: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(inside) => collect(inside, base, files),
            DirEntry::File(file) => {
                let path = file.path().to_string_lossy().replace('\\', "/");
                let below = path.strip_prefix(base).unwrap_or(&path).trim_start_matches('/');
                files.insert(below.to_owned(), file.contents().to_vec());
            }
        }
    }
}

/// The files of a folder of the workspace.
fn tree_files(context: &Context<'_>, folder: &RelPath) -> Vec<Source> {
    let below = context.workspace.snapshot().below(folder);
    below
        .filter_map(|(path, file)| Some((path.relative_to(folder)?.to_owned(), file.bytes()?.to_vec())))
        .collect()
}

/// Fills in one package's values.
struct Renderer {
    environment: Environment<'static>,
    values: minijinja::Value,
}

impl Renderer {
    fn new(site: &Site, neighbours: &Neighbours, description: &str) -> Self {
        let mut environment = Environment::new();
        // A misspelt variable is an error, and nothing is HTML.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_fuel(Some(FUEL));
        let mut syntax = SyntaxConfig::builder();
        syntax.keep_trailing_newline(true).trim_blocks(true).lstrip_blocks(true);
        // The delimiters are Jinja's own, which cannot get into each other's way.
        if let Ok(syntax) = syntax.build() {
            environment.set_syntax(syntax);
        }
        let test_module = format!("test_{}", site.import_name.replace('.', "_"));
        let values = context! {
            name => &site.name,
            import_name => &site.import_name,
            top_level => site.import_name.split('.').next(),
            package => site.package_below(),
            source => &site.source,
            test_module,
            description => description.trim_end_matches('.'),
            requires_python => &neighbours.requires_python,
            python_minor => neighbours.python_minor(),
            ..backend(neighbours),
        };
        Self { environment, values }
    }

    fn file(&self, site: &Site, (path, bytes): &Source) -> Result<(RelPath, Vec<u8>), String> {
        let target = self.text(path, path.strip_suffix(SUFFIX).unwrap_or(path))?;
        let target = site.folder.join(&target).map_err(|error| error.to_string())?;
        if !path.ends_with(SUFFIX) {
            return Ok((target, bytes.clone()));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
        Ok((target, self.text(path, text)?.into_bytes()))
    }

    fn text(&self, name: &str, template: &str) -> Result<String, String> {
        self.environment.render_named_str(name, template, &self.values).map_err(|error| error.to_string())
    }
}

/// The values about the build backend; none for one that is not known here, so
/// that a template which asks for them says so.
fn backend(neighbours: &Neighbours) -> minijinja::Value {
    match neighbours.backend() {
        Ok(backend) => context! {
            build_backend => backend.module,
            build_requires => format!("\"{}\"", backend.requires),
        },
        Err(_) => context! {},
    }
}
