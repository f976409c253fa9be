//! `repot report`: progress against the roadmap, over the history that git
//! keeps.

use std::collections::BTreeMap;

use repot_apply::Repository;
use repot_git::Git;
use repot_roadmap::Phase;
use repot_trend::{Blocker, Measured, Point, Progress, Stretch, Subjects};

use crate::ExitStatus;
use crate::args::{self, Format};
use crate::commands::plan::wrong_format;
use crate::console::Console;
use crate::error::Failure;
use crate::measured::{self, Wanted};
use crate::past::{Kept, Past, Story, Window, no_moment};
use crate::progress::Counted;
use crate::session::Session;
use crate::settings::Settings;

/// Measures the past and the present, and shows how they compare.
pub fn run(
    args: &args::Report,
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<ExitStatus, Failure> {
    let session = Session::open(settings)?;
    let mut progress = progress(args, &session, settings, console)?;
    if args.until.is_none() {
        add_blockers(&mut progress, &session);
    }
    let text = match settings.format {
        Format::Full => repot_report::progress_text(&progress, settings.style()),
        Format::Json => format!("{:#}\n", repot_report::progress_json(&progress)),
        Format::Markdown => repot_report::progress_markdown(&progress),
        Format::Html => repot_report::progress_html(&progress),
        _ => return Err(wrong_format("report", "full, markdown, json or html")),
    };
    match &args.output {
        None => console.result(text),
        Some(file) => {
            repot_apply::write_output(&settings.current_dir.join(file), text.as_bytes())?;
            console.message(format!("The report is in {}.", file.display()));
        }
    }
    Ok(ExitStatus::Fine)
}

/// All but what stands in the way.
fn progress(
    args: &args::Report,
    session: &Session,
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<Progress, Failure> {
    let git = Git::open(&session.root)?;
    let window = git.as_ref().map(|git| Window::new(args, git)).transpose()?.flatten();
    let (Some(git), Some(window)) = (git, window) else {
        if args.since.is_some() || args.until.is_some() {
            let text = format!("{} has no history in git", session.root.display());
            return Err(Failure::hinted(text, "leave `--since` and `--until` out"));
        }
        return present(session, console);
    };
    let repository = Repository::open(&session.root)?;
    let kept = Kept::none(&session.roadmap.file.text, args.own_roadmap);
    let kept = if args.no_cache { kept } else { kept.of(&repository) };
    let past = Past::new(session, &git, kept, args.own_roadmap)?;
    let counted = Counted::new("commits measured", settings);
    let mut story = Story::new(&past, &window, &counted)?;
    let mut progress = sampled(&story, &window, session);
    progress.regressions = story.regressions()?;
    progress.claims = story.claims(&subjects(&progress, session))?;
    if args.until.is_none() {
        add_present(&mut progress, session, console)?;
    }
    drop(counted);
    let keeping = if args.no_cache { Ok(()) } else { past.into_kept().keep(&repository) };
    if let Err(failure) = keeping {
        console.message(format!("What was measured is not kept: {}", failure.render(false).trim_end()));
    }
    Ok(progress)
}

/// The samples that could be measured.
fn sampled(story: &Story<'_>, window: &Window, session: &Session) -> Progress {
    let (mut points, mut from, mut lost) = (Vec::new(), 0, 0_usize);
    for place in &window.samples {
        let Some(measured) = story.at(*place) else {
            lost += 1;
            continue;
        };
        if *place <= window.from {
            from = points.len();
        }
        points.push(Point { moment: story.moment(*place), measured: measured.clone() });
    }
    let mut notes = Vec::new();
    if window.is_cut {
        notes.push("the clone is shallow: what lies before its first commit is not here (`git fetch --unshallow` brings it)".to_owned());
    }
    if lost > 0 {
        notes.push(format!("{lost} of {} commits could not be measured: the folder was not there then, or objects are missing from a partial clone", window.samples.len()));
    }
    let commits = window.commits.len().saturating_sub(window.from + 1);
    let stretch = Stretch { name: window.name, from, commits };
    Progress { notes, stretch, points, ..empty(session) }
}

fn empty(session: &Session) -> Progress {
    let name = |phase: &Phase| (phase.name.value.clone(), phase.title.clone());
    Progress {
        points: Vec::new(),
        stretch: Stretch { name: None, from: 0, commits: 0 },
        phases: session.roadmap.phases.iter().map(name).collect(),
        regressions: Vec::new(),
        claims: Vec::new(),
        blockers: Vec::new(),
        notes: Vec::new(),
    }
}

/// Without a past.
fn present(session: &Session, console: &mut Console<'_>) -> Result<Progress, Failure> {
    let mut progress = empty(session);
    progress.notes.push("there is no commit in git to compare with".to_owned());
    add_present(&mut progress, session, console)?;
    Ok(progress)
}

/// Adds the tree as it lies, unless it says what its commit says. Commands are
/// not run, since nobody could run them for the past.
fn add_present(progress: &mut Progress, session: &Session, console: &mut Console<'_>) -> Result<(), Failure> {
    let (workspace, phases) = (&session.workspace, session.phases(None)?);
    let audit = measured::audit(session, &phases, &Wanted::new(session, &[], &phases, true)?, console)?;
    let measured = Measured::new(workspace, &audit);
    if progress.last().is_some_and(|last| last.measured == measured) {
        return Ok(());
    }
    let mut moment = no_moment();
    moment.time = progress.last().and_then(|last| last.moment.time);
    if moment.time.is_some() {
        progress
            .notes
            .push("the tree differs from its last commit; what is called now is the tree".to_owned());
    }
    progress.points.push(Point { moment, measured });
    Ok(())
}

fn subjects(progress: &Progress, session: &Session) -> Subjects {
    let mut packages = BTreeMap::new();
    for point in &progress.points {
        let folders = point.measured.packages.iter();
        packages.extend(folders.map(|(name, line)| (name.clone(), line.folder.clone())));
    }
    let measures = progress.points.iter().flat_map(|point| &point.measured.measures);
    let metrics = measures.map(|measure| (measure.metric.clone(), measure.better)).collect();
    Subjects { metrics, legacy_roots: session.workspace.shape().legacy_roots.clone(), packages }
}

/// Adds what the first phase that is not done waits for.
fn add_blockers(progress: &mut Progress, session: &Session) {
    let open = progress.phases().into_iter().find(|phase| phase.held() < phase.gates.len());
    let Some(open) = open else { return };
    let blocker = |kind, text| Blocker { kind, phase: open.name.clone(), text };
    for (_, gate, _) in open.gates.iter().filter(|(_, gate, _)| gate.holds != Some(true)) {
        progress.blockers.push(match gate.figure {
            Some(figure) => blocker("gate", format!("{} is {figure}, wanted {}", gate.metric, gate.target)),
            None => blocker("unknown", format!("{} is unknown, wanted {}", gate.metric, gate.target)),
        });
    }
    let Some(phase) = session.roadmap.phases.iter().find(|phase| phase.name.value == open.name) else {
        return;
    };
    match session.plan(&[phase]) {
        Ok(plan) => {
            let mut waiting: BTreeMap<String, (usize, usize)> = BTreeMap::new();
            for decision in plan.phases.iter().flat_map(repot_change::PlannedPhase::decisions) {
                let (names, sites) = waiting.entry(decision.kind.name().to_owned()).or_default();
                *names += 1;
                *sites += decision.sites.len();
            }
            for (kind, (names, sites)) in waiting {
                let text = match kind.as_str() {
                    "undefined" => {
                        format!("{names} names at {sites} places are defined nowhere: contracts are owed")
                    }
                    kind => format!("{names} names at {sites} places await a decision: {kind}"),
                };
                let kind = if kind == "undefined" { "contract" } else { "decision" };
                progress.blockers.push(blocker(kind, text));
            }
        }
        Err(failure) => {
            let text = failure.render(false);
            progress.notes.push(format!("the phase {} cannot be planned: {}", open.name, text.trim_end()));
        }
    }
}
