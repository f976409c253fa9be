//! The runner of a codemod's cases.
//!
//! A case is Markdown: a heading that is a sentence, a line of prose, and
//! `## Before` with fenced blocks that name a file in their info string
//! (`python src/shop/cart.py`). `## After` holds the files that change, those
//! that are new or have moved at their new path; an empty block `gone
//! src/shop/cart.py` says that a file is not there any more. Without `## After`
//! the case says "leaves this alone". A `toml` block without a file is the
//! roadmap without its phases, a `toml settings` block the step's settings, and
//! a `text decisions` block lists what is left to a person, one
//! `kind subject` a line; a `text notes` block lists what else there is to know,
//! each with its file and line. A `text refused` block says that there is no plan,
//! and what the reason names. A `text past` block says what the tree had before,
//! one `COMMIT DAY PATH NAME…` a line, the newest first. A `python run` block is a
//! program for those who run the trees of a case; here it is passed over.
//!
//! On every case the laws are checked as well: all that [`crate::Planner`]
//! verifies, files that are not named stay byte for byte, and the same tree
//! with CRLF gives the same result with CRLF. Only a file that is made from
//! nothing may end its lines as it likes.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{CheckStatus, PlannedPhase, RelPath};
use repot_roadmap::{CodemodSchema, Roadmap, Vocabulary};
use repot_workspace::{Shape, Snapshot, Workspace};

use crate::{Former, Lost, Memories, Past, Planner, Registry};

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
    gone: BTreeSet<String>,
    decisions: Option<Vec<String>>,
    notes: Option<Vec<String>>,
    refused: Option<String>,
    past: Told,
}

/// What a case says of the past.
#[derive(Debug, Default)]
struct Told(Vec<(Former, Vec<String>)>);

impl Past for Told {
    fn recall(&self, lost: &BTreeSet<Lost>) -> Memories {
        let had = |lost: &Lost| {
            let has = |(former, names): &&(Former, Vec<String>)| {
                lost.is_module_at(&former.path) || lost.name.as_ref().is_some_and(|name| names.contains(name))
            };
            self.0.iter().filter(has).map(|(former, _)| former.clone()).collect()
        };
        let formers = lost.iter().map(|lost| (lost.clone(), had(lost))).collect();
        Memories { formers, notes: Vec::new() }
    }
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
    if let Some(reason) = &case.refused {
        return check_refusal(plan(registry, codemod, case, &case.before), reason.trim_end()).map_err(fail);
    }
    let phase = plan(registry, codemod, case, &case.before).map_err(fail)?;
    compare(case, &case.before, &case.after, &phase).map_err(fail)?;
    check_decisions(case, &phase).map_err(fail)?;
    check_notes(case, &phase).map_err(fail)?;
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
    let shape = Shape::new(&roadmap.workspace, &roadmap.domains)
        .with_composition_roots(&roadmap.boundaries.composition_roots);
    let workspace = Workspace::new(snapshot, shape.into());
    let plan = Planner::new(registry, &roadmap.decisions)
        .fitting(roadmap.template.as_ref())
        .aligning(&roadmap.versions)
        .remembering(&case.past)
        .plan(&workspace, &roadmap.phases);
    let mut plan = plan.map_err(|error| error.to_string())?;
    plan.phases.pop().ok_or_else(|| "the roadmap has no phase".to_owned())
}

fn read_roadmap(schemas: &[CodemodSchema<'static>], codemod: &str, case: &Case) -> Result<Roadmap, String> {
    let tables = case.roadmap.as_deref().unwrap_or(DEFAULT_ROADMAP);
    let step =
        format!("[[phase]]\nname = \"case\"\n[[phase.step]]\ncodemod = \"{codemod}\"\n{}", case.settings);
    let vocabulary = Vocabulary { codemods: schemas, metrics: &[], rules: &[] };
    Roadmap::parse("case", &format!("{tables}\n{step}"), &vocabulary).map_err(|errors| errors.to_string())
}

fn compare(case: &Case, before: &Files, after: &Files, phase: &PlannedPhase) -> Result<(), String> {
    if let Some(message) = failures(phase) {
        return Err(message);
    }
    let (writes, mut result) = (phase.writes(), before.clone());
    for write in writes.iter().filter(|write| write.content.is_none()) {
        result.remove(write.path.as_str());
    }
    let mut made = BTreeSet::new();
    for write in &writes {
        let Some(content) = &write.content else { continue };
        if write.expect.is_none() && write.moved_from.is_none() {
            made.insert(write.path.as_str());
        }
        let text = String::from_utf8_lossy(&content.bytes).into_owned();
        result.insert(write.path.to_string(), text);
    }
    let mut expected = before.clone();
    expected.extend(after.clone());
    expected.retain(|path, _| !case.gone.contains(path));
    for (path, text) in &expected {
        let found = result.get(path).map_or("(no such file)", String::as_str);
        let lines = |text: &str| {
            if made.contains(path.as_str()) { text.replace("\r\n", "\n") } else { text.to_owned() }
        };
        if lines(found) != lines(text) {
            return Err(format!("{path}\n--- expected\n{text}--- found\n{found}---\n{}", evidence(phase)));
        }
    }
    let extra = result.keys().find(|path| !expected.contains_key(*path));
    extra.map_or(Ok(()), |path| {
        let what = if before.contains_key(path) { "is still there" } else { "appeared" };
        Err(format!("{path} {what} ({})", case.title))
    })
}

/// The first law that the plan breaks, and where.
fn failures(phase: &PlannedPhase) -> Option<String> {
    phase.checks.iter().find_map(|check| {
        let CheckStatus::Failed { failures } = &check.status else { return None };
        let places = failures.iter().map(|note| format!("\n  {:?}: {}", note.path, note.message));
        Some(format!("law broken: {}{}", check.law, places.collect::<String>()))
    })
}

fn evidence(phase: &PlannedPhase) -> String {
    let line = |item: &repot_change::Evidence| {
        format!("{}:{} {} [{}] {:?}\n", item.path, item.line, item.subject, item.rule, item.outcome)
    };
    phase.evidence().map(line).collect()
}

/// No plan at all, or one that a law forbids, and a reason that says `expected`.
fn check_refusal(outcome: Result<PlannedPhase, String>, expected: &str) -> Result<(), String> {
    let found = match outcome {
        Err(error) => error,
        Ok(phase) => failures(&phase).unwrap_or_else(|| "a plan".to_owned()),
    };
    if found.contains(expected) {
        Ok(())
    } else {
        Err(format!("refused\nexpected {expected}\nfound {found}"))
    }
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

fn check_notes(case: &Case, phase: &PlannedPhase) -> Result<(), String> {
    let line = |note: &repot_change::Note| {
        let place = note.path.iter().map(ToString::to_string).chain(note.line.map(|line| line.to_string()));
        format!("{}: {}", place.collect::<Vec<_>>().join(":"), note.message)
    };
    let mut found: Vec<String> = phase.steps.iter().flat_map(|step| &step.notes).map(line).collect();
    found.sort();
    match &case.notes {
        Some(expected) if *expected != found => Err(format!("notes\nexpected {expected:?}\nfound {found:?}")),
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
    match cases.iter().find_map(contradiction) {
        Some(message) => Err(message),
        None => Ok(cases),
    }
}

/// A file that is said to be gone, but never was there or is there afterwards.
fn contradiction(case: &Case) -> Option<String> {
    let makes_sense = |path: &&String| case.before.contains_key(*path) && !case.after.contains_key(*path);
    let path = case.gone.iter().find(|path| !makes_sense(path))?;
    Some(format!("{}: {path} cannot be gone", case.title))
}

fn place(case: &mut Case, section: &str, fence: &str, body: String) -> Result<(), String> {
    let (language, name) = fence.split_once(' ').unwrap_or((fence, ""));
    match (section, language, name.trim()) {
        (_, "toml", "") => case.roadmap = Some(body),
        (_, "toml", "settings") => case.settings = body,
        (_, "text", "decisions") => case.decisions = Some(sorted(&body)),
        (_, "text", "notes") => case.notes = Some(sorted(&body)),
        (_, "text", "past") => case.past = told(&body)?,
        (_, "text", "refused") => case.refused = Some(body),
        (_, "python", "run") => {}
        ("After", "gone", path) if !path.is_empty() && body.is_empty() => case.gone.extend([path.to_owned()]),
        (_, "gone", path) => {
            return Err(format!("{}: `gone {path}` is an empty block of `## After`", case.title));
        }
        ("Before", _, path) if !path.is_empty() => drop(case.before.insert(path.to_owned(), body)),
        ("After", _, path) if !path.is_empty() => drop(case.after.insert(path.to_owned(), body)),
        _ => return Err(format!("{}: a block `{fence}` says neither a file nor what it is", case.title)),
    }
    Ok(())
}

fn told(body: &str) -> Result<Told, String> {
    let line = |line: &str| {
        let mut words = line.split_whitespace();
        let (commit, day, path) = (words.next()?, words.next()?, words.next()?);
        let former = Former {
            path: RelPath::new(path).ok()?,
            commit: commit.to_owned(),
            day: day.to_owned(),
            version: format!("{commit}^:{path}"),
        };
        Some((former, words.map(str::to_owned).collect()))
    };
    let lines = body.lines().map(|text| line(text).ok_or_else(|| format!("`{text}` is no line of a past")));
    lines.collect::<Result<_, String>>().map(Told)
}

fn sorted(body: &str) -> Vec<String> {
    let mut lines: Vec<String> = body.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[cfg(test)]
mod tests {
    use repot_change::{Class, Content, Edit, Edits, Span};

    use super::*;
    use crate::{Codemod, CodemodError, Context, Proposal};

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

    #[test]
    fn a_block_with_a_path_is_a_file_whatever_its_language() {
        let text = "# Case\n\n```toml\n[workspace]\n```\n\n## Before\n\n```toml pyproject.toml\n[project]\n```\n\n\
                    ```yaml .github/ci.yml\non: push\n```\n\n```toml settings\na = 1\n```\n";
        let case = parse(text).unwrap().remove(0);
        assert_eq!(case.roadmap.as_deref(), Some("[workspace]\n"));
        assert_eq!(case.settings, "a = 1\n");
        let files: Vec<&str> = case.before.keys().map(String::as_str).collect();
        assert_eq!(files, [".github/ci.yml", "pyproject.toml"]);
    }

    #[test]
    fn what_is_gone_was_there_and_is_not_any_more() {
        let case =
            |after: &str| format!("# Case\n\n## Before\n\n```python a.py\nx\n```\n\n## After\n\n{after}");
        assert_eq!(parse(&case("```gone a.py\n```\n")).unwrap()[0].gone, BTreeSet::from(["a.py".to_owned()]));
        for wrong in [
            "```gone a.py\nx\n```\n",
            "```gone b.py\n```\n",
            "```gone a.py\n```\n\n```python a.py\n```\n",
            "```gone\n```\n",
        ] {
            assert!(parse(&case(wrong)).is_err(), "{wrong}");
        }
        assert!(parse("# Case\n\n## Before\n\n```gone a.py\n```\n").is_err());
    }

    /// Moves `old.py` to `new.py`, changes its first byte, and makes a file.
    struct Carry;

    impl Codemod for Carry {
        fn schema(&self) -> CodemodSchema<'static> {
            CodemodSchema { name: "carry", settings: &[] }
        }

        fn about(&self) -> &'static str {
            "Carries."
        }

        fn propose(&self, context: &Context<'_>) -> Result<Proposal, CodemodError> {
            let mut proposal = Proposal::default();
            let old = RelPath::new("old.py").unwrap();
            if context.workspace.snapshot().get(&old).is_none() {
                return Ok(proposal);
            }
            let first = Edits::new(vec![Edit::replace(Span::new(0, 1), "#!")]).unwrap();
            let imports = proposal.changes_mut(Class::Imports);
            imports.rename(old.clone(), RelPath::new("new.py").unwrap())?;
            imports.create(RelPath::new("made.py").unwrap(), Content::plain(*b"A = 1\nB = 2\n"))?;
            proposal.changes_mut(Class::Prose).edit(old, first)?;
            Ok(proposal)
        }
    }

    const CARRY: Registry = Registry::new(&[&Carry]);

    #[test]
    fn a_program_is_no_file() {
        let text = "# Case\n\n```python run\nprint()\n```\n\n## Before\n\n```python run\nprint()\n```\n";
        assert!(parse(text).unwrap()[0].before.is_empty());
    }

    #[test]
    fn notes_are_all_that_is_listed() {
        let case =
            |notes: &str| format!("# Case\n\n```text notes\n{notes}```\n\n## Before\n\n```text a\n```\n");
        assert_eq!(run(CARRY, "carry", &case("")), Ok(1));
        let failed = run(CARRY, "carry", &case("a:1: is odd\n")).unwrap_err().concat();
        assert!(failed.contains("notes\nexpected [\"a:1: is odd\"]\nfound []"), "{failed}");
    }

    #[test]
    fn a_refusal_says_why() {
        let case = |reason: &str| {
            format!("# Case\n\n```text refused\n{reason}\n```\n\n## Before\n\n```text a\n```\n")
        };
        let failed = run(CARRY, "carry", &case("no such setting")).unwrap_err().concat();
        assert!(failed.contains("found a plan"), "{failed}");
        let unknown = case("unknown").replace("## Before", "```toml settings\nunknown = 1\n```\n\n## Before");
        assert_eq!(run(CARRY, "carry", &unknown), Ok(1));
    }

    #[test]
    fn files_that_move_appear_and_go() {
        let before = "# Case\n\n## Before\n\n```python old.py\n# one\n```\n\n```text read me\nold\n```\n\n## After\n\n";
        let new = "```python new.py\n#! one\n```\n\n";
        let made = "```python made.py\nA = 1\nB = 2\n```\n\n";
        let gone = "```gone old.py\n```\n";
        let failure = |after: &[&str]| {
            let text = format!("{before}{}", after.concat());
            run(CARRY, "carry", &text).err().map(|messages| messages.concat())
        };
        let failed = |after: &[&str]| failure(after).unwrap_or_default();
        assert_eq!(failure(&[new, made, gone]), None);
        assert!(failed(&[made, gone]).contains("new.py appeared"));
        assert!(failed(&[new, gone]).contains("made.py appeared"));
        assert!(failed(&[new, made]).contains("old.py\n--- expected"));
        assert!(failed(&[new, made, "```gone read me\n```\n", gone]).contains("read me is still there"));
    }
}
