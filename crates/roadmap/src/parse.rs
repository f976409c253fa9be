//! From TOML to a [`Roadmap`]: which tables there are and what they must say.
//!
//! Only what the file and the vocabulary tell; whether a glob matches a folder
//! of the tree is not asked here.

mod boundaries;
mod decide;
mod measured;
mod phase;
mod retired;
mod template;
mod verify;
mod versions;

use std::collections::BTreeMap;
use std::ops::Range;

use toml_edit::{Document, TomlError};

use crate::reader::{Place, Problems, Table};
use crate::{
    Domain, Roadmap, RoadmapErrors, RoadmapFile, RoadmapProblem, SettingKind, SettingValue, Undeclared,
    Versions, Vocabulary, WorkspaceTable, name, nearest,
};

const ROOT: &[&str] = &[
    "workspace",
    "domains",
    "template",
    "versions",
    "boundaries",
    "exception",
    "coverage",
    "metrics",
    "phase",
    "decide",
    "retired",
];
const WORKSPACE: &[&str] = &["members", "exclude", "legacy-roots", "undeclared"];
const UNDECLARED: &[&str] = &["deny", "allow"];
const DOMAIN: &[&str] = &["members", "may-import"];

const MEMBERS_HINT: &str = "name the package folders, such as `members = [\"src/packages/*/*\"]`";

/// Reads a `repot.toml`.
pub(crate) fn whole_file(file: RoadmapFile, vocabulary: &Vocabulary<'_>) -> Result<Roadmap, RoadmapErrors> {
    let text = file.text.clone();
    let document = Document::parse(&*text).map_err(|error| broken(&file, &error))?;
    let mut reader = Reader { problems: Problems::new(file), vocabulary, metrics: Vec::new(), prefix: "" };
    let roadmap = reader.roadmap((document.as_table(), None));
    reader.finish(roadmap)
}

/// Reads `[tool.repot]` of a `pyproject.toml`.
pub(crate) fn tool_table(
    file: RoadmapFile,
    vocabulary: &Vocabulary<'_>,
) -> Result<Option<Roadmap>, RoadmapErrors> {
    let text = file.text.clone();
    let document = Document::parse(&*text).map_err(|error| broken(&file, &error))?;
    let problems = Problems::new(file);
    let mut reader = Reader { problems, vocabulary, metrics: Vec::new(), prefix: "tool.repot." };
    let Some(tool) = document.get("tool").and_then(toml_edit::Item::as_table_like) else { return Ok(None) };
    if !tool.contains_key("repot") {
        return Ok(None);
    }
    let tool = Table::open_unchecked((tool, None), String::new(), &[]);
    let roadmap = tool.table("repot", &mut reader.problems).and_then(|table| reader.roadmap(table));
    reader.finish(roadmap).map(Some)
}

fn broken(file: &RoadmapFile, error: &TomlError) -> RoadmapErrors {
    let span = error.span();
    // The parser takes a missing value for a string without its quotes.
    let is_missing =
        span.as_ref().is_some_and(Range::is_empty) && error.message().starts_with("string values must be");
    let message = if is_missing { "a value is missing" } else { error.message() };
    RoadmapProblem::new(file, span, format!("this is no TOML: {message}")).into()
}

/// What reading needs at every step.
struct Reader<'v> {
    problems: Problems,
    vocabulary: &'v Vocabulary<'v>,
    /// The metrics that gates may compare, those of the roadmap's own commands
    /// among them.
    metrics: Vec<String>,
    /// What stands before the name of every table in its header.
    prefix: &'static str,
}

impl Reader<'_> {
    fn finish(self, roadmap: Option<Roadmap>) -> Result<Roadmap, RoadmapErrors> {
        match roadmap {
            Some(roadmap) if self.problems.is_empty() => Ok(roadmap),
            _ => Err(self.problems.into_errors()),
        }
    }

    /// `None` only after a problem; there may be problems with `Some`, too.
    fn roadmap(&mut self, table: Place<'_>) -> Option<Roadmap> {
        let name = if self.prefix.is_empty() { "the roadmap" } else { "`[tool.repot]`" };
        let root = Table::open(table, name.to_owned(), ROOT, &mut self.problems);
        self.metrics = self.metric_names(&root);
        let workspace = self.workspace(&root);
        let domains = self.domains(&root);
        let template = self.template(&root);
        let rules = self.versions(&root);
        let boundaries = self.boundaries(&root);
        let exceptions = self.exceptions(&root);
        let coverage = self.coverage(&root);
        let metrics = self.command_metrics(&root);
        let phases = self.phases(&root);
        let (decisions, decided) = self.decisions(&root);
        let template = self.decided_rules(&root, template, &decided);
        let versions = Versions { is_asked: rules.is_some(), rules: rules.unwrap_or_default(), decided };
        let retired = self.retired(&root);
        let file = self.problems.file.clone();
        let workspace = workspace?;
        self.check_scopes(&phases, &domains);
        Some(Roadmap {
            file,
            workspace,
            domains,
            template,
            versions,
            boundaries,
            exceptions,
            coverage,
            metrics,
            phases,
            decisions,
            retired,
        })
    }

    /// The table `[name]`.
    fn open<'t>(&mut self, table: Place<'t>, name: &str, known: &'t [&'t str]) -> Table<'t> {
        Table::open(table, format!("`[{}{name}]`", self.prefix), known, &mut self.problems)
    }

    /// One of the tables `[[name]]`.
    fn open_one_of<'t>(&mut self, table: Place<'t>, name: &str, known: &'t [&'t str]) -> Table<'t> {
        Table::open(table, format!("this `[[{}{name}]]`", self.prefix), known, &mut self.problems)
    }

    fn workspace(&mut self, root: &Table<'_>) -> Option<WorkspaceTable> {
        if !root.has("workspace") && root.misspelling("workspace").is_none() {
            let message = format!("there is no `[{}workspace]`", self.prefix);
            self.problems.add(root.span.clone(), message, Some(MEMBERS_HINT.to_owned()));
        }
        let table = root.table("workspace", &mut self.problems)?;
        let table = self.open(table, "workspace", WORKSPACE);
        let legacy_roots = table.texts("legacy-roots", &mut self.problems);
        for root in legacy_roots.iter().filter(|root| !name::is_dotted_name(&root.value)) {
            let message = format!("`{}` is no name that Python can import", root.value);
            let hint = "a legacy root is an identifier, or several with dots between".to_owned();
            self.problems.add(root.span.clone(), message, Some(hint));
        }
        Some(WorkspaceTable {
            members: table.some_patterns("members", MEMBERS_HINT, &mut self.problems),
            exclude: table.patterns("exclude", &mut self.problems),
            legacy_roots,
            undeclared: self.undeclared(&table),
        })
    }

    fn undeclared(&mut self, table: &Table<'_>) -> Option<Undeclared> {
        let said = table.setting("undeclared", SettingKind::OneOf(UNDECLARED), &mut self.problems)?;
        let is_deny = said.value == SettingValue::Text("deny".to_owned());
        Some(if is_deny { Undeclared::Deny } else { Undeclared::Allow })
    }

    fn domains(&mut self, root: &Table<'_>) -> BTreeMap<String, Domain> {
        let Some(domains) = root.table("domains", &mut self.problems) else { return BTreeMap::new() };
        let domains = Table::open_unchecked(domains, String::new(), &[]);
        let mut read = BTreeMap::new();
        for name in domains.keys() {
            let Some(table) = domains.table(name, &mut self.problems) else { continue };
            let table = self.open(table, &format!("domains.{name}"), DOMAIN);
            let domain = Domain {
                members: table.some_patterns("members", MEMBERS_HINT, &mut self.problems),
                may_import: table.texts("may-import", &mut self.problems),
                span: domains.key_span(name),
            };
            read.insert(name.to_owned(), domain);
        }
        // A domain that could not be read is still one that can be named.
        let names: Vec<&str> = domains.keys().collect();
        self.check_imports(&read, &names);
        read
    }

    fn check_imports(&mut self, domains: &BTreeMap<String, Domain>, names: &[&str]) {
        let imports = domains.values().flat_map(|domain| &domain.may_import);
        for import in imports.filter(|import| import.value != "*" && !names.contains(&import.value.as_str()))
        {
            let hint = match nearest(&import.value, names.iter().copied()) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("{}; `*` is any", name::all("domains", names)),
            };
            let message = format!("there is no domain `{}`", import.value);
            self.problems.add(import.span.clone(), message, Some(hint));
        }
    }
}

#[cfg(test)]
mod tests;
