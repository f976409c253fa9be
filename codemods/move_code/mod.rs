//! `move-code`: modules, packages and symbols go to another place, and every
//! reference follows.
//!
//! The work is done by the reference engine; this is its form as a step of a
//! roadmap. A move that was made already is passed over, so that a phase may
//! be planned again after it was applied.

#[cfg(test)]
mod laws;

use std::collections::BTreeSet;

use repot_change::Class;
use repot_codemod::{Codemod, CodemodError, Context, Proposal};
use repot_refer::{EngineError, Move, Options, Relocation};
use repot_roadmap::{CodemodSchema, SettingKind, SettingSchema, Spanned};

/// The codemod.
pub struct MoveCode;

/// What stands between the two names of a move.
const ARROW: &str = "->";

const SETTINGS: &[SettingSchema<'static>] = &[
    SettingSchema {
        name: "moves",
        kind: SettingKind::List,
        default: "",
        about: "The moves, each as `OLD -> NEW`: dotted import names, `a.b:Name` for a symbol. All are made at once.",
    },
    SettingSchema {
        name: "only",
        kind: SettingKind::List,
        default: "imports,strings,config,docs",
        about: "The classes of references that follow: `imports`, `strings`, `config`, `docs`, `prose`.",
    },
    SettingSchema {
        name: "shim",
        kind: SettingKind::Bool,
        default: "false",
        about: "Whether the old names stay importable: they give the very same objects, and warn.",
    },
    SettingSchema {
        name: "shim-until",
        kind: SettingKind::Text,
        default: "",
        about: "The day on which the old names go, such as `2027-06-30`; the warning says it.",
    },
];

impl Codemod for MoveCode {
    fn schema(&self) -> CodemodSchema<'static> {
        CodemodSchema { name: "move-code", settings: SETTINGS }
    }

    fn about(&self) -> &'static str {
        "Moves modules, packages and symbols, and lets every reference to them follow."
    }

    fn propose(&self, context: &Context<'_>) -> Result<Proposal, CodemodError> {
        let moves = context.settings.get_list("moves")?;
        let moves = moves.iter().map(|text| parse(context, text)).collect::<Result<Vec<Move>, _>>()?;
        let refused = |error: EngineError| -> CodemodError {
            match error {
                EngineError::Refused(refused) => {
                    context.settings.error("moves", refused.to_string(), None).into()
                }
                EngineError::Tree(error) => error.into(),
            }
        };
        let relocation = Relocation::new(context.workspace, &moves).map_err(|error| refused(error.into()))?;
        let following = relocation.follow(&options(context)?).map_err(refused)?;
        let mut proposal = Proposal::default();
        proposal.retired = following.retired;
        proposal.evidence = following.evidence;
        proposal.notes = following.notes;
        for (class, changes) in following.changes {
            *proposal.changes_mut(class) = changes;
        }
        Ok(proposal)
    }
}

fn parse(context: &Context<'_>, text: &Spanned<String>) -> Result<Move, CodemodError> {
    let error = |message: String, hint: &str| context.settings.error("moves", message, Some(hint.to_owned()));
    let (from, to) = text.value.split_once(ARROW).ok_or_else(|| {
        let message = format!("`{}` has no `{ARROW}`", text.value);
        error(message, "write it as `OLD -> NEW`, such as `shop.cart -> store.cart`")
    })?;
    let names = "names are dotted, such as `shop.cart`, or `shop.cart:add` for a symbol";
    Ok(Move::parse(from.trim(), to.trim()).map_err(|wrong| error(wrong.to_string(), names))?)
}

fn options(context: &Context<'_>) -> Result<Options, CodemodError> {
    let until = context.settings.get_str("shim-until")?;
    Ok(Options {
        classes: classes(context)?,
        shim: context.settings.get_bool("shim")?,
        until: (!until.is_empty()).then(|| until.to_owned()),
    })
}

fn classes(context: &Context<'_>) -> Result<BTreeSet<Class>, CodemodError> {
    let class = |text: &Spanned<String>| {
        Class::ALL.into_iter().find(|class| class.name() == text.value).ok_or_else(|| {
            let names = Class::ALL.map(Class::name).join(", ");
            let message = format!("there is no class `{}`", text.value);
            context.settings.error("only", message, Some(format!("the classes are {names}"))).into()
        })
    };
    context.settings.get_list("only")?.iter().map(class).collect()
}
