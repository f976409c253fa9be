//! `repot run`: one codemod, with the roadmap's workspace but none of its phases.

use repot_codemod::Codemod;
use repot_roadmap::{CodemodSchema, Phase, Settings as StepSettings, Spanned, Step, Verify, nearest};

use super::apply;
use super::plan::{self, status};
use crate::ExitStatus;
use crate::args;
use crate::confirm::refuse_consent;
use crate::console::Console;
use crate::error::Failure;
use crate::saved::Origin;
use crate::select;
use crate::session::{self, CODEMODS, Session};
use crate::settings::Settings;

/// Plans the codemod as a phase of its own, shows it, asks, and applies it.
pub fn run(args: &args::Run, settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    let phase = phase(args)?;
    if args.check || args.preview.is_asked_for() {
        refuse_consent(args.consent)?;
        let session = Session::open(settings)?;
        let plan = select::plan(&session, &[&phase], &args.selection, settings, console)?;
        let origin = Origin {
            workspace: &session.workspace,
            roadmap: Some(&session.roadmap.file.name),
            selection: select::describe(&args.selection),
        };
        plan::present(&plan, &args.preview, &origin, settings, console)?;
        return Ok(status(&plan, args.check));
    }
    let (repository, lock) = session::open_to_write(settings)?;
    let session = Session::open(settings)?;
    let plan = select::plan(&session, &[&phase], &args.selection, settings, console)?;
    if plan.is_empty() && plan.is_verified() {
        console.result(repot_report::plan_summary(&plan, settings.style()));
        console.message("Nothing to change.");
        return Ok(ExitStatus::Fine);
    }
    let go = &mut |_: &_, _: &mut Console<'_>| Ok(None);
    apply::carry_out(&plan, (&repository, &lock), (args.consent, &args.landing), go, settings, console)
}

fn phase(args: &args::Run) -> Result<Phase, Failure> {
    let schema = schema(&args.codemod)?;
    let mut pairs: Vec<(&str, &str)> = args.set.iter().map(|pair| split(pair)).collect::<Result<_, _>>()?;
    pairs.extend(args.di.as_deref().map(|framework| ("di", framework)));
    let settings = StepSettings::from_pairs(&schema, &pairs).map_err(Failure::settings)?;
    let name = Spanned::unwritten(args.codemod.clone());
    let step = Step { codemod: name.clone(), settings };
    Ok(Phase {
        title: args.codemod.clone(),
        name,
        steps: vec![step],
        gates: Vec::new(),
        criteria: Vec::new(),
        verify: Verify::default(),
    })
}

fn schema(name: &str) -> Result<CodemodSchema<'static>, Failure> {
    CODEMODS.get(name).map(Codemod::schema).ok_or_else(|| {
        let names: Vec<&str> = CODEMODS.iter().map(|codemod| codemod.schema().name).collect();
        let hint = nearest(name, names.iter().copied()).map_or_else(
            || format!("the codemods are {}", names.join(", ")),
            |nearest| format!("did you mean `{nearest}`?"),
        );
        Failure::hinted(format!("there is no codemod `{name}`"), hint)
    })
}

fn split(pair: &str) -> Result<(&str, &str), Failure> {
    pair.split_once('=')
        .ok_or_else(|| Failure::hinted(format!("`--set {pair}` says no value"), "write `--set KEY=VALUE`"))
}
