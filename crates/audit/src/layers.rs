//! The metrics `layer-completeness` and `layer-order`: which layers a package
//! has, and whether a layer imports one that stands above it.

use std::collections::BTreeMap;

use rayon::prelude::*;
use repot_change::RelPath;
use repot_workspace::{
    Layer, LayerHome, Layering, Module, ModuleId, PackageId, Place, ResolvedName, Role, Target, Workspace,
};

use crate::figure::{Shares, percent, shared};
use crate::{Figure, Finding, figure};

/// How much of the layers that are asked for is there, in percent.
pub const LAYER_COMPLETENESS: &str = "layer-completeness";

/// How many names a layer imports from one above it.
pub const LAYER_ORDER: &str = "layer-order";

/// The findings, one for each layer that a package lacks, and the figure; its
/// value is the percentage of layers that are there. `None` when the roadmap
/// asks no package for layers.
pub fn layer_completeness(workspace: &Workspace, layering: Layering<'_>) -> Option<(Vec<Finding>, Figure)> {
    let layers = &layering.template.layers;
    let packages = workspace.layered_packages(layering.template);
    if layers.is_empty() || packages.is_empty() {
        return None;
    }
    let (mut findings, mut shares) = (Vec::new(), Shares::new());
    let (mut present, mut open) = (0, 0);
    for id in &packages {
        let home = workspace.layer_home(*id, layering);
        let states: Vec<Layer> = layers
            .iter()
            .map(|layer| home.as_ref().map_or(Layer::Missing, |home| workspace.layer(home, layer, layering)))
            .collect();
        let own = states.iter().filter(|state| matches!(state, Layer::Present(_))).count();
        present += own;
        open += states.iter().filter(|state| matches!(state, Layer::Alike(_))).count();
        // Packages may share a name, and the least complete one speaks for it.
        let share = shares.entry(workspace.package(*id).name.clone()).or_insert((own, layers.len()));
        share.0 = share.0.min(own);
        let states = layers.iter().zip(&states);
        findings
            .extend(states.filter_map(|(layer, state)| lack(workspace, *id, home.as_ref(), layer, state)));
    }
    let all = layers.len() * packages.len();
    let parts = [
        ("present", present),
        ("missing", all - present - open),
        ("to decide", open),
        ("packages", packages.len()),
    ];
    let figure = shared(workspace, LAYER_COMPLETENESS, (present, all), &parts, &shares, percent);
    Some((findings, figure))
}

/// What a package lacks, at its first file: a folder that does not exist has no
/// place of its own.
fn lack(
    workspace: &Workspace,
    package: PackageId,
    home: Option<&LayerHome>,
    layer: &str,
    state: &Layer,
) -> Option<Finding> {
    let package = workspace.package(package);
    let folder = home.map_or(&package.folder, |home| &home.folder);
    let (path, _) = workspace.snapshot().below(folder).next()?;
    let (message, hint) = match state {
        Layer::Present(_) => return None,
        Layer::Missing => (
            format!("`{}` lacks the layer `{layer}`", package.name),
            "a step `complete-layers` makes it".to_owned(),
        ),
        Layer::Alike(folders) => {
            let name = folders.first().map(RelPath::file_name).unwrap_or_default();
            (
                format!("`{}` lacks the layer `{layer}`, unless it is `{name}`", package.name),
                format!("`synonyms.{layer} = [\"{name}\"]` in `[template]` takes it for that"),
            )
        }
    };
    Some(Finding::on_line(LAYER_COMPLETENESS, path, 1, message, Some(hint)))
}

/// The findings, one for each name that a layer imports from one above it, and
/// the figure; its value counts names. `None` when there are no layers.
pub fn layer_order(workspace: &Workspace, layering: Layering<'_>) -> Option<(Vec<Finding>, Figure)> {
    let layers = &layering.template.layers;
    if layers.is_empty() {
        return None;
    }
    let present: Vec<BTreeMap<usize, Vec<RelPath>>> = workspace
        .package_ids()
        .map(|id| {
            let home = workspace.layer_home(id, layering);
            home.map(|home| workspace.layers_present(&home, layering)).unwrap_or_default()
        })
        .collect();
    let modules: Vec<(ModuleId, &Module)> = workspace.modules().iter().collect();
    let found: Vec<(&Module, Vec<Finding>)> = modules
        .into_par_iter()
        .filter_map(|(id, module)| {
            let layers_here = present.get(module.package?.index())?;
            let own = layer_of(&module.path, layers_here).filter(|_| module.role == Role::Code)?;
            Some((module, climbs(workspace, id, (own, layers_here), layers)))
        })
        .collect();
    let names = found.iter().map(|(_, findings)| findings.len()).sum();
    let files = found.iter().filter(|(_, findings)| !findings.is_empty()).count();
    let per_file = found.iter().map(|(module, findings)| (workspace.package_name(module), findings.len()));
    let figure = figure::counted(LAYER_ORDER, &[("names", names), ("files", files)], per_file);
    Some((found.into_iter().flat_map(|(_, findings)| findings).collect(), figure))
}

/// The names that a module of layer `own` imports from layers above it.
fn climbs(
    workspace: &Workspace,
    id: ModuleId,
    (own, present): (usize, &BTreeMap<usize, Vec<RelPath>>),
    layers: &[String],
) -> Vec<Finding> {
    let (module, file) = (workspace.modules().get(id), workspace.file(id));
    let source = file.bytes().map_or(&[][..], |bytes| bytes);
    let mut findings = Vec::new();
    for statement in file.imports() {
        for name in workspace.resolve_statement(module, statement) {
            let reached = reached(workspace, &name).and_then(|path| layer_of(&path, present));
            let Some(reached) = reached.filter(|reached| *reached > own) else { continue };
            let subject = repot_workspace::subject(&name);
            let message =
                format!("`{subject}`: layer `{}` must not import layer `{}`", layers[own], layers[reached]);
            let place = (&module.path, source, statement.span);
            let hint = "let the lower layer say what it needs, as a protocol, and the upper one hand it in"
                .to_owned();
            findings.push(Finding::at(LAYER_ORDER, place, message, Some(hint)).about(subject));
        }
    }
    findings
}

/// The path of what is imported: the submodule where the name is one.
fn reached(workspace: &Workspace, name: &ResolvedName) -> Option<RelPath> {
    let Target::Found(place) = &name.target else { return None };
    let path = |place: &Place| match place {
        Place::Module(id) => workspace.modules().get(*id).path.clone(),
        Place::Namespace(folder) => folder.clone(),
    };
    let folder = match place {
        Place::Module(id) => {
            workspace.modules().get(*id).is_init.then(|| workspace.modules().get(*id).folder())
        }
        Place::Namespace(folder) => Some(folder.clone()),
    };
    let submodule =
        folder.zip(name.name.as_deref()).and_then(|(folder, name)| workspace.locate(&folder, &[name]));
    Some(submodule.as_ref().map_or_else(|| path(place), path))
}

fn layer_of(path: &RelPath, present: &BTreeMap<usize, Vec<RelPath>>) -> Option<usize> {
    let holds = |paths: &Vec<RelPath>| paths.iter().any(|layer| path.is_within(layer));
    present.iter().find(|(_, paths)| holds(paths)).map(|(layer, _)| *layer)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use repot_roadmap::{Pattern, Spanned, Template};
    use repot_workspace::{Shape, Snapshot};

    use super::*;

    fn workspace(files: &[(&str, &str)]) -> Workspace {
        let files = files.iter().map(|(path, text)| (RelPath::new(path).unwrap(), text.as_bytes().to_vec()));
        let members = vec![Pattern::new("p/*").unwrap()];
        Workspace::new(Snapshot::from_files(files), Arc::new(Shape { members, ..Shape::default() }))
    }

    fn template(layers: &[&str], layered: &[&str]) -> Template {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let layered = texts(layered).into_iter().map(Spanned::unwritten).collect();
        Template { layers: texts(layers), layered, ..Template::default() }
    }

    #[test]
    fn completeness_is_a_share_of_the_packages_that_are_asked() {
        let workspace = workspace(&[
            ("p/shop/src/shop/__init__.py", ""),
            ("p/shop/src/shop/domain/a.py", ""),
            ("p/shop/src/shop/services/a.py", ""),
            ("p/desk/src/desk/__init__.py", ""),
            ("p/till/src/till/__init__.py", ""),
        ]);
        let template = template(&["domain", "application", "presentation"], &["shop", "p/desk"]);
        let layering = Layering { template: &template, decided: &[] };
        let (findings, figure) = layer_completeness(&workspace, layering).unwrap();
        assert_eq!(figure.value, Some(16.6));
        let parts: Vec<f64> = figure.parts.iter().map(|(_, value)| *value).collect();
        assert_eq!(parts, [1.0, 4.0, 1.0, 2.0]);
        assert_eq!(figure.by_package.get("shop"), Some(&33.3));
        assert_eq!(figure.by_package.get("desk"), Some(&0.0));
        assert_eq!(findings.len(), 5);
        assert!(findings.iter().any(|finding| finding.message.ends_with("unless it is `services`")));
    }

    #[test]
    fn nobody_is_asked_unless_the_roadmap_says_so() {
        let workspace = workspace(&[("p/shop/src/shop/__init__.py", "")]);
        for template in [template(&["domain"], &[]), template(&[], &["shop"])] {
            assert!(layer_completeness(&workspace, Layering { template: &template, decided: &[] }).is_none());
        }
    }

    #[test]
    fn a_layer_may_import_what_stands_below_it() {
        let workspace = workspace(&[
            ("p/shop/src/shop/__init__.py", ""),
            ("p/shop/src/shop/domain/__init__.py", ""),
            (
                "p/shop/src/shop/domain/cart.py",
                "import os\nfrom shop import application\nfrom ..application.use import run\nfrom . import price\n",
            ),
            ("p/shop/src/shop/domain/price.py", ""),
            ("p/shop/src/shop/domain/tests/test_cart.py", "from shop.application.use import run\n"),
            ("p/shop/src/shop/application/__init__.py", ""),
            ("p/shop/src/shop/application/use.py", "from shop.domain.cart import x\ndef run(): ...\n"),
        ]);
        let template = template(&["domain", "application"], &[]);
        let layering = Layering { template: &template, decided: &[] };
        let (findings, figure) = layer_order(&workspace, layering).unwrap();
        assert_eq!(figure.value, Some(2.0));
        let places: Vec<(&str, usize)> =
            findings.iter().map(|finding| (finding.path.as_str(), finding.line)).collect();
        let cart = "p/shop/src/shop/domain/cart.py";
        assert_eq!(places, [(cart, 2), (cart, 3)]);
        assert_eq!(
            findings[0].message,
            "`shop:application`: layer `domain` must not import layer `application`"
        );
    }
}
