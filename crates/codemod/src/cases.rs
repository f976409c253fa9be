//! The runner of a codemod's cases.
//!
//! A case is Markdown: a heading that is a sentence, a line of prose, and
//! `## Before` with fenced blocks that name a file in their info string
//! (`python src/shop/cart.py`). `## After` holds the files that change; without
//! it the case says "leaves this alone". A `toml` block before them is the
//! roadmap without its phases, a `toml settings` block the step's settings, and
//! a `text decisions` block lists what is left to a person, one
//! `kind subject` a line.
//!
//! On every case the laws are checked as well: all that [`crate::Planner`]
//! verifies, files that are not named stay byte for byte, and the same tree
//! with CRLF gives the same result with CRLF.

use std::collections::BTreeMap;

use repot_change::{CheckStatus, PlannedPhase, RelPath};
use repot_roadmap::{CodemodSchema, Roadmap, Vocabulary};
use repot_workspace::{Shape, Snapshot, Workspace};

use crate::{Planner, Registry};

const DEFAULT_ROADMAP: &str = "[workspace]\nmembers = [\"packages/*\"]\nlegacy-roots = [\"monorepo\"]\n";

/// Files by path, as a case states them.
type Files = BTreeMap<String, String>;

/// One case.
#[derive(Debug, Default)]
struct Case {
    title: String,
    roadmap: Option<String>,
    settings: String,
    before: Files,
    after: Files,
    decisions: Option<Vec<String>>,
}

/// Runs every case of a Markdown text with the codemod called `codemod`.
///
/// # Errors
///
/// One message for each case that fails, and one when there is no case.
pub fn run(registry: Registry, codemod: &str, markdown: &str) -> Result<usize, Vec<String>> {
    let cases = parse(markdown).map_err(|message| vec![message])?;
    let failures: Vec<String> =
        cases.iter().filter_map(|case| run_case(registry, codemod, case).err()).collect();
    match (cases.len(), failures.is_empty()) {
        (0, _) => Err(vec!["no case: a case begins with a `# ` heading".to_owned()]),
        (count, true) => Ok(count),
        (_, false) => Err(failures),
    }
}

fn run_case(registry: Registry, codemod: &str, case: &Case) -> Result<(), String> {
    let fail = |message: String| format!("{}: {message}", case.title);
    let phase = plan(registry, codemod, case, &case.before).map_err(fail)?;
    compare(case, &case.before, &case.after, &phase).map_err(fail)?;
    check_decisions(case, &phase).map_err(fail)?;
    let crlf = |files: &Files| {
        files.iter().map(|(path, text)| (path.clone(), text.replace('\n', "\r\n"))).collect::<Files>()
    };
    let before = crlf(&case.before);
    let phase = plan(registry, codemod, case, &before).map_err(fail)?;
    compare(case, &before, &crlf(&case.after), &phase)
        .map_err(|message| fail(format!("with CRLF: {message}")))
}

fn plan(registry: Registry, codemod: &str, case: &Case, files: &Files) -> Result<PlannedPhase, String> {
    let schemas = registry.schemas();
    let roadmap = read_roadmap(&schemas, codemod, case)?;
    let path = |text: &String| RelPath::new(text).map_err(|error| error.to_string());
    let files = files.iter().map(|(name, text)| Ok((path(name)?, text.clone().into_bytes())));
    let snapshot = Snapshot::from_files(files.collect::<Result<Vec<_>, String>>()?);
    let shape = Shape::new(&roadmap.workspace, &roadmap.domains);
    let workspace = Workspace::new(snapshot, shape.into());
    let plan = Planner::new(registry, &roadmap.decisions).plan(&workspace, &roadmap.phases);
    let mut plan = plan.map_err(|error| error.to_string())?;
    plan.phases.pop().ok_or_else(|| "the roadmap has no phase".to_owned())
}

fn read_roadmap(schemas: &[CodemodSchema<'static>], codemod: &str, case: &Case) -> Result<Roadmap, String> {
    let tables = case.roadmap.as_deref().unwrap_or(DEFAULT_ROADMAP);
    let step =
        format!("[[phase]]\nname = \"case\"\n[[phase.step]]\ncodemod = \"{codemod}\"\n{}", case.settings);
    let vocabulary = Vocabulary { codemods: schemas, metrics: &[] };
    Roadmap::parse("case", &format!("{tables}\n{step}"), &vocabulary).map_err(|errors| errors.to_string())
}

fn compare(case: &Case, before: &Files, after: &Files, phase: &PlannedPhase) -> Result<(), String> {
    for check in &phase.checks {
        if let CheckStatus::Failed { failures } = &check.status {
            let places = failures.iter().map(|note| format!("\n  {:?}: {}", note.path, note.message));
            return Err(format!("law broken: {}{}", check.law, places.collect::<String>()));
        }
    }
    let mut result = before.clone();
    for write in &phase.writes {
        let text = write.content.as_ref().map(|content| String::from_utf8_lossy(&content.bytes).into_owned());
        match text {
            Some(text) => result.insert(write.path.to_string(), text),
            None => result.remove(write.path.as_str()),
        };
    }
    let mut expected = before.clone();
    expected.extend(after.clone());
    for (path, text) in &expected {
        let found = result.get(path).map_or("(no such file)", String::as_str);
        if found != text {
            return Err(format!("{path}\n--- expected\n{text}--- found\n{found}---\n{}", evidence(phase)));
        }
    }
    let extra = result.keys().find(|path| !expected.contains_key(*path));
    extra.map_or(Ok(()), |path| Err(format!("{path} appeared ({})", case.title)))
}

fn evidence(phase: &PlannedPhase) -> String {
    let line = |item: &repot_change::Evidence| {
        format!("{}:{} {} [{}] {:?}\n", item.path, item.line, item.subject, item.rule, item.outcome)
    };
    phase.evidence().map(line).collect()
}

fn check_decisions(case: &Case, phase: &PlannedPhase) -> Result<(), String> {
    let mut found: Vec<String> = phase
        .decisions()
        .iter()
        .map(|decision| format!("{} {}", decision.kind.name(), decision.subject))
        .collect();
    found.sort();
    match &case.decisions {
        Some(expected) if *expected != found => {
            Err(format!("decisions\nexpected {expected:?}\nfound {found:?}"))
        }
        _ => Ok(()),
    }
}

/// Takes a Markdown text apart into its cases.
fn parse(markdown: &str) -> Result<Vec<Case>, String> {
    let mut cases: Vec<Case> = Vec::new();
    let mut section = "";
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("# ") {
            cases.push(Case { title: title.to_owned(), ..Case::default() });
            section = "";
        } else if let Some(name) = line.strip_prefix("## ") {
            section = name.trim();
        } else if let Some(fence) = line.strip_prefix("```") {
            let body: String = lines
                .by_ref()
                .take_while(|line| !line.starts_with("```"))
                .flat_map(|line| [line, "\n"])
                .collect();
            let case = cases.last_mut().ok_or("a block stands before the first `# ` heading")?;
            place(case, section, fence, body)?;
        }
    }
    Ok(cases)
}

fn place(case: &mut Case, section: &str, fence: &str, body: String) -> Result<(), String> {
    let (language, name) = fence.split_once(' ').unwrap_or((fence, ""));
    match (section, language, name.trim()) {
        (_, "toml", "") => case.roadmap = Some(body),
        (_, "toml", "settings") => case.settings = body,
        (_, "text", "decisions") => {
            let mut lines: Vec<String> = body.lines().map(str::to_owned).collect();
            lines.sort();
            case.decisions = Some(lines);
        }
        ("Before", _, path) if !path.is_empty() => drop(case.before.insert(path.to_owned(), body)),
        ("After", _, path) if !path.is_empty() => drop(case.after.insert(path.to_owned(), body)),
        _ => return Err(format!("{}: a block `{fence}` says neither a file nor what it is", case.title)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_a_case_is_an_error() {
        assert!(run(Registry::new(&[]), "none", "no heading").is_err());
        assert!(run(Registry::new(&[]), "none", "```python a.py\n```\n").is_err());
    }

    #[test]
    fn a_block_must_say_what_it_is() {
        assert!(parse("# Case\n\n## Before\n\n```python\nx\n```\n").is_err());
        let cases = parse("# Case\n\n## Before\n\n```python a.py\nx = 1\n\n```\n# Two\n").unwrap();
        assert_eq!(cases.len(), 2);
        assert_eq!(cases[0].before["a.py"], "x = 1\n\n");
    }
}
