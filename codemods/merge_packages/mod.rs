//! `merge-packages`: two packages become one, and every conflict is decided in
//! the open.
//!
//! Most of a merge are moves, which the reference engine makes. What meets at
//! one place is settled here: files that say the same become one, files with
//! different names stand behind each other, and what differs is kept apart under
//! a name of its own and asked about. Nothing is lost without being listed.

mod beside;
mod build;
mod dangling;
mod documents;
mod evidence;
mod inits;
mod known;
#[cfg(test)]
mod laws;
mod leftover;
mod likeness;
mod lists;
mod meaning;
mod merge;
mod modules;
mod pairing;
mod projects;
mod record;
mod repeated;
mod side;
mod stars;
mod suites;
mod taken;

use repot_codemod::{Codemod, CodemodError, Context, Proposal};
use repot_refer::Shim;
use repot_roadmap::{CodemodSchema, SettingKind, SettingSchema};
use repot_workspace::Workspace;

use leftover::Leftover;
use merge::Merge;
use side::Side;

/// The codemod.
pub struct MergePackages;

const SETTINGS: &[SettingSchema<'static>] = &[
    SettingSchema {
        name: "from",
        kind: SettingKind::Text,
        default: "",
        about: "The package that goes: its import name, its name, or its folder.",
    },
    SettingSchema {
        name: "into",
        kind: SettingKind::Text,
        default: "",
        about: "The package that it goes into.",
    },
    SettingSchema {
        name: "take",
        kind: SettingKind::List,
        default: "",
        about: "Modules of which the source's takes the place of the target's, by their dotted name below the package, such as `server`.",
    },
    SettingSchema {
        name: "only",
        kind: SettingKind::List,
        default: "imports,strings,config,docs",
        about: "The classes of references that follow: `imports`, `strings`, `config`, `docs`, `prose`.",
    },
    SettingSchema {
        name: "old",
        kind: SettingKind::OneOf(Leftover::NAMES),
        default: "remove",
        about: "What stays of the old package: nothing, `archive/NAME/` with what is not in the target, or a shim under the old name.",
    },
    SettingSchema {
        name: "shim-until",
        kind: SettingKind::Text,
        default: "",
        about: "The day on which the shim goes, such as `2027-06-30`; its warning says it.",
    },
    SettingSchema {
        name: "retire",
        kind: SettingKind::Bool,
        default: "true",
        about: "Whether the roadmap is told that the old package is retired, so that `check` finds it when it comes back.",
    },
];

impl Codemod for MergePackages {
    fn schema(&self) -> CodemodSchema<'static> {
        CodemodSchema { name: "merge-packages", settings: SETTINGS }
    }

    fn about(&self) -> &'static str {
        "Merges one package into another; what differs is kept apart and asked about."
    }

    fn propose(&self, context: &Context<'_>) -> Result<Proposal, CodemodError> {
        let (from, into) = (side(context, "from")?, side(context, "into")?);
        let Some(from) = from else { return known::gone(context, into.as_ref()) };
        let into = into.ok_or_else(|| known::no_target(context))?;
        if is_shim(context, &from, &into) {
            let message =
                format!("`{}` only stands in for `{}`; nothing is left to merge", from.name, into.name);
            return Ok(known::passed_over(message));
        }
        check(context, &from, &into)?;
        let old = Leftover::named(context.settings.get_str("old")?);
        Merge { context, from, into, old }.propose()
    }
}

/// Whether `text` names a package that could be merged, or several.
#[must_use]
pub fn is_package(workspace: &Workspace, text: &str) -> bool {
    !matches!(Side::find(workspace, text), Ok(None))
}

fn side(context: &Context<'_>, setting: &str) -> Result<Option<Side>, CodemodError> {
    let text = context.settings.get_str(setting)?;
    if text.is_empty() {
        let message = format!("`{setting}` names no package");
        return Err(context.settings.error(setting, message, None).into());
    }
    let error = |message: String| context.settings.error(setting, message, None).into();
    Side::find(context.workspace, text).map_err(error)
}

fn is_shim(context: &Context<'_>, from: &Side, into: &Side) -> bool {
    let init = from.folder.join("__init__.py").ok();
    let content = init.and_then(|init| context.workspace.snapshot().content(&init));
    content.is_some_and(|content| Shim::stands_in(&content.bytes, &into.name))
}

fn check(context: &Context<'_>, from: &Side, into: &Side) -> Result<(), CodemodError> {
    let error = |message: String| Err(context.settings.error("from", message, None).into());
    if from.folder == into.folder {
        return error(format!("`{}` would be merged into itself", from.name));
    }
    if into.folder.is_within(&from.folder) {
        return error(format!("`{}` holds `{}`; merge the other way round", from.name, into.name));
    }
    Ok(())
}
