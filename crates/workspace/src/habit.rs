//! Habits: how a package writes its own imports today.

use repot_python::ImportKind;

use crate::module::{Module, PackageId};
use crate::resolve::{Place, Target};
use crate::{Form, Origin, Role, TreeOrigin, Workspace};

impl Workspace {
    /// The form in which the code of `package` imports its own modules: what
    /// most of its resolving imports have. Without any, absolute (PEP 8), but
    /// relative where the absolute name is contested or not shipped.
    #[must_use]
    pub fn habit(&self, package: PackageId) -> Form {
        let (mut relative, mut absolute) = (0_usize, 0_usize);
        for module in self.code_of(package) {
            for (level, target) in self.targets_of_froms(module) {
                let own = matches!(&target, Target::Found(place) if self.package_of(place) == Some(package));
                relative += usize::from(own && level > 0);
                absolute += usize::from(own && level == 0);
            }
        }
        let trees = &self.package(package).trees;
        let shaky = |tree: &crate::Tree| tree.origin == TreeOrigin::Leftover || self.is_contested(&tree.name);
        match relative.cmp(&absolute) {
            std::cmp::Ordering::Greater => Form::Relative,
            std::cmp::Ordering::Less => Form::Absolute,
            std::cmp::Ordering::Equal if trees.iter().any(shaky) => Form::Relative,
            std::cmp::Ordering::Equal => Form::Absolute,
        }
    }

    /// Whether `package` is used to importing what `init` re-exports from there
    /// rather than from the module that defines it: true when more statements
    /// of the package do.
    #[must_use]
    pub fn prefers_reexport(&self, package: PackageId, init: crate::ModuleId) -> bool {
        let cell = self.reexport_habit(package, init);
        *cell.get_or_init(|| self.find_reexport_habit(package, init))
    }

    fn find_reexport_habit(&self, package: PackageId, init: crate::ModuleId) -> bool {
        let folder = self.modules().get(init).folder();
        let (mut through, mut past) = (0_usize, 0_usize);
        for module in self.code_of(package).filter(|module| !module.path.is_within(&folder)) {
            for (_, target) in self.targets_of_froms(module) {
                let Target::Found(Place::Module(reached)) = target else { continue };
                through += usize::from(reached == init);
                past += usize::from(reached != init && self.modules().get(reached).path.is_within(&folder));
            }
        }
        through > past
    }

    fn code_of(&self, package: PackageId) -> impl Iterator<Item = &Module> {
        let folder = &self.package(package).folder;
        let modules = self.snapshot().below(folder).filter_map(|(path, _)| self.modules().at(path));
        modules
            .map(|id| self.modules().get(id))
            .filter(move |module| module.package == Some(package) && module.role == Role::Code)
    }

    fn targets_of_froms<'a>(&'a self, module: &'a Module) -> impl Iterator<Item = (usize, Target)> + 'a {
        let imports = self.snapshot().get(&module.path).map_or(&[][..], |file| file.imports());
        imports.iter().filter_map(|statement| match &statement.kind {
            ImportKind::From(from) => {
                let dotted = from.dotted();
                Some((from.level, self.resolve(module, from.level, dotted)))
            }
            ImportKind::Import(_) => None,
        })
    }

    /// The file whose bytes stand behind an origin, for comparing copies.
    #[must_use]
    pub fn bytes_behind(&self, origin: &Origin) -> Option<&[u8]> {
        let module = self.origin_module(origin)?;
        self.file(module).bytes().map(|bytes| &bytes[..])
    }
}
