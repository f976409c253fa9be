//! `repot init`: surveys the tree and writes a commented roadmap.

use jiff::{Span, Zoned, civil::Date};
use repot_audit::survey::{Options, Survey, four_phases_text, roadmap_text, survey};
use repot_change::RelPath;

use crate::ExitStatus;
use crate::args::{self, RoadmapKind};
use crate::console::Console;
use crate::error::Failure;
use crate::session::{self, ROADMAP};
use crate::settings::Settings;

/// After how many weeks each of the four phases ends.
const WEEKS: [i64; 4] = [4, 12, 22, 32];

/// Surveys, writes, and says what was found.
pub fn run(args: &args::Init, settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    // A tree that has no roadmap yet begins at the named root, at the git root,
    // or here.
    let (root, snapshot) = session::read(settings)?;
    let survey = survey(&snapshot, &Options { legacy_roots: args.legacy_root.clone() });
    let text = match args.roadmap {
        Some(RoadmapKind::FourPhases) => four_phases_text(&survey, &due(Zoned::now().date())?),
        None => roadmap_text(&survey),
    };
    if args.stdout {
        console.result(text);
        return Ok(ExitStatus::Fine);
    }
    if root.join(ROADMAP).exists() {
        let hint =
            format!("`repot init --stdout` shows what would be written; remove {ROADMAP} to start anew");
        return Err(Failure::hinted(format!("{} exists already", root.join(ROADMAP).display()), hint));
    }
    write(&root, &text)?;
    console.message(summary(&survey));
    Ok(ExitStatus::Fine)
}

/// The days on which the four phases end that begin on `today`.
fn due(today: Date) -> Result<[String; 4], Failure> {
    let mut days = <[String; 4]>::default();
    for (day, weeks) in days.iter_mut().zip(WEEKS) {
        let end = today.checked_add(Span::new().weeks(weeks));
        *day = end.map_err(|error| Failure::new(format!("today is no day to begin: {error}")))?.to_string();
    }
    Ok(days)
}

fn write(root: &std::path::Path, text: &str) -> Result<(), Failure> {
    let path = RelPath::new(ROADMAP).map_err(|error| Failure::new(error.to_string()))?;
    Ok(repot_apply::write_new(root, [(path, repot_change::Content::plain(text.as_bytes()))])?)
}

fn summary(survey: &Survey) -> String {
    let roots: Vec<&str> = survey.legacy_roots.iter().map(|root| root.name.as_str()).collect();
    let roots = if roots.is_empty() { "none".to_owned() } else { roots.join(", ") };
    format!(
        "Wrote {ROADMAP}: packages: {}, domains: {}, legacy roots: {roots}.\nNext: `repot plan` shows the diff, `repot status` where you stand.",
        survey.packages.len(),
        survey.domains.len(),
    )
}
