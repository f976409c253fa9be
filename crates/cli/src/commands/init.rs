//! `repot init`: surveys the tree and writes a commented roadmap.

use repot_audit::survey::{Options, Survey, roadmap_text, survey};
use repot_change::RelPath;

use crate::ExitStatus;
use crate::args;
use crate::console::Console;
use crate::error::Failure;
use crate::session::{self, ROADMAP};
use crate::settings::Settings;

/// Surveys, writes, and says what was found.
pub fn run(args: &args::Init, settings: &Settings, console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    // A tree that has no roadmap yet begins at the named root, at the git root,
    // or here.
    let (root, snapshot) = session::read(settings)?;
    let survey = survey(&snapshot, &Options { legacy_roots: args.legacy_root.clone() });
    let text = roadmap_text(&survey);
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
