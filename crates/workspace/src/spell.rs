//! Spelling: the module part of a statement that names a place.
//!
//! A spelling is only given when resolving it leads back to the place, so that
//! what is written is what was meant.

use repot_change::RelPath;

use crate::module::Module;
use crate::name::{is_identifier, is_stdlib};
use crate::resolve::{Place, Target};
use crate::{Origin, Tree, Workspace};

/// The two ways to spell a module of the importer's own tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// `shop.cart`
    Absolute,
    /// `.cart`
    Relative,
}

/// What stands behind `from` or `import`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    /// The text: dots and a dotted name.
    pub text: String,
    /// Which form it has.
    pub form: Form,
    /// What deserves a look: a contested name, a tree that is not shipped.
    pub warnings: Vec<String>,
}

/// Why no statement can name a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// The reason, as a sentence without a full stop.
    pub reason: String,
}

impl Workspace {
    /// How a statement in `importer` names `place`: as `preferred` where both
    /// forms can, else as the one that can.
    ///
    /// # Errors
    ///
    /// The [`Obstacle`] when neither form can.
    pub fn spell(&self, importer: &Module, place: &Place, preferred: Form) -> Result<Spelling, Obstacle> {
        let relative = self.spell_relative(importer, place);
        if let (Form::Relative, Some(spelling)) = (preferred, &relative) {
            return Ok(spelling.clone());
        }
        match (self.spell_absolute(importer, place), relative) {
            (Ok(spelling), _) | (Err(_), Some(spelling)) => Ok(spelling),
            (Err(obstacle), None) => Err(obstacle),
        }
    }

    /// The relative spelling, when both ends lie in one tree.
    fn spell_relative(&self, importer: &Module, place: &Place) -> Option<Spelling> {
        let tree = self.tree_of(importer)?;
        let target = self.path_of(place);
        if !target.is_within(&tree.folder) || importer.path == tree.folder {
            return None;
        }
        if self.owner(place) != Some((importer.package?, importer.tree?)) {
            return None;
        }
        let folder = importer.folder();
        let common =
            std::iter::once(folder.clone()).chain(folder.ancestors()).find(|base| target.is_within(base))?;
        let below = target.relative_to(&common)?;
        let level = 1 + folder.relative_to(&common)?.split('/').filter(|part| !part.is_empty()).count();
        let parts: Vec<&str> = below.split('/').filter(|part| !part.is_empty()).collect();
        let spellable = common.is_within(&tree.folder) && parts.iter().all(|part| is_identifier(part));
        let text = format!("{}{}", ".".repeat(level), parts.join("."));
        let leads_back = self.resolve(importer, level, &parts.join(".")) == Target::Found(place.clone());
        (spellable && leads_back).then_some(Spelling { text, form: Form::Relative, warnings: Vec::new() })
    }

    fn spell_absolute(&self, importer: &Module, place: &Place) -> Result<Spelling, Obstacle> {
        let (tree, name) = self.absolute_name(place)?;
        let found = self.resolve(importer, 0, &name);
        if found != Target::Found(place.clone()) {
            let other = match found {
                Target::Found(other) => format!("`{name}` means {} here", self.path_of(&other)),
                Target::Ambiguous(_) => format!("`{name}` is the name of several modules"),
                _ => format!("`{name}` does not lead to {}", self.path_of(place)),
            };
            return Err(Obstacle { reason: other });
        }
        let warnings = self.name_warnings(tree);
        Ok(Spelling { text: name, form: Form::Absolute, warnings })
    }

    fn absolute_name(&self, place: &Place) -> Result<(&Tree, String), Obstacle> {
        let path = self.path_of(place);
        let (package, tree) =
            self.owner(place).ok_or_else(|| Obstacle { reason: format!("{path} belongs to no package") })?;
        let tree = &self.package(package).trees[tree];
        let below = path.relative_to(&tree.folder).unwrap_or_default();
        let parts = tree.name.split('.').chain(below.split('/').filter(|part| !part.is_empty()));
        let parts: Vec<&str> = parts.collect();
        if let Some(bad) = parts.iter().find(|part| !is_identifier(part)) {
            let reason = format!(
                "`{bad}` is no identifier; a folder called `{}` could be imported",
                identifier_for(bad)
            );
            return Err(Obstacle { reason });
        }
        if is_stdlib(parts[0]) {
            return Err(Obstacle { reason: format!("`{}` is a module of the standard library", parts[0]) });
        }
        Ok((tree, parts.join(".")))
    }

    fn name_warnings(&self, tree: &Tree) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.is_contested(&tree.name) {
            let mut owners: Vec<&str> = self
                .trees_named(&tree.name)
                .iter()
                .map(|(id, _)| self.package(*id).folder.as_str())
                .collect();
            owners.dedup();
            warnings.push(format!("the import name `{}` is claimed by {}", tree.name, owners.join(", ")));
        }
        if tree.origin == crate::TreeOrigin::Leftover {
            warnings.push(format!("`{}` is not shipped by its package's build configuration", tree.folder));
        }
        warnings
    }

    /// The path that stands for a place: a folder for a package, and a file
    /// without its extension for a module.
    #[must_use]
    pub fn path_of(&self, place: &Place) -> RelPath {
        match place {
            Place::Namespace(folder) => folder.clone(),
            Place::Module(id) => self.modules().get(*id).stem(),
        }
    }

    /// The dotted name of a place, when it lies in a tree.
    #[must_use]
    pub fn name_of(&self, place: &Place) -> Option<String> {
        match place {
            Place::Module(id) => self.modules().get(*id).name.clone(),
            Place::Namespace(folder) => {
                let (package, tree) = self.owner(place)?;
                let tree = &self.package(package).trees[tree];
                let below = folder.relative_to(&tree.folder)?.split('/').filter(|part| !part.is_empty());
                Some(std::iter::once(tree.name.as_str()).chain(below).collect::<Vec<_>>().join("."))
            }
        }
    }

    /// The files that a place consists of: all that lies below the folder of a
    /// package, and the source of a module with the stub and the Cython files
    /// beside it; sorted.
    #[must_use]
    pub fn files_of(&self, place: &Place) -> Vec<RelPath> {
        if let Some(folder) = self.folder_of(place) {
            return self.snapshot().below(&folder).map(|(path, _)| path.clone()).collect();
        }
        let stem = self.path_of(place);
        let beside = ["pxd", "py", "pyi", "pyx"].iter().filter_map(|extension| {
            let path = RelPath::new(&format!("{stem}.{extension}")).ok()?;
            self.snapshot().get(&path).is_some().then_some(path)
        });
        beside.collect()
    }

    /// The tree that holds a place.
    fn owner(&self, place: &Place) -> Option<(crate::PackageId, usize)> {
        let module = match place {
            Place::Module(id) => self.modules().get(*id),
            Place::Namespace(folder) => {
                let inside = self.snapshot().below(folder).find_map(|(path, _)| self.modules().at(path))?;
                self.modules().get(inside)
            }
        };
        Some((module.package?, module.tree?))
    }

    /// The module behind an origin, when it lies in the workspace.
    #[must_use]
    pub fn origin_module(&self, origin: &Origin) -> Option<crate::ModuleId> {
        match origin {
            Origin::Definition { module, .. } | Origin::Module(Place::Module(module)) => Some(*module),
            Origin::Module(Place::Namespace(_)) | Origin::External => None,
        }
    }
}

/// The nearest identifier: `services - move these` gives `services_move_these`.
fn identifier_for(text: &str) -> String {
    let text = text.strip_suffix(".py").unwrap_or(text);
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    let joined = words.collect::<Vec<_>>().join("_");
    if is_identifier(&joined) { joined } else { format!("_{joined}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposes_an_identifier() {
        assert_eq!(identifier_for("services - move these"), "services_move_these");
        assert_eq!(identifier_for("2d-maps"), "_2d_maps");
        assert_eq!(identifier_for("class"), "_class");
    }
}
