//! `scaffold-package`: a new package from a template, in the habit of the tree.
//!
//! What exists is never touched: of a package that is there already, only the
//! files that it lacks are added. Before anything is made, its import name is
//! looked for in the whole tree, since imports that named nothing would
//! silently come to mean the new package.

mod blueprint;
mod codeowners;
mod fitting;
mod neighbours;
mod rules;
mod site;
mod taken;
mod uv;

use repot_change::{Applicability, Class, Content, Evidence, Outcome, RelPath, Span};
use repot_codemod::{Codemod, CodemodError, Context, Proposal};
use repot_roadmap::{CodemodSchema, SettingKind, SettingSchema};
use repot_workspace::Workspace;

use blueprint::Blueprint;
use neighbours::Neighbours;
use site::Site;

/// The codemod.
pub struct ScaffoldPackage;

const SETTINGS: &[SettingSchema<'static>] = &[
    SettingSchema {
        name: "name",
        kind: SettingKind::Text,
        default: "",
        about: "The name of the distribution.",
    },
    SettingSchema {
        name: "path",
        kind: SettingKind::Text,
        default: "",
        about: "The package's folder, which the workspace's `members` must match.",
    },
    SettingSchema {
        name: "import-name",
        kind: SettingKind::Text,
        default: "",
        about: "The dotted name that is imported; without one, the distribution's with underscores.",
    },
    SettingSchema {
        name: "template",
        kind: SettingKind::Text,
        default: "shared",
        about: "`shared`, `interfaces`, `infrastructure`, a folder in `path` of `[template]`, or any folder of the tree.",
    },
    SettingSchema {
        name: "description",
        kind: SettingKind::Text,
        default: "",
        about: "One line about the package, without a full stop; without one, the template's.",
    },
    SettingSchema {
        name: "adopt",
        kind: SettingKind::Bool,
        default: "false",
        about: "Whether the package may take an import name that the tree uses already.",
    },
    SettingSchema {
        name: "owners",
        kind: SettingKind::List,
        default: "",
        about: "Who owns the package in `CODEOWNERS`; without any, whoever owns all of its neighbours.",
    },
];

impl Codemod for ScaffoldPackage {
    fn schema(&self) -> CodemodSchema<'static> {
        CodemodSchema { name: "scaffold-package", settings: SETTINGS }
    }

    fn about(&self) -> &'static str {
        "Makes a new package from a template, in the layout and with the build backend of its neighbours."
    }

    fn propose(&self, context: &Context<'_>) -> Result<Proposal, CodemodError> {
        let neighbours = Neighbours::read(context)?;
        let site = Site::new(context, &neighbours)?;
        taken::refuse(context, &site)?;
        let mut files = Blueprint::find(context, &site, &neighbours)?.files;
        fitting::fit_project_file(context, &site, &mut files)?;
        let mut scaffold =
            Scaffold { workspace: context.workspace, site: &site, proposal: Proposal::default() };
        scaffold.add_files(files)?;
        rules::add(&mut scaffold, &neighbours)?;
        uv::enlist(&mut scaffold)?;
        codeowners::add(&mut scaffold, context.settings.get_list("owners")?, &neighbours)?;
        Ok(scaffold.proposal)
    }
}

/// A package under construction.
struct Scaffold<'a> {
    workspace: &'a Workspace,
    site: &'a Site,
    proposal: Proposal,
}

impl Scaffold<'_> {
    /// Adds the files, by their paths below the package's folder, that are not
    /// there.
    fn add_files(&mut self, files: Vec<(RelPath, Vec<u8>)>) -> Result<(), CodemodError> {
        let (present, wanted): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|(path, _)| self.is_present(path));
        // A test of the template fits the template's own modules only.
        let is_foreign = |(path, bytes): &(RelPath, Vec<u8>)| {
            let found = self.workspace.snapshot().get(path).and_then(|file| file.bytes());
            self.is_module(path)
                && path.file_stem() != "__init__"
                && found.is_none_or(|found| found[..] != **bytes)
        };
        let foreign = present.iter().find(|file| is_foreign(file)).map(|(path, _)| path.clone());
        for (path, bytes) in wanted {
            match &foreign {
                Some(other) if path.extension() == Some("py") && !self.is_module(&path) => {
                    let reason = format!("`{other}` is not the template's, which the test is about");
                    let outcome = Outcome::Skipped { reason };
                    self.say(class_of(&path), &path, "what exists stays as it is", outcome);
                }
                _ => self.create(path, bytes, "the template has it")?,
            }
        }
        Ok(())
    }

    /// Whether the file is there, or what stands in for it: the folder of a
    /// module, the older project files of a `pyproject.toml`, a link.
    fn is_present(&self, path: &RelPath) -> bool {
        let snapshot = self.workspace.snapshot();
        let exists = |path: &RelPath| snapshot.get(path).is_some() || snapshot.is_folder(path);
        let is_linked = |link: &RelPath| path.is_within(link);
        let folder = path.parent().unwrap_or_else(RelPath::root);
        let is_package = path.extension() == Some("py")
            && folder.join(path.file_stem()).is_ok_and(|folder| snapshot.is_folder(&folder));
        let is_project = path.file_name() == "pyproject.toml" && self.site.has_project_file;
        let is_blocked = path.ancestors().any(|above| snapshot.get(&above).is_some());
        exists(path) || is_package || is_project || is_blocked || snapshot.links().iter().any(is_linked)
    }

    fn is_module(&self, path: &RelPath) -> bool {
        path.extension() == Some("py") && path.is_within(&self.site.package)
    }

    fn create(&mut self, path: RelPath, bytes: Vec<u8>, rule: &str) -> Result<(), CodemodError> {
        let class = class_of(&path);
        let outcome = Outcome::Rewritten { to: path.to_string(), applicability: Applicability::Certain };
        self.say(class, &path, rule, outcome);
        Ok(self.proposal.changes_mut(class).create(path, Content::plain(bytes))?)
    }

    fn say(&mut self, class: Class, path: &RelPath, rule: &str, outcome: Outcome) {
        let below = path.relative_to(&self.site.folder).unwrap_or(path.as_str());
        self.proposal.evidence.push(Evidence {
            class,
            path: path.clone(),
            line: 1,
            span: Span::at(0),
            package: Some(self.site.name.clone()),
            subject: format!("{}: {below}", self.site.name),
            rule: rule.to_owned(),
            candidates: Vec::new(),
            winner: None,
            outcome,
            warnings: Vec::new(),
        });
    }
}

fn class_of(path: &RelPath) -> Class {
    match path.extension() {
        Some("py" | "pyi" | "typed") => Class::Imports,
        Some("md" | "rst" | "txt") => Class::Docs,
        _ => Class::Config,
    }
}
