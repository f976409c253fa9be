//! Layers: where a package has the folders that a template asks for.
//!
//! Only what is there. Which layers are wanted, and what a folder with another
//! name is taken for, is the roadmap's to say.

use std::collections::BTreeMap;

use repot_change::RelPath;
use repot_roadmap::{Decide, Pattern, Template};

use crate::module::PackageId;
use crate::package::normalise;
use crate::{Package, Tree, TreeOrigin, Workspace};

/// Names under which people keep a layer. They show that it may be there, and
/// nothing more.
const ALIKE: [(&str, &[&str]); 4] = [
    ("domain", &["core", "entities", "model", "models"]),
    ("application", &["services", "service", "use_cases", "usecases"]),
    ("infrastructure", &["adapters", "infra", "persistence"]),
    ("presentation", &["api", "interfaces", "web", "cli", "ui"]),
];

/// What the roadmap says about layers.
#[derive(Debug, Clone, Copy)]
pub struct Layering<'a> {
    /// Which layers there are, and the other names that they go by.
    pub template: &'a Template,
    /// What people have decided: a decision about `shop.domain` with the target
    /// `shop.core` takes the one for the other.
    pub decided: &'a [Decide],
}

/// Where the layers of a package lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerHome {
    /// The folder that holds them.
    pub folder: RelPath,
    /// The dotted name of that folder; empty for one on `sys.path`.
    pub name: String,
    /// Whether that folder stands on `sys.path`, so that every layer is a
    /// top-level name.
    pub is_top_level: bool,
}

/// How one layer of a package stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layer {
    /// It is there: a folder with Python in it, or a module.
    Present(RelPath),
    /// It is not there, but folders are that it may go by; sorted.
    Alike(Vec<RelPath>),
    /// Nothing is there.
    Missing,
}

impl LayerHome {
    /// The dotted name of what is called `name` in it.
    #[must_use]
    pub fn dotted(&self, name: &str) -> String {
        if self.is_top_level { name.to_owned() } else { format!("{}.{name}", self.name) }
    }
}

impl Layering<'_> {
    /// The name that people have decided to be `layer` in `home`.
    fn decided(&self, home: &LayerHome, layer: &str) -> Option<&str> {
        let symbol = home.dotted(layer);
        let is_about = |decide: &&Decide| {
            let within = decide.within.as_ref();
            decide.symbol.value == symbol
                && within.is_none_or(|glob| {
                    glob.value
                        .matches(home.folder.join("x.py").unwrap_or_else(|_| home.folder.clone()).as_str())
                })
        };
        let decide = self.decided.iter().find(is_about)?;
        decide.target.as_ref()?.value.rsplit(['.', '/']).next()
    }

    /// The names that the roadmap gives to `layer` in `home`; `None` where it
    /// leaves them open.
    fn names(&self, home: &LayerHome, layer: &str) -> Option<Vec<&str>> {
        let synonyms = self.template.synonyms.get(layer);
        match self.decided(home, layer) {
            Some(name) => Some(vec![name]),
            None => synonyms.map(|names| names.iter().map(String::as_str).collect()),
        }
    }
}

impl Workspace {
    /// The packages that `text` means: a glob of folders, a name, or an import
    /// name; in the order of the packages.
    #[must_use]
    pub fn packages_meant(&self, text: &str) -> Vec<PackageId> {
        let glob = Pattern::new(text).ok();
        let wanted = normalise(text);
        let is_meant = |package: &Package| {
            glob.as_ref().is_some_and(|glob| glob.matches(package.folder.as_str()))
                || normalise(&package.name) == wanted
                || shipped(package).any(|tree| tree.name == text)
        };
        self.package_ids().filter(|id| is_meant(self.package(*id))).collect()
    }

    /// Where the layers of a package lie: in its one import package, or in the
    /// one of several that has most of them or is called like the package.
    /// `None` when that is not clear.
    #[must_use]
    pub fn layer_home(&self, package: PackageId, layering: Layering<'_>) -> Option<LayerHome> {
        let package = self.package(package);
        let folders = shipped(package).filter(|tree| self.snapshot().is_folder(&tree.folder));
        let trees: Vec<_> = folders.collect();
        let layers = &layering.template.layers;
        if let Some(layer) = trees.iter().find(|tree| layers.contains(&tree.name)) {
            let folder = layer.root.clone();
            return Some(LayerHome { folder, name: String::new(), is_top_level: true });
        }
        let own = normalise(&package.name);
        let home = |tree: &Tree| LayerHome {
            folder: tree.folder.clone(),
            name: tree.name.clone(),
            is_top_level: false,
        };
        let rank = |tree: &Tree| {
            let states = layers.iter().map(|layer| self.layer(&home(tree), layer, layering));
            (states.filter(|state| *state != Layer::Missing).count(), normalise(&tree.name) == own)
        };
        let ranked: Vec<_> = trees.iter().map(|tree| (rank(tree), tree)).collect();
        let best = ranked.iter().map(|(rank, _)| *rank).max()?;
        let mut winners = ranked.iter().filter(|(rank, _)| *rank == best).map(|(_, tree)| tree);
        let winner = winners.next()?;
        winners.next().is_none().then(|| home(winner))
    }

    /// How `layer` stands in `home`. What the roadmap says goes before what a
    /// name suggests.
    #[must_use]
    pub fn layer(&self, home: &LayerHome, layer: &str, layering: Layering<'_>) -> Layer {
        if let Some(path) = self.code_called(home, layer) {
            return Layer::Present(path);
        }
        if let Some(names) = layering.names(home, layer) {
            let found = names.into_iter().find_map(|name| self.code_called(home, name));
            return found.map_or(Layer::Missing, Layer::Present);
        }
        let alike = ALIKE.iter().find(|(name, _)| *name == layer).map_or(&[][..], |(_, names)| names);
        // What is a layer itself, or is taken for another one, is not this one.
        let layers = &layering.template.layers;
        let taken: Vec<&str> =
            layers.iter().filter_map(|other| layering.names(home, other)).flatten().collect();
        let is_free = |name: &&&str| !taken.contains(*name) && !layers.iter().any(|other| other == **name);
        let folders = alike.iter().filter(is_free).filter_map(|name| self.code_called(home, name));
        let mut folders: Vec<RelPath> = folders.filter(|path| self.snapshot().is_folder(path)).collect();
        folders.sort();
        if folders.is_empty() { Layer::Missing } else { Layer::Alike(folders) }
    }

    /// The folders and modules of the layers that `home` has, by the position
    /// of the layer.
    #[must_use]
    pub fn layers_present(&self, home: &LayerHome, layering: Layering<'_>) -> BTreeMap<usize, Vec<RelPath>> {
        let paths = |layer: &String| {
            let others = layering.names(home, layer).unwrap_or_default();
            let names = std::iter::once(layer.as_str()).chain(others);
            names.filter_map(|name| self.code_called(home, name)).collect::<Vec<_>>()
        };
        let present = layering.template.layers.iter().map(paths).enumerate();
        present.filter(|(_, paths)| !paths.is_empty()).collect()
    }

    /// The packages that the template asks for layers and which have code, in
    /// their order.
    #[must_use]
    pub fn layered_packages(&self, template: &Template) -> Vec<PackageId> {
        let meant = template.layered.iter().flat_map(|text| self.packages_meant(&text.value));
        let mut wanted: Vec<PackageId> =
            meant.filter(|id| shipped(self.package(*id)).next().is_some()).collect();
        wanted.sort();
        wanted.dedup();
        wanted
    }

    fn code_called(&self, home: &LayerHome, name: &str) -> Option<RelPath> {
        let folder = home.folder.join(name).ok()?;
        let module = home.folder.join(&format!("{name}.py")).ok()?;
        if self.snapshot().below(&folder).any(|(_, file)| file.is_python()) {
            return Some(folder);
        }
        self.snapshot().get(&module).map(|_| module)
    }
}

fn shipped(package: &Package) -> impl Iterator<Item = &Tree> {
    package.trees.iter().filter(|tree| tree.origin != TreeOrigin::Leftover)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{Shape, Snapshot};

    fn workspace(paths: &[&str]) -> Workspace {
        let files = paths.iter().map(|path| (RelPath::new(path).unwrap(), Vec::new()));
        let members = vec![Pattern::new("p/*").unwrap()];
        Workspace::new(Snapshot::from_files(files), Arc::new(Shape { members, ..Shape::default() }))
    }

    fn template() -> Template {
        let layers = ["domain", "application", "infrastructure", "presentation"];
        Template { layers: layers.map(str::to_owned).to_vec(), ..Template::default() }
    }

    fn home(workspace: &Workspace) -> Option<LayerHome> {
        workspace.layer_home(PackageId(0), Layering { template: &template(), decided: &[] })
    }

    fn states(workspace: &Workspace, layering: Layering<'_>) -> Vec<Layer> {
        let home = workspace.layer_home(PackageId(0), layering).unwrap();
        layering.template.layers.iter().map(|layer| workspace.layer(&home, layer, layering)).collect()
    }

    fn path(text: &str) -> RelPath {
        RelPath::new(text).unwrap()
    }

    #[test]
    fn a_layer_is_a_folder_with_code_or_a_module() {
        let workspace = workspace(&[
            "p/shop/src/shop/__init__.py",
            "p/shop/src/shop/domain/cart.py",
            "p/shop/src/shop/application.py",
            "p/shop/src/shop/adapters/db.py",
            "p/shop/src/shop/presentation/index.html",
        ]);
        let base = "p/shop/src/shop";
        let expected = [
            Layer::Present(path(&format!("{base}/domain"))),
            Layer::Present(path(&format!("{base}/application.py"))),
            Layer::Alike(vec![path(&format!("{base}/adapters"))]),
            Layer::Missing,
        ];
        assert_eq!(states(&workspace, Layering { template: &template(), decided: &[] }), expected);
    }

    #[test]
    fn what_the_roadmap_says_of_a_name_goes_before_its_sound() {
        let workspace = workspace(&["p/shop/src/shop/core/a.py", "p/shop/src/shop/api/b.py"]);
        let mut template = template();
        template.synonyms.insert("domain".to_owned(), Vec::new());
        template.synonyms.insert("application".to_owned(), vec!["api".to_owned()]);
        let states = states(&workspace, Layering { template: &template, decided: &[] });
        assert_eq!(states[0], Layer::Missing, "`core` is said to be no domain");
        assert_eq!(states[1], Layer::Present(path("p/shop/src/shop/api")));
        assert_eq!(states[3], Layer::Missing, "`api` is taken for another layer");
    }

    #[test]
    fn layers_on_the_path_itself_are_told() {
        let workspace = workspace(&["p/shop/src/domain/__init__.py", "p/shop/src/extra/__init__.py"]);
        let home = home(&workspace).unwrap();
        assert_eq!((home.folder.as_str(), home.is_top_level), ("p/shop/src", true));
        assert_eq!(home.dotted("domain"), "domain");
    }

    #[test]
    fn of_several_import_packages_the_one_with_layers_is_the_home() {
        let one = workspace(&["p/shop/src/a/__init__.py", "p/shop/src/b/domain/__init__.py"]);
        assert_eq!(home(&one).unwrap().folder, path("p/shop/src/b"));
        let none = workspace(&["p/shop/src/a/__init__.py", "p/shop/src/b/__init__.py"]);
        assert_eq!(home(&none), None);
        let named = workspace(&["p/shop/src/a/__init__.py", "p/shop/src/shop/__init__.py"]);
        assert_eq!(home(&named).unwrap().folder, path("p/shop/src/shop"));
    }

    #[test]
    fn packages_are_meant_by_folder_by_name_and_by_import_name() {
        let workspace = workspace(&["p/shop-cart/src/cart/__init__.py", "p/other/x.py"]);
        for text in ["p/shop*", "shop_cart", "cart", "p/shop-cart"] {
            assert_eq!(workspace.packages_meant(text), [PackageId(1)], "{text}");
        }
        assert_eq!(workspace.packages_meant("p/*").len(), 2);
        assert!(workspace.packages_meant("nothing").is_empty());
    }
}
