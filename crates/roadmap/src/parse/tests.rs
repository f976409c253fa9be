//! Right files, wrong files (`wrong.md`), and laws over all files.

use std::time::Duration;

use proptest::prelude::*;

use crate::{
    CodemodSchema, Reading, RequirementTarget, Roadmap, RoadmapErrors, SettingKind, SettingSchema, Spanned,
    Target, Undeclared, Verify, Vocabulary,
};

const STYLES: &[&str] = &["habit", "absolute", "relative"];

const VOCABULARY: Vocabulary<'static> = Vocabulary {
    codemods: &[
        CodemodSchema {
            name: "retarget-imports",
            settings: &[
                setting("style", SettingKind::OneOf(STYLES), "habit"),
                setting("include-tests", SettingKind::Bool, "true"),
                setting("only", SettingKind::List, ""),
                setting("interface-package", SettingKind::Text, ""),
            ],
        },
        CodemodSchema { name: "sync-pyproject", settings: &[] },
    ],
    metrics: &["legacy-imports", "dangling-imports", "boundary-violations"],
    rules: &["domain-imports", "no-cycles", "private-access"],
};

const fn setting(
    name: &'static str,
    kind: SettingKind<'static>,
    default: &'static str,
) -> SettingSchema<'static> {
    SettingSchema { name, kind, default, about: "" }
}

const WHOLE: &str = r#"
[workspace]
members = ["src/packages/*/*"]        # globs of package folders
exclude = ["**/archive/**"]
legacy-roots = ["monorepo", "src.packages"]
undeclared = "deny"

[domains.ai]
members = ["src/packages/ai/*"]
may-import = ["shared", "*"]

[domains.shared]
members = ["src/packages/shared"]

[template]                            # what every package's pyproject must hold
build-backend = "hatchling"
requires-python = ">=3.11"
layers = ["domain", "application"]
layered = ["src/packages/ai/*"]
synonyms = { application = ["services"] }
packages = ["shared"]
path = "templates"
groups = ["dev"]
requirements = { dev = ["ruff"] }
settings.ruff = { line-length = 88, lint.select = ["ALL"] }

[boundaries]
rules = ["no-cycles"]
local-imports = false
public = ["*.api", "shop.**"]
composition-roots = ["src/**/bootstrap.py"]
distributions = { cv2 = "opencv-python-headless" }

[[exception]]
rule = "domain-imports"
in = "src/packages/ai/**"
imports = "shop.cart:Cart"
owner = "Ada"
reason = "Until the cart has an interface"
expires = "2030-12-31"

[versions]
pydantic = ">=2.5, <3"
Scikit_Learn = [">=1.3", "<1.5; python_version < '3.9'"]

[coverage]
files = ["coverage.xml", "src/packages/*/*/coverage.json"]
at-least = { shared = 80, "src/packages/ai/*" = 62.5 }

[metrics.types]
command = "mypy src"
timeout = "90s"
pattern = '(\d+) errors'
exit-status = [0, 1]

[metrics.docs]
command = "report --json"
pointer = "/totals/percent"
unit = "percent"

[[phase]]
name = "boundaries"
title = "Emergency fixes: domain boundaries"

[[phase.step]]
codemod = "retarget-imports"          # its settings are its own keys
style = "relative"
only = ["ai", "shared"]
include-tests = false

[[phase.step]]
codemod = "sync-pyproject"

[[phase.gate]]
metric = "legacy-imports"
at-most = 0

[[phase.gate]]
metric = "boundary-violations"
equals = 2.5

[[phase.gate]]
metric = "types"
at-most = 10
domain = "ai"

[[phase.criterion]]
text = "The team has agreed"
owner = "ada"
due = "2026-02-28"
done = "2026-01-31"

[phase.verify]
commands = ["pytest -q", "ruff check ."]
timeout = "1h 30m"

[[phase]]
name = "later"

[[decide]]
symbol = "monorepo.domain.entities:Dataset"
target = "core.domain.entities.dataset:Dataset"

[[decide]]
symbol = "monorepo.domain.entities:Dataset"
strategy = "keep"
in = "src/packages/ai/**"
reason = "goes away in June"

[[decide]]
requirement = "numpy"
target = ">=1.26,<2"
in = "src/packages/ai/**"

[[decide]]
requirement = "kernel"
target = "src/packages/shared/"

[[decide]]
requirement = "numpy"
strategy = "keep"
"#;

fn parse(text: &str) -> Result<Roadmap, RoadmapErrors> {
    Roadmap::parse("repot.toml", text, &VOCABULARY)
}

fn texts<T: ToString>(spanned: &[Spanned<T>]) -> Vec<String> {
    spanned.iter().map(|item| item.value.to_string()).collect()
}

#[test]
fn everything_that_a_roadmap_can_say_is_read() {
    let roadmap = parse(WHOLE).unwrap();
    assert_eq!(texts(&roadmap.workspace.members), ["src/packages/*/*"]);
    assert_eq!(texts(&roadmap.workspace.exclude), ["**/archive/**"]);
    assert_eq!(texts(&roadmap.workspace.legacy_roots), ["monorepo", "src.packages"]);
    assert_eq!(roadmap.domains.keys().collect::<Vec<_>>(), ["ai", "shared"]);
    assert_eq!(texts(&roadmap.domains["ai"].may_import), ["shared", "*"]);
    assert_eq!(&WHOLE[roadmap.domains["ai"].span.clone().unwrap()], "ai");
    let template = roadmap.template.unwrap();
    assert_eq!(template.build_backend.as_deref(), Some("hatchling"));
    assert_eq!(template.requires_python.as_deref(), Some(">=3.11"));
    assert_eq!(template.layers, ["domain", "application"]);
    assert_eq!(texts(&template.layered), ["src/packages/ai/*"]);
    assert_eq!(template.synonyms["application"], ["services"]);
    assert_eq!(texts(&template.packages), ["shared"]);
    assert_eq!(template.path.unwrap().value, "templates");
    let boundaries = roadmap.boundaries;
    assert_eq!(texts(&boundaries.rules), ["no-cycles"]);
    assert!(boundaries.type_checking_imports && boundaries.test_imports && !boundaries.local_imports);
    assert!(boundaries.public[0].value.matches_dotted("shop.api:Cart"));
    assert!(!boundaries.public[0].value.matches_dotted("shop.cart:api"));
    assert!(boundaries.public[1].value.matches_dotted("shop.cart.order:Order"));
    assert!(boundaries.composition_roots[0].value.matches("src/a/b/bootstrap.py"));
    assert_eq!(boundaries.distributions["cv2"], "opencv-python-headless");
    let [exception] = roadmap.exceptions.as_slice() else { panic!("one exception") };
    assert_eq!((exception.rule.value.as_str(), exception.owner.as_str()), ("domain-imports", "Ada"));
    assert_eq!(exception.expires.to_string(), "2030-12-31");
    assert!(exception.imports.as_ref().unwrap().value.matches_dotted("shop.cart:Cart"));
    assert!(!exception.imports.as_ref().unwrap().value.matches_dotted("shop.cart:Other"));
    assert_eq!(template.requirements["dev"], ["ruff"]);
    let lines = ("line-length".to_owned(), crate::TomlValue::Integer(88));
    let rules = crate::TomlValue::List(vec![crate::TomlValue::Text("ALL".to_owned())]);
    assert_eq!(template.settings["ruff"], [lines, ("lint.select".to_owned(), rules)]);
    let [first, second] = roadmap.decisions.as_slice() else { panic!("two decisions") };
    assert_eq!(first.symbol.value, "monorepo.domain.entities:Dataset");
    assert!(first.target.is_some() && first.strategy.is_none() && first.within.is_none());
    assert!(second.within.as_ref().unwrap().value.matches("src/packages/ai/quality/x.py"));
    assert_eq!(second.reason.as_deref(), Some("goes away in June"));
}

#[test]
fn versions_are_read_with_their_markers() {
    let versions = parse(WHOLE).unwrap().versions;
    let said = |rule: &crate::VersionRule| {
        let marker = rule.marker.try_to_string();
        (rule.distribution.value.clone(), rule.versions.clone(), marker)
    };
    let text = str::to_owned;
    assert_eq!(
        versions.rules.iter().map(said).collect::<Vec<_>>(),
        [
            (text("pydantic"), text(">=2.5, <3"), None),
            (text("Scikit_Learn"), text(">=1.3"), None),
            (text("Scikit_Learn"), text("<1.5"), Some(text("python_full_version < '3.9'"))),
        ]
    );
    let [pinned, placed, kept] = versions.decided.as_slice() else { panic!("three decisions") };
    assert!(matches!(&pinned.target, Some(RequirementTarget::Versions(text, _)) if text == ">=1.26,<2"));
    assert!(pinned.within.as_ref().unwrap().value.matches("src/packages/ai/x/pyproject.toml"));
    assert_eq!(placed.target, Some(RequirementTarget::Folder("src/packages/shared".to_owned())));
    assert_eq!(kept.target, None);
    assert!(
        versions.is_asked && parse("[workspace]\nmembers = ['a']\n[versions]\n").unwrap().versions.is_asked
    );
    assert!(!parse("[workspace]\nmembers = ['a']\n").unwrap().versions.is_asked);
}

#[test]
fn decisions_about_the_template_belong_to_it() {
    let head = "[workspace]\nmembers = ['a']\n";
    let entry =
        "[[decide]]\ntemplate = 'build-system'\nin = 'a/**'\nstrategy = 'keep'\nreason = 'built in C'\n";
    let placed = "[[decide]]\nrequirement = 'x'\ntarget = 'packages/x'\n";
    let template = parse(&format!("{head}[template]\n{entry}{placed}")).unwrap().template.unwrap();
    let [decided] = template.decided.as_slice() else { panic!("one decision") };
    assert_eq!((decided.rule.value.as_str(), &decided.target), ("build-system", &None));
    assert_eq!(decided.reason.as_deref(), Some("built in C"));
    assert!(decided.within.as_ref().unwrap().value.matches("a/pyproject.toml"));
    assert_eq!(template.placed.len(), 1);
    let problem = |text: &str| parse(&format!("{head}{text}")).unwrap_err().to_string();
    assert!(problem(entry).contains("there is no template to decide about"));
    let entry = |line: &str| format!("[template]\n[[decide]]\ntemplate = 'builds'\n{line}");
    assert!(problem(&entry("")).contains("this entry decides nothing"));
    assert!(problem(&entry("strategy = 'direct'\n")).contains("no strategy for a rule of the template"));
    assert!(problem(&entry("symbol = 'a.b'\nstrategy = 'keep'\n")).contains("are both given"));
    assert!(problem("[template]\n[[decide]]\ntemplate = 'build'\nstrategy = 'keep'\n").contains("build"));
}

#[test]
fn phases_hold_their_steps_and_gates_in_order() {
    let roadmap = parse(WHOLE).unwrap();
    let phase = roadmap.phase("boundaries").unwrap();
    assert_eq!(phase.title, "Emergency fixes: domain boundaries");
    assert_eq!(roadmap.phase("later").unwrap().title, "later");
    let [retarget, sync] = phase.steps.as_slice() else { panic!("two steps") };
    assert_eq!(retarget.settings.get_str("style"), Ok("relative"));
    assert_eq!(&WHOLE[retarget.settings.span("style").unwrap()], "\"relative\"");
    assert_eq!(retarget.settings.get_bool("include-tests"), Ok(false));
    assert_eq!(texts(retarget.settings.get_list("only").unwrap()), ["ai", "shared"]);
    assert_eq!(retarget.settings.get_str("interface-package"), Ok(""));
    assert_eq!(retarget.settings.span("interface-package"), None);
    assert_eq!(sync.codemod.value, "sync-pyproject");
    let targets: Vec<Target> = phase.gates.iter().map(|gate| gate.target).collect();
    assert_eq!(targets, [Target::AtMost(0.0), Target::Equals(2.5), Target::AtMost(10.0)]);
    assert_eq!(phase.gates[2].scope.as_ref().unwrap().to_string(), "domain ai");
    assert_eq!(phase.gates[0].scope, None);
    let [criterion] = phase.criteria.as_slice() else { panic!("one criterion") };
    assert_eq!(
        (criterion.owner.as_deref(), criterion.text.value.as_str()),
        (Some("ada"), "The team has agreed")
    );
    assert_eq!(criterion.due.unwrap().to_string(), "2026-02-28");
    assert_eq!(criterion.done.unwrap().to_string(), "2026-01-31");
    assert_eq!(texts(&phase.verify.commands), ["pytest -q", "ruff check ."]);
    assert_eq!(phase.verify.timeout, Some(Duration::from_secs(90 * 60)));
    assert_eq!(roadmap.phase("later").unwrap().verify, Verify::default());
}

#[test]
fn what_is_measured_by_others_is_read() {
    let roadmap = parse(WHOLE).unwrap();
    assert_eq!(roadmap.workspace.undeclared, Some(Undeclared::Deny));
    let coverage = roadmap.coverage.unwrap();
    assert_eq!(texts(&coverage.files), ["coverage.xml", "src/packages/*/*/coverage.json"]);
    let floors: Vec<(&str, f64)> =
        coverage.at_least.iter().map(|(name, percent)| (name.value.as_str(), percent.value())).collect();
    assert_eq!(floors, [("shared", 80.0), ("src/packages/ai/*", 62.5)]);
    let [types, docs] = roadmap.metrics.as_slice() else { panic!("two metrics") };
    assert_eq!((types.name.value.as_str(), types.command.value.as_str()), ("types", "mypy src"));
    assert_eq!((types.timeout, types.statuses.as_slice()), (Some(Duration::from_secs(90)), &[0, 1][..]));
    assert!(matches!(&types.reading, Reading::Pattern(regex) if regex.is_match("Found 3 errors")));
    assert!(!types.is_percent && docs.is_percent && docs.statuses == [0]);
    assert!(matches!(&docs.reading, Reading::Pointer(pointer) if pointer == "/totals/percent"));
}

#[test]
fn one_command_stands_alone() {
    let text = format!(
        "{WHOLE}\n[[phase]]\nname = \"last\"\nverify = {{ command = \"make check\", timeout = \"PT90S\" }}\n"
    );
    let roadmap = parse(&text).unwrap();
    let verify = &roadmap.phase("last").unwrap().verify;
    assert_eq!(texts(&verify.commands), ["make check"]);
    assert_eq!(verify.timeout, Some(Duration::from_secs(90)));
}

#[test]
fn an_unknown_phase_is_told_with_the_nearest() {
    let error = parse(WHOLE).unwrap().phase("bounderies").unwrap_err();
    assert_eq!(
        format!("{error}; {}", error.hint()),
        "the roadmap has no phase `bounderies`; did you mean `boundaries`?"
    );
    let error = parse(WHOLE).unwrap().phase("x").unwrap_err();
    assert_eq!(error.hint(), "the phases are `boundaries` and `later`");
}

#[test]
fn a_table_may_be_written_inline() {
    let text = r#"
workspace = { members = ["."] }
domains.ai = { members = ["ai"] }
phase = [{ name = "a", gate = [{ metric = "legacy-imports", at-least = 1 }], step = [{ codemod = "sync-pyproject" }] }]
"#;
    let roadmap = parse(text).unwrap();
    assert_eq!(roadmap.phases[0].steps.len(), 1);
    assert_eq!(roadmap.phases[0].gates[0].target, Target::AtLeast(1.0));
    assert!(roadmap.workspace.members[0].value.matches("."));
    assert!(roadmap.domains.contains_key("ai"));
}

#[test]
fn pyproject_holds_the_same_tables_below_tool_repot() {
    let read = |text: &str| Roadmap::from_pyproject("pyproject.toml", text, &VOCABULARY);
    assert!(matches!(read("[project]\nname = \"x\"\n"), Ok(None)));
    assert!(matches!(read("[tool.ruff]\nline-length = 88\n"), Ok(None)));
    assert!(matches!(read("tool = 3\n"), Ok(None)));
    let roadmap = read("[tool.repot.workspace]\nmembers = [\"packages/*\"]\n").unwrap().unwrap();
    assert_eq!(texts(&roadmap.workspace.members), ["packages/*"]);
    let errors = read("[project]\nname = \"x\"\n\n[tool.repot]\n[tool.repot.workspce]\n").unwrap_err();
    let expected = "\
error: unknown key `workspce` in `[tool.repot]`
 --> pyproject.toml:5:13
  |
5 | [tool.repot.workspce]
  |             ^^^^^^^^
  |
  = help: did you mean `workspace`?";
    assert_eq!(errors.to_string(), expected);
    let errors = read("[tool]\nrepot = 3\n").unwrap_err();
    assert_eq!(errors.problems[0].position(), Some((2, 9)));
    assert_eq!(read("[tool.repot]\n").unwrap_err().problems[0].position(), Some((1, 1)));
    assert!(read("[tool.repot").is_err());
}

/// One case of `wrong.md`: its heading, the file and what is printed.
fn wrong_files() -> Vec<(&'static str, &'static str, &'static str)> {
    let cases = include_str!("wrong.md").split("\n## ").skip(1);
    let fenced = |case: &'static str, info: &str| {
        let (_, rest) = case.split_once(&format!("\n```{info}\n")).expect("a fenced block");
        rest.split("```").next().unwrap_or_default()
    };
    cases
        .map(|case| (case.lines().next().unwrap_or_default(), fenced(case, "toml"), fenced(case, "text")))
        .collect()
}

#[test]
fn a_wrong_file_is_told_as_its_case_says() {
    let cases = wrong_files();
    assert!(cases.len() > 30, "{} cases", cases.len());
    let told = |text: &str| format!("{}\n", parse(text).expect_err("a wrong file"));
    let differ: Vec<String> = cases
        .iter()
        .filter(|(_, text, expected)| told(text) != *expected)
        .map(|(heading, text, _)| {
            format!("## {heading}\n\n```toml\n{text}```\n\n```text\n{}```\n", told(text))
        })
        .collect();
    assert!(differ.is_empty(), "told otherwise:\n\n{}", differ.join("\n"));
}

#[test]
fn line_ends_and_a_byte_order_mark_make_no_difference() {
    // Where the parser gives up within a line, its words depend on the line end.
    let readable = |(_, _, expected): &(_, _, &str)| !expected.contains("this is no TOML");
    for (heading, text, expected) in wrong_files().into_iter().filter(readable) {
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        let told = format!("{}\n", parse(&windows).unwrap_err());
        assert_eq!(told, expected, "{heading}");
    }
    assert!(parse(&format!("\u{feff}{}", WHOLE.replace('\n', "\r\n"))).is_ok());
}

/// Every string of the roadmap with its place.
fn strings(roadmap: &Roadmap) -> Vec<Spanned<String>> {
    let patterns = |patterns: &[Spanned<crate::Pattern>]| -> Vec<Spanned<String>> {
        patterns.iter().map(|pattern| pattern.clone().map(|pattern| pattern.to_string())).collect()
    };
    let mut strings = patterns(&roadmap.workspace.members);
    strings.extend(patterns(&roadmap.workspace.exclude));
    strings.extend(roadmap.workspace.legacy_roots.clone());
    for domain in roadmap.domains.values() {
        strings.extend(patterns(&domain.members));
        strings.extend(domain.may_import.clone());
    }
    for phase in &roadmap.phases {
        strings.push(phase.name.clone());
        strings.extend(phase.verify.commands.clone());
        strings.extend(phase.steps.iter().map(|step| step.codemod.clone()));
        strings.extend(phase.gates.iter().map(|gate| gate.metric.clone()));
    }
    for decide in &roadmap.decisions {
        strings.push(decide.symbol.clone());
        strings.extend(decide.target.clone());
        strings.extend(decide.strategy.clone());
        strings.extend(decide.within.clone().map(|pattern| pattern.map(|pattern| pattern.to_string())));
    }
    strings
}

/// The text at the place of `string`, read as TOML, is the string.
fn is_at_its_place(text: &str, string: &Spanned<String>) -> bool {
    let raw = string.span.clone().and_then(|span| text.get(span));
    let value = raw.and_then(|raw| raw.parse::<toml_edit::Value>().ok());
    value.and_then(|value| value.as_str().map(str::to_owned)).as_ref() == Some(&string.value)
}

fn quoted() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zé]{1,5}".prop_map(|text| format!("\"{text}\"")),
        "[a-z]{1,5}".prop_map(|text| format!("'{text}'")),
        "[a-z]{1,5}".prop_map(|text| format!("\"\"\"\n{text}\"\"\"")),
        "[a-z]{0,4}".prop_map(|text| format!("\"\\u00e9{text}\"")),
    ]
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        let _ = parse(&text).map_err(|errors| errors.render(true));
    }

    /// A right file with one piece replaced is read or refused with problems
    /// that lie within it and can be shown.
    #[test]
    fn a_damaged_file_is_read_or_told(
        start in 0..WHOLE.len(), length in 0_usize..40, patch in "[a-z\\[\\]\"'=.\n\\\\{}0-9é#,]{0,8}"
    ) {
        let end = (start + length).min(WHOLE.len());
        let text = format!("{}{patch}{}", &WHOLE[..start], &WHOLE[end..]);
        match parse(&text) {
            Ok(roadmap) => {
                for string in strings(&roadmap) {
                    prop_assert!(is_at_its_place(&text, &string), "{string:?}");
                }
            }
            Err(errors) => {
                prop_assert!(!errors.problems.is_empty());
                prop_assert!(!errors.render(false).is_empty());
                for problem in errors.problems {
                    prop_assert!(problem.span.is_none_or(|span| text.get(span).is_some()));
                }
            }
        }
    }

    #[test]
    fn every_string_is_where_its_span_says(
        members in prop::collection::vec(quoted(), 1..4), roots in prop::collection::vec(quoted(), 0..4),
        name in quoted(), target in quoted(), mark in any::<bool>(), windows in any::<bool>()
    ) {
        let mut text = format!(
            "[workspace]\nmembers = [{}]\nlegacy-roots = [\n  {}\n]\n[[phase]]\nname = {name}\n\
             [[decide]]\nsymbol = 'a:B'\ntarget = {target}\n",
            members.join(", "), roots.join(",\n  "),
        );
        if windows {
            text = text.replace('\n', "\r\n");
        }
        if mark {
            text.insert(0, '\u{feff}');
        }
        let roadmap = parse(&text).unwrap();
        let strings = strings(&roadmap);
        prop_assert_eq!(strings.len(), members.len() + roots.len() + 3);
        for string in strings {
            prop_assert!(is_at_its_place(&text, &string), "{string:?}");
        }
    }
}
