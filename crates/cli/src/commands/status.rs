//! `repot status`: the phases, their gates now, and what comes next.

use repot_audit::GateResult;
use repot_change::PlannedPhase;

use crate::ExitStatus;
use crate::args;
use crate::console::Console;
use crate::error::Failure;
use crate::measured::{self, Wanted};
use crate::session::Session;
use crate::settings::Settings;

/// Shows each phase with its gates and what its plan would do.
pub fn run(
    args: &args::Status,
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<ExitStatus, Failure> {
    let session = Session::open(settings)?;
    let phases = session.phases(None)?;
    let plan = session.plan(&phases)?;
    let wanted = Wanted::new(&session, &[], &phases, args.no_commands)?;
    let audit = measured::audit(&session, &phases, &wanted, console)?;
    let workspace = &session.workspace;
    console.line(format!(
        "{} packages, {} Python files, {} domains\n",
        workspace.packages().len(),
        workspace.modules().len(),
        session.roadmap.domains.len()
    ));
    let mut next = None;
    let mut waits_for: Option<&str> = None;
    for phase in &plan.phases {
        let gates: Vec<&GateResult> = audit.gates.iter().filter(|gate| gate.phase == phase.name).collect();
        let holds = audit.phase_holds(&phase.name);
        if next.is_none() && (!phase.is_empty() || !holds) {
            next = Some(phase);
        }
        console.line(format!("{} {} ({})", if holds { "✓" } else { "✗" }, phase.title, phase.name));
        for gate in gates {
            console.line(format!("    {}", gate_line(gate)));
        }
        for criterion in audit.criteria.iter().filter(|criterion| criterion.phase == phase.name) {
            console.line(format!("    {}: {}", criterion.text, criterion.state()));
        }
        console.line(format!("    {}", work_line(phase)));
        if let Some(earlier) = waits_for {
            console.line(format!("    waits until phase `{earlier}` is done"));
        } else if !holds {
            waits_for = Some(&phase.name);
        }
    }
    console.line(format!("\nNext: {}", next.map_or_else(|| "nothing; every gate holds".to_owned(), advice)));
    Ok(ExitStatus::Fine)
}

fn gate_line(gate: &GateResult) -> String {
    let figure = gate.figure.map_or_else(|| "unknown".to_owned(), |figure| figure.to_string());
    format!("{} {}: {figure}, wanted {}", gate.verdict, gate.subject(), gate.target)
}

fn work_line(phase: &PlannedPhase) -> String {
    let waiting: usize = phase.decisions().iter().map(|decision| decision.sites.len()).sum();
    format!("would change {} files; {waiting} names await a decision", phase.deltas().len())
}

fn advice(phase: &PlannedPhase) -> String {
    let name = &phase.name;
    if phase.is_empty() {
        format!("`repot plan --phase {name} --decisions` lists what phase `{name}` waits for")
    } else {
        format!("`repot plan --phase {name}` to review, `repot apply --phase {name}` to carry out")
    }
}
