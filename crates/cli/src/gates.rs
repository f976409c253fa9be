//! The gates between phases: a phase starts when those before it are done, or
//! when a person says why it starts all the same.
//!
//! A plan that belongs to no phase of the roadmap waits for nothing.

use repot_audit::{Audit, Verdict};
use repot_change::{Plan, PlannedPhase};
use repot_roadmap::Phase;

use crate::args;
use crate::console::Console;
use crate::error::Failure;
use crate::measured::{self, Wanted};
use crate::session::Session;
use crate::settings::Settings;

/// How many gates are named that do not hold.
const SHOWN: usize = 3;

/// Judges whether phases may start, each in the tree as it is by then.
pub struct Gates<'a> {
    settings: &'a Settings,
    args: &'a args::Apply,
    /// What came of the phase that was asked about before anything is shown.
    first: Option<(String, Option<String>)>,
}

impl<'a> Gates<'a> {
    /// The gates of a run of `apply`.
    pub fn new(settings: &'a Settings, args: &'a args::Apply) -> Self {
        Self { settings, args, first: None }
    }

    /// Judges the first phase of `plan` that changes anything.
    ///
    /// # Errors
    ///
    /// As [`Self::check`].
    pub fn check_first(&mut self, plan: &Plan, console: &mut Console<'_>) -> Result<(), Failure> {
        if let Some(phase) = plan.phases.iter().find(|phase| !phase.is_empty()) {
            let forced = self.check(phase, console)?;
            self.first = Some((phase.name.clone(), forced));
        }
        Ok(())
    }

    /// Whether `phase` may start: the reason where it is forced to.
    ///
    /// # Errors
    ///
    /// [`Failure`] when a phase before it is not done and nobody says why that
    /// does not matter.
    pub fn check(
        &mut self,
        phase: &PlannedPhase,
        console: &mut Console<'_>,
    ) -> Result<Option<String>, Failure> {
        if let Some((_, forced)) = self.first.take_if(|(name, _)| *name == phase.name) {
            return Ok(forced);
        }
        let Some(session) = Session::open_any(self.settings)? else { return Ok(None) };
        let before = before(&session, &phase.name);
        if before.iter().all(|phase| phase.gates.is_empty() && phase.criteria.is_empty()) {
            return Ok(None);
        }
        let wanted = Wanted::compared(&before, self.args.no_commands);
        let audit = measured::audit(&session, &before, &wanted, console)?;
        let open = open(&audit);
        match (&self.args.force, open.as_slice()) {
            (_, []) => Ok(None),
            (Some(reason), _) => Ok(Some(reason.clone())),
            (None, _) => Err(waits(&phase.name, &open)),
        }
    }
}

/// The phases of the roadmap that stand before the one called `name`.
fn before<'s>(session: &'s Session, name: &str) -> Vec<&'s Phase> {
    let phases = &session.roadmap.phases;
    let index = phases.iter().position(|phase| phase.name.value == name).unwrap_or_default();
    phases.iter().take(index).collect()
}

/// What of an audit is not done, each with its phase.
fn open(audit: &Audit) -> Vec<(String, String)> {
    let gates = audit.gates.iter().filter(|gate| gate.verdict != Verdict::Holds).map(|gate| {
        let figure = gate.figure.map_or_else(|| "unknown".to_owned(), |figure| figure.to_string());
        (gate.phase.clone(), format!("{} is {figure}, wanted {}", gate.subject(), gate.target))
    });
    let criteria = audit.criteria.iter().filter(|criterion| criterion.done.is_none());
    gates.chain(criteria.map(|it| (it.phase.clone(), format!("{}: {}", it.text, it.state())))).collect()
}

fn waits(phase: &str, open: &[(String, String)]) -> Failure {
    let (first, _) = open.first().cloned().unwrap_or_default();
    let mut text = format!("phase `{phase}` does not start, because phase `{first}` is not done");
    for (of, what) in open.iter().take(SHOWN) {
        text += &format!("\n  {of}: {what}");
    }
    if open.len() > SHOWN {
        text += &format!("\n  and {} more", open.len() - SHOWN);
    }
    Failure::hinted(text, "`repot status` shows what is left; `--force REASON` starts it all the same")
}
