//! `[coverage]`, `[metrics.NAME]` and `[[phase.criterion]]`.
//!
//! Whether a report or a command exists is found when it is asked.

use jiff::civil::Date;
use regex::Regex;

use super::Reader;
use crate::reader::{Place, Table};
use crate::{CommandMetric, Coverage, Criterion, Percent, Reading, RoadmapProblem, Spanned, name};

const COVERAGE: &[&str] = &["files", "at-least"];
const METRIC: &[&str] = &["command", "timeout", "pointer", "pattern", "unit", "exit-status"];
const UNITS: &[&str] = &["count", "percent"];
const CRITERION: &[&str] = &["text", "owner", "due", "done"];

const FILES_HINT: &str = "name the reports, such as `files = [\"coverage.xml\"]`";

impl Reader<'_> {
    pub(super) fn coverage(&mut self, root: &Table<'_>) -> Option<Coverage> {
        let table = root.table("coverage", &mut self.problems)?;
        let table = self.open(table, "coverage", COVERAGE);
        let files = table.some_patterns("files", FILES_HINT, &mut self.problems);
        // A report is looked for in one folder for each part of its path.
        for file in files.iter().filter(|file| file.value.as_str().split('/').any(|part| part == "**")) {
            let message = format!("`{}` may lie anywhere", file.value);
            let hint = "say how deep it lies, as in `packages/*/coverage.xml`".to_owned();
            self.problems.add(file.span.clone(), message, Some(hint));
        }
        let at_least = self.floors(&table);
        Some(Coverage { files, at_least })
    }

    fn floors(&mut self, coverage: &Table<'_>) -> Vec<(Spanned<String>, Percent)> {
        let Some(table) = coverage.table("at-least", &mut self.problems) else { return Vec::new() };
        let table = Table::open_unchecked(table, "`[coverage.at-least]`".to_owned(), &[]);
        let mut floors = Vec::new();
        for key in table.keys() {
            let Some(number) = table.number(key, &mut self.problems) else { continue };
            match Percent::new(number) {
                Some(percent) => floors.push((Spanned::new(key.to_owned(), table.key_span(key)), percent)),
                None => {
                    let message = format!("`{key}` must be a percentage, from 0 to 100");
                    self.problems.add(table.key_span(key), message, None);
                }
            }
        }
        floors
    }

    /// The metrics that commands give, in the order of the file.
    pub(super) fn command_metrics(&mut self, root: &Table<'_>) -> Vec<CommandMetric> {
        let Some(metrics) = root.table("metrics", &mut self.problems) else { return Vec::new() };
        let metrics = Table::open_unchecked(metrics, String::new(), &[]);
        let mut read = Vec::new();
        for key in metrics.keys() {
            let name = Spanned::new(key.to_owned(), metrics.key_span(key));
            self.check_metric_name(&name);
            let Some(table) = metrics.table(key, &mut self.problems) else { continue };
            let table = self.open(table, &format!("metrics.{key}"), METRIC);
            read.extend(self.command_metric(name, &table));
        }
        read
    }

    fn check_metric_name(&mut self, name: &Spanned<String>) {
        if self.vocabulary.metrics.contains(&name.value.as_str()) {
            let message = format!("`{}` is a metric that Repot measures itself", name.value);
            self.problems.add(name.span.clone(), message, Some("give the command another name".to_owned()));
        }
        let is_plain = |char: char| char.is_ascii_alphanumeric() || char == '-' || char == '_';
        if name.value.is_empty() || !name.value.chars().all(is_plain) {
            let message = format!("`{}` cannot be the name of a metric", name.value);
            let hint = "use letters, digits and dashes".to_owned();
            self.problems.add(name.span.clone(), message, Some(hint));
        }
    }

    fn command_metric(&mut self, name: Spanned<String>, table: &Table<'_>) -> Option<CommandMetric> {
        let problems = &mut self.problems;
        table.require(
            "command",
            "add a `command`, such as `command = \"ruff check --statistics\"`",
            problems,
        );
        let command = table.name_text("command", problems);
        let statuses = table.integers("exit-status", problems);
        let unit = table.name_text("unit", problems);
        if let Some(unit) = unit.as_ref().filter(|unit| !UNITS.contains(&unit.value.as_str())) {
            let (message, hint) = crate::settings::no_choice("unit", &unit.value, UNITS);
            problems.add(unit.span.clone(), message, hint);
        }
        let timeout = table.text("timeout", problems);
        let timeout = timeout.and_then(|text| self.duration(&text));
        let reading = self.reading(table);
        Some(CommandMetric {
            name,
            command: command?,
            timeout,
            reading: reading?,
            is_percent: unit.is_some_and(|unit| unit.value == "percent"),
            statuses: if statuses.is_empty() { vec![0] } else { statuses },
        })
    }

    fn reading(&mut self, table: &Table<'_>) -> Option<Reading> {
        if table.has("pointer") && table.has("pattern") {
            let message = "`pointer` and `pattern` are both given".to_owned();
            let problem = RoadmapProblem::new(&self.problems.file, table.key_span("pattern"), message);
            self.problems.push(problem.related(table.key_span("pointer"), "the other one"));
        } else if !table.has("pattern") {
            let hint =
                "add a JSON `pointer`, such as `/totals/percent`, or a `pattern`, such as `(\\d+) errors`";
            table.require("pointer", hint, &mut self.problems);
        }
        if let Some(pointer) = table.name_text("pointer", &mut self.problems) {
            if pointer.value.starts_with('/') {
                return Some(Reading::Pointer(pointer.value));
            }
            let message = format!("`{}` is no JSON pointer", pointer.value);
            self.problems.add(pointer.span, message, Some("it begins with `/`".to_owned()));
            return None;
        }
        let pattern = table.name_text("pattern", &mut self.problems)?;
        match Regex::new(&pattern.value) {
            Ok(regex) => Some(Reading::Pattern(regex)),
            Err(error) => {
                let text = error.to_string();
                let cause = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                let message = format!("`{}` is no pattern", pattern.value);
                let problem = RoadmapProblem::new(&self.problems.file, pattern.span, message);
                self.problems.push(problem.label(cause));
                None
            }
        }
    }

    pub(super) fn criterion(&mut self, table: Place<'_>) -> Option<Criterion> {
        let table = self.open_one_of(table, "phase.criterion", CRITERION);
        table.require("text", "say in a `text` what has to be true", &mut self.problems);
        let text = table.name_text("text", &mut self.problems);
        let owner = table.name_text("owner", &mut self.problems);
        let (due, done) = (self.date(&table, "due"), self.date(&table, "done"));
        if table.has("done") && !table.has("owner") {
            let message = "a criterion is done because somebody says so".to_owned();
            self.problems.add(table.key_span("done"), message, Some("add the `owner`".to_owned()));
        }
        Some(Criterion { text: text?, owner: owner.map(|owner| owner.value), due, done })
    }

    fn date(&mut self, table: &Table<'_>, key: &str) -> Option<Date> {
        let text = table.text(key, &mut self.problems)?;
        let date = text.value.parse::<Date>().ok().filter(|_| text.value.len() == "2026-01-31".len());
        if date.is_none() {
            let message = format!("`{}` is no day", text.value);
            self.problems.add(text.span, message, Some("write it as `2026-01-31`".to_owned()));
        }
        date
    }

    /// The names that a gate may compare: what Repot measures, and what the
    /// roadmap has commands for.
    pub(super) fn metric_names(&self, root: &Table<'_>) -> Vec<String> {
        let own = root.table_if_any("metrics").into_iter().flat_map(|table| {
            Table::open_unchecked((table, None), String::new(), &[])
                .keys()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        });
        self.vocabulary.metrics.iter().map(|name| (*name).to_owned()).chain(own).collect()
    }

    /// A metric that exists, or a problem.
    pub(super) fn check_metric(&mut self, metric: &Spanned<String>) {
        if self.metrics.contains(&metric.value) {
            return;
        }
        let known: Vec<&str> = self.metrics.iter().map(String::as_str).collect();
        let message = format!("there is no metric `{}`", metric.value);
        self.problems.add(metric.span.clone(), message, name::hint(&metric.value, &known));
    }
}
