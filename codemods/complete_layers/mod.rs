//! `complete-layers`: packages get the layer folders that the template asks
//! for and that they lack.
//!
//! Only packages that the roadmap names. A folder that may be the layer under
//! another name is not doubled: a person says whether it is. Where no layer can
//! be made without breaking the tree's habit, that is said instead.

mod inits;

use repot_change::{
    Applicability, Candidate, Class, Content, DecisionKind, Evidence, Outcome, RelPath, Span,
};
use repot_codemod::{Codemod, CodemodError, Context, Proposal};
use repot_roadmap::{CodemodSchema, SettingKind, SettingSchema, Template, nearest};
use repot_workspace::{Layer, LayerHome, Layering, PackageId, Workspace};

use inits::Habit;

/// The codemod.
pub struct CompleteLayers;

const SETTINGS: &[SettingSchema<'static>] = &[
    SettingSchema {
        name: "packages",
        kind: SettingKind::List,
        default: "",
        about: "The packages that get the layers: globs of folders, or names; without any, those of `layered` in `[template]`.",
    },
    SettingSchema {
        name: "layers",
        kind: SettingKind::List,
        default: "",
        about: "The layers, innermost first; without any, those of `[template]`.",
    },
    SettingSchema {
        name: "inits",
        kind: SettingKind::Bool,
        default: "true",
        about: "Whether folders of code within these packages get the `__init__.py` that most of their kind have.",
    },
];

impl Codemod for CompleteLayers {
    fn schema(&self) -> CodemodSchema<'static> {
        CodemodSchema { name: "complete-layers", settings: SETTINGS }
    }

    fn about(&self) -> &'static str {
        "Adds the layer folders that a package lacks, and asks where another folder may be the layer."
    }

    fn propose(&self, context: &Context<'_>) -> Result<Proposal, CodemodError> {
        let template = template(context)?;
        let layering = Layering { template: &template, decided: context.decided };
        let mut proposal = Proposal::default();
        for package in packages(context)? {
            let completion = Completion { workspace: context.workspace, layering, package };
            completion.complete(context.settings.get_bool("inits")?, &mut proposal)?;
        }
        Ok(proposal)
    }
}

/// The roadmap's template, with the layers of the step where it names some.
fn template(context: &Context<'_>) -> Result<Template, CodemodError> {
    let own = context.settings.get_list("layers")?;
    let mut template = context.template.cloned().unwrap_or_default();
    if !own.is_empty() {
        template.layers = own.iter().map(|layer| layer.value.clone()).collect();
    }
    if template.layers.is_empty() {
        let hint = "name them here, or as `layers` in `[template]`".to_owned();
        return Err(context.settings.error("layers", "no layer is asked for", Some(hint)).into());
    }
    if let Some(wrong) = template.layers.iter().find(|layer| !repot_workspace::is_identifier(layer)) {
        let message = format!("`{wrong}` is no name that a statement can import");
        return Err(context.settings.error("layers", message, None).into());
    }
    Ok(template)
}

/// The packages that the step, else the template, names.
fn packages(context: &Context<'_>) -> Result<Vec<PackageId>, CodemodError> {
    let own = context.settings.get_list("packages")?;
    let of_template = context.template.map_or(&[][..], |template| &template.layered);
    let wanted = if own.is_empty() { of_template } else { own };
    if wanted.is_empty() {
        let hint = "name them here, or as `layered` in `[template]`".to_owned();
        return Err(context.settings.error("packages", "no package is asked for", Some(hint)).into());
    }
    let mut packages = Vec::new();
    for text in wanted {
        let meant = context.workspace.packages_meant(&text.value);
        if meant.is_empty() {
            let names = context.workspace.packages().iter().map(|package| package.name.as_str());
            let hint = nearest(&text.value, names).map(|name| format!("did you mean `{name}`?"));
            let message = format!("`{}` is no package of the workspace", text.value);
            return Err(context.settings.error("packages", message, hint).into());
        }
        packages.extend(meant);
    }
    packages.sort();
    packages.dedup();
    Ok(packages)
}

/// One package that is completed.
struct Completion<'a> {
    workspace: &'a Workspace,
    layering: Layering<'a>,
    package: PackageId,
}

impl Completion<'_> {
    fn complete(&self, with_inits: bool, proposal: &mut Proposal) -> Result<(), CodemodError> {
        let package = self.workspace.package(self.package);
        let Some(home) = self.workspace.layer_home(self.package, self.layering) else {
            let reason = "it has no import package, or several of which none is the one with the layers";
            proposal.evidence.push(self.skipped(&package.folder, package.name.clone(), reason.to_owned()));
            return Ok(());
        };
        let habit = Habit::of(self.workspace, &home.folder);
        let inits = if with_inits && !home.is_top_level { habit.missing() } else { Vec::new() };
        for init in inits {
            let subject = self.dotted(&init.parent().unwrap_or_else(RelPath::root));
            proposal.evidence.push(self.made(&init, subject, &habit.rule()));
            proposal.changes_mut(Class::Imports).create(init, Content::plain(*b""))?;
        }
        for layer in &self.layering.template.layers {
            match self.workspace.layer(&home, layer, self.layering) {
                Layer::Present(_) => {}
                Layer::Alike(folders) => proposal.evidence.push(self.decision(&home, layer, &folders)),
                Layer::Missing => self.make(&home, &habit, layer, proposal)?,
            }
        }
        Ok(())
    }

    fn make(
        &self,
        home: &LayerHome,
        habit: &Habit<'_>,
        layer: &str,
        proposal: &mut Proposal,
    ) -> Result<(), CodemodError> {
        let Ok(init) = home.folder.join(&format!("{layer}/__init__.py")) else { return Ok(()) };
        let subject = self.dotted(&init.parent().unwrap_or_else(RelPath::root));
        let obstacle = if home.is_top_level {
            Some(format!("its layers lie on the path itself, where `{layer}` would be a top-level name"))
        } else {
            habit.obstacle()
        };
        if let Some(reason) = obstacle {
            proposal.evidence.push(self.skipped(&init, subject, reason));
            return Ok(());
        }
        proposal.evidence.push(self.made(&init, subject, "the template asks for the layer"));
        Ok(proposal.changes_mut(Class::Imports).create(init, Content::plain(*b""))?)
    }

    /// The dotted name of a folder of the package.
    fn dotted(&self, folder: &RelPath) -> String {
        let trees = &self.workspace.package(self.package).trees;
        let tree = trees.iter().filter(|tree| folder.is_within(&tree.folder));
        let tree = tree.max_by_key(|tree| tree.folder.as_str().len());
        let below = tree.and_then(|tree| Some((&tree.name, folder.relative_to(&tree.folder)?)));
        match below {
            Some((name, "")) => name.clone(),
            Some((name, rest)) => format!("{name}.{}", rest.replace('/', ".")),
            None => folder.file_name().to_owned(),
        }
    }

    fn evidence(&self, path: &RelPath, subject: String, rule: &str, outcome: Outcome) -> Evidence {
        Evidence {
            class: Class::Imports,
            path: path.clone(),
            line: 1,
            span: Span::at(0),
            package: Some(self.workspace.package(self.package).name.clone()),
            subject,
            rule: rule.to_owned(),
            candidates: Vec::new(),
            winner: None,
            outcome,
            warnings: Vec::new(),
        }
    }

    fn made(&self, init: &RelPath, subject: String, rule: &str) -> Evidence {
        let outcome = Outcome::Rewritten { to: init.to_string(), applicability: Applicability::Certain };
        self.evidence(init, subject, rule, outcome)
    }

    fn skipped(&self, path: &RelPath, subject: String, reason: String) -> Evidence {
        self.evidence(path, subject, "the template asks for the layer", Outcome::Skipped { reason })
    }

    fn decision(&self, home: &LayerHome, layer: &str, folders: &[RelPath]) -> Evidence {
        let candidates = folders.iter().map(|folder| self.candidate(folder)).collect();
        let first = folders.first().map(RelPath::file_name).unwrap_or_default();
        let rule = format!(
            "`{first}` may be the layer: a target, or `synonyms.{layer} = [\"{first}\"]` in `[template]`, takes it \
             for that; the target `{}`, or `synonyms.{layer} = []`, makes a folder of its own",
            home.dotted(layer)
        );
        let outcome = Outcome::Decision { decision: DecisionKind::Ambiguous };
        let place = folders.first().and_then(|folder| self.first_file(folder)).unwrap_or_else(RelPath::root);
        Evidence { candidates, ..self.evidence(&place, home.dotted(layer), &rule, outcome) }
    }

    fn candidate(&self, folder: &RelPath) -> Candidate {
        Candidate {
            module: self.dotted(folder),
            path: folder.clone(),
            package: Some(self.workspace.package(self.package).name.clone()),
            how: "may be the layer".to_owned(),
            suffix: 0,
            reach: "same package".to_owned(),
            obstacle: None,
        }
    }

    fn first_file(&self, folder: &RelPath) -> Option<RelPath> {
        let mut python = self.workspace.snapshot().below(folder).filter(|(_, file)| file.is_python());
        python.next().map(|(path, _)| path.clone())
    }
}
