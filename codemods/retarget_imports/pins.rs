//! Pins: what people have decided in the roadmap.

use repot_change::RelPath;
use repot_roadmap::Decide;
use repot_workspace::{Module, Place, Workspace};

/// A decision, ready to be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pin {
    /// The import stays; the text says why.
    Keep(String),
    /// The import goes to this place; the name, when it is another there.
    Target(Place, Option<String>),
}

/// The decisions of a roadmap.
pub struct Pins<'a> {
    workspace: &'a Workspace,
    decided: &'a [Decide],
}

impl<'a> Pins<'a> {
    /// The decisions `decided`.
    pub fn new(workspace: &'a Workspace, decided: &'a [Decide]) -> Self {
        Self { workspace, decided }
    }

    /// The decision for `subject` in `importer`: one that names the importer's
    /// place before one that does not, the symbol before its module.
    pub fn find(&self, subject: &str, importer: &Module) -> Option<Pin> {
        let module = subject.split(':').next().unwrap_or(subject);
        let fits = |pin: &&Decide| {
            let here = pin.within.as_ref().is_none_or(|glob| glob.value.matches(importer.path.as_str()));
            here && (pin.symbol.value == subject || pin.symbol.value == module)
        };
        let nearest = |pin: &&Decide| (pin.within.is_some(), pin.symbol.value == subject);
        let pin = self.decided.iter().filter(fits).max_by_key(nearest)?;
        self.read(pin, importer)
    }

    /// A pin whose target does not exist decides nothing: the decision stays
    /// open, and its evidence shows what there is.
    fn read(&self, pin: &Decide, importer: &Module) -> Option<Pin> {
        if pin.strategy.as_ref().is_some_and(|strategy| strategy.value == "keep") {
            let reason = pin.reason.clone().unwrap_or_else(|| "kept by the roadmap".to_owned());
            return Some(Pin::Keep(reason));
        }
        let target = &pin.target.as_ref()?.value;
        let (module, name) = match target.split_once(':') {
            Some((module, name)) => (module, Some(name.to_owned())),
            None => (target.as_str(), None),
        };
        Some(Pin::Target(self.place(module, importer)?, name))
    }

    /// A target is a dotted name or the path of a file.
    fn place(&self, target: &str, importer: &Module) -> Option<Place> {
        if let Some(id) = RelPath::new(target).ok().and_then(|path| self.workspace.modules().at(&path)) {
            return Some(Place::Module(id));
        }
        match self.workspace.resolve(importer, 0, target) {
            repot_workspace::Target::Found(place) => Some(place),
            _ => None,
        }
    }
}
