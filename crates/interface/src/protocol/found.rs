//! A member of a class, in the class itself or in a base that the workspace
//! defines.

use std::sync::Arc;

use repot_python::{Member, Surface};
use repot_workspace::{ModuleId, Origin, Place};

use crate::{Definition, Trees};

/// How far bases are followed.
const MAX_BASES: usize = 16;

/// The classes whose members a class has: itself, then its bases, in the order
/// in which they are asked (depth first, which is right without diamonds).
pub(super) struct Line {
    classes: Vec<(ModuleId, Arc<Surface>)>,
    /// Whether some base lies outside of what the workspace defines.
    pub(super) is_open: bool,
}

impl Line {
    pub(super) fn of(trees: &Trees<'_>, definition: &Definition) -> Option<Self> {
        let mut line = Self { classes: Vec::new(), is_open: false };
        let mut seen = std::collections::BTreeSet::new();
        let mut work = vec![(definition.clone(), 0)];
        while let Some((next, depth)) = work.pop() {
            if depth > MAX_BASES || !seen.insert(next.clone()) {
                continue;
            }
            let Some(surface) = trees.surface(&next) else {
                line.is_open = true;
                continue;
            };
            for base in surface.bases.iter().rev() {
                let name = base.split('[').next().unwrap_or(base);
                match trees.workspace().origin(&Place::Module(next.module), name) {
                    Some(Origin::Definition { module, name }) => {
                        work.push((Definition { module, name }, depth + 1));
                    }
                    _ => line.is_open |= !is_known(name),
                }
            }
            line.classes.push((next.module, surface));
        }
        (!line.classes.is_empty()).then_some(line)
    }

    /// The class itself.
    pub(super) fn own(&self) -> Option<&Surface> {
        self.classes.first().map(|(_, surface)| surface.as_ref())
    }

    /// The member called `name`, and the module that its annotations belong to.
    pub(super) fn member(&self, name: &str) -> Option<(ModuleId, &Member)> {
        self.classes.iter().find_map(|(module, surface)| Some((*module, surface.member(name)?)))
    }
}

/// Whether a base adds no members of its own.
fn is_known(base: &str) -> bool {
    matches!(base.rsplit('.').next().unwrap_or(base), "object" | "ABC" | "Generic" | "Protocol")
}
