//! `repot explain`: the evidence behind one rewritten or refused line, or how a
//! package fits the template.

use repot_audit::Finding;
use repot_change::{Evidence, PlannedPhase, RelPath};
use repot_roadmap::Phase;
use repot_workspace::Package;

use crate::ExitStatus;
use crate::args;
use crate::console::Console;
use crate::error::Failure;
use crate::session::Session;
use crate::settings::Settings;

/// Plans every phase and shows the evidence of the line.
pub fn run(
    args: &args::Explain,
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<ExitStatus, Failure> {
    let session = Session::open(settings)?;
    if let Some(package) = package(&args.place, &session) {
        return explain_package(package, &session, settings, console);
    }
    let (path, line) = place(&args.place, &session, settings)?;
    let phases = session.phases(None)?;
    let plan = session.plan(&phases)?;
    let all = plan.phases.iter().flat_map(PlannedPhase::evidence);
    let of_file: Vec<&Evidence> = all.filter(|evidence| evidence.path == path).collect();
    let found: Vec<&Evidence> =
        of_file.iter().copied().filter(|evidence| line.is_none_or(|line| evidence.line == line)).collect();
    if found.is_empty() {
        console.message(nothing(&path, line, &of_file));
        return Ok(ExitStatus::Fine);
    }
    console.result(repot_report::explain(&found, settings.style()));
    Ok(ExitStatus::Fine)
}

/// The one package that is called so, ships that name, or lies in a folder of
/// that path or name.
fn package<'s>(text: &str, session: &'s Session) -> Option<&'s Package> {
    let folder = text.trim_start_matches("./").trim_end_matches('/');
    let packages = session.workspace.packages();
    if let Some(package) = packages.iter().find(|package| package.folder.as_str() == folder) {
        return Some(package);
    }
    let meant = session.workspace.packages_meant(folder);
    let meant: Vec<&Package> = meant.into_iter().map(|id| session.workspace.package(id)).collect();
    let named: Vec<&Package> =
        packages.iter().filter(|package| package.folder.file_name() == folder).collect();
    [meant, named].into_iter().find_map(|found| match found[..] {
        [package] => Some(package),
        _ => None,
    })
}

fn explain_package(
    package: &Package,
    session: &Session,
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<ExitStatus, Failure> {
    let template = session.roadmap.template.as_ref().ok_or_else(|| {
        Failure::hinted("the roadmap has no `[template]`", "say there what every package must hold")
    })?;
    let Some(judged) = repot_audit::rulings(&session.workspace, package, template) else {
        console.message(format!("{} holds no code and no project file.", package.folder));
        return Ok(ExitStatus::Fine);
    };
    let command = command(session, "fit-pyproject");
    let mut card = repot_report::package_card(package, &judged, &command, settings.style());
    if session.asked().versions.is_some() {
        let audit = repot_audit::audit(&session.workspace, session.asked(), [], &["version-drift"]);
        let is_own = |finding: &Finding| finding.path.parent().as_ref() == Some(&package.folder);
        let own: Vec<Finding> = audit.findings.into_iter().filter(is_own).collect();
        card +=
            &repot_report::versions_card(&own, &self::command(session, "align-versions"), settings.style());
    }
    console.result(card);
    Ok(ExitStatus::Fine)
}

/// The command that runs `codemod`: its phase, where the roadmap has one.
fn command(session: &Session, codemod: &str) -> String {
    let runs = |phase: &&Phase| phase.steps.iter().any(|step| step.codemod.value == codemod);
    match session.roadmap.phases.iter().find(runs) {
        Some(phase) => format!("repot apply --phase {}", phase.name.value),
        None => format!("repot run {codemod}"),
    }
}

fn nothing(path: &RelPath, line: Option<usize>, of_file: &[&Evidence]) -> String {
    let lines: Vec<String> = of_file.iter().map(|evidence| evidence.line.to_string()).collect();
    match (line, lines.is_empty()) {
        (Some(line), false) => format!(
            "No codemod looked at {path}:{line}; in this file they looked at lines {}.",
            lines.join(", ")
        ),
        _ => format!("No codemod of the roadmap has anything to say about {path}."),
    }
}

/// Reads `FILE:LINE`; the file is relative to the current directory, or, when
/// it is not there, to the root.
fn place(text: &str, session: &Session, settings: &Settings) -> Result<(RelPath, Option<usize>), Failure> {
    let (file, line) = match text.rsplit_once(':') {
        Some((file, line)) if !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit()) => {
            (file, line.parse().ok())
        }
        _ => (text, None),
    };
    let snapshot = session.workspace.snapshot();
    let below_root = |path: &std::path::Path| {
        let root = snapshot.root()?;
        let below = path.strip_prefix(root).or_else(|_| path.strip_prefix(&session.root)).ok()?;
        RelPath::new(below.to_str()?).ok()
    };
    let from_here = below_root(&settings.current_dir.join(file));
    let from_root = RelPath::new(file.trim_start_matches("./")).ok();
    let found = [from_here, from_root].into_iter().flatten().find(|path| snapshot.get(path).is_some());
    let path = found.ok_or_else(|| {
        Failure::hinted(
            format!("{file}: no such file or package in the workspace"),
            "name a file relative to the workspace root, as `repot plan` prints it, or a package",
        )
    })?;
    Ok((path, line))
}
