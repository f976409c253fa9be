//! The roadmap of four phases: a year's plan for a monorepo that outgrew its
//! borders, ready to be measured.
//!
//! Every aim is a gate on a metric, a gate on a command that a person still has
//! to fill in, or a criterion with an owner and a day. A command that is not
//! filled in fails, so that its gate is unknown and never passed.

use std::fmt::Write as _;

use super::comments::Comments;
use super::toml::{array, string};
use super::{Survey, domains, duplicates, folder, gaps, head, joined, workspace};

/// What the packages of every roadmap of this kind are expected to be.
const LAYERS: [&str; 4] = ["domain", "application", "infrastructure", "presentation"];
const PACKAGES: [&str; 3] = ["shared", "interfaces", "infrastructure"];
const SECTIONS: [&str; 3] = ["Installation", "Usage", "Examples"];

/// A phase: its name, its title, its steps, its gates and its criteria.
struct Chapter {
    name: &'static str,
    title: &'static str,
    steps: &'static [&'static str],
    /// Each with its metric, its target and what it means.
    gates: &'static [(&'static str, &'static str, &'static str)],
    criteria: &'static [&'static str],
}

const CHAPTERS: [Chapter; 4] = [
    Chapter {
        name: "boundaries",
        title: "Emergency fixes: imports and the borders of domains",
        steps: &["retarget-imports"],
        gates: &[
            ("legacy-imports", "at-most = 0", "No import names a legacy root."),
            ("dangling-imports", "at-most = 0", "Every first-party import leads somewhere."),
            ("boundary-violations", "at-most = 0", "No domain imports one that it may not."),
            ("no-cycles", "at-most = 0", "No package imports itself through others."),
            ("missing-packages", "at-most = 0", "The packages for what domains share exist."),
        ],
        criteria: &["Every exception to a boundary has an owner and a day on which it ends"],
    },
    Chapter {
        name: "packages",
        title: "Packages that build and follow one template",
        steps: &["fit-pyproject", "align-versions"],
        gates: &[
            ("template-compliance", "at-least = 100", "Every project file holds what the template asks."),
            ("version-drift", "at-most = 0", "All packages ask for the versions that were agreed on."),
            ("undeclared-dependency", "at-most = 0", "What a package imports it declares."),
            ("failing-builds", "at-most = 0", "Every package builds by itself."),
        ],
        criteria: &["The template is documented, and new packages are made from it"],
    },
    Chapter {
        name: "layers",
        title: "Layers, and one structure for all domains",
        steps: &["complete-layers"],
        gates: &[
            ("layer-completeness", "at-least = 100", "Every package has its layers."),
            ("layer-order", "at-most = 0", "No layer imports one above it."),
            ("type-errors", "at-most = 0", "The borders between layers are typed."),
        ],
        criteria: &["The domains' owners have reviewed where entities, services and repositories lie"],
    },
    Chapter {
        name: "quality",
        title: "Complete features, tests and documentation",
        steps: &[],
        gates: &[
            ("feature-completeness", "at-most = 0", "Nothing is visibly unfinished."),
            ("test-coverage", "at-least = 80", "What runs under the tests."),
            ("test-presence", "at-least = 90", "Modules with a test."),
            ("failing-tests", "at-most = 0", "All tests pass."),
            ("docstring-coverage", "at-least = 80", "Modules, classes and functions that say what they are."),
            ("documentation", "at-least = 100", "Every package has its README, requirements and examples."),
        ],
        criteria: &[
            "A security review found nothing that is still open",
            "The response times that users were promised are measured and kept",
            "The teams can work by the new structure and say so",
        ],
    },
];

/// The commands to fill in, and what each should print.
const COMMANDS: [(&str, &str); 3] = [
    ("failing-builds", "build every package and print how many fail, as `3 failed`"),
    ("type-errors", "run the type checker and print how many errors it has, as `3 failed`"),
    ("failing-tests", "run the tests and print how many fail, as `3 failed`"),
];

/// The roadmap of four phases for the tree of `survey`; what people owe in a
/// phase is due on the day of `due` that belongs to it, written as
/// `2026-01-31`.
#[must_use]
pub fn four_phases_text(survey: &Survey, due: &[String; 4]) -> String {
    let mut sections = vec![
        head(survey),
        workspace(survey),
        domains(survey),
        duplicates(survey),
        template(survey),
        versions(),
        measured(),
    ];
    sections.extend(CHAPTERS.iter().zip(due).map(|(chapter, due)| phase(survey, chapter, due)));
    joined(sections)
}

fn template(survey: &Survey) -> String {
    let common = &survey.template;
    let text = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let value = |value: &Option<String>, other: &str| string(value.as_deref().unwrap_or(other));
    let layers = if common.layers.is_empty() { text(&LAYERS) } else { common.layers.clone() };
    format!(
        "# What every package should have.\n{}[template]\nbuild-backend = {}\nrequires-python = {}\n{}{}{}\
         # A step `scaffold-package` makes one that is missing; say which is yours by another name.\n{}\
         # The sections of a README.\n{}",
        gaps(survey),
        value(&common.build_backend, "hatchling"),
        value(&common.requires_python, ">=3.11"),
        array("layers", &layers),
        "# Who has these layers.\n",
        array("layered", &survey.members),
        array("packages", &text(&PACKAGES)),
        array("readme", &text(&SECTIONS)),
    )
}

fn versions() -> String {
    "# What all packages ask of others' distributions; what is not named here, the highest lower bound in use decides.\n\
     [versions]\n"
        .to_owned()
}

fn measured() -> String {
    let mut text = String::from(
        "# Where test coverage is read from: `coverage.json`, Cobertura's XML or lcov.\n[coverage]\n\
         files = [\"coverage.xml\"]\n\n\
         # What only other tools know. Until a command is filled in, its gate is unknown.\n\
         # `repot check`, `status` and `apply` run them.\n",
    );
    for (name, what) in COMMANDS {
        let command = string(&format!("exit 3 # Fill in: {what}"));
        let _ = write!(
            text,
            "[metrics.{name}]\ncommand = {command}\npattern = '(\\d+) failed'\ntimeout = \"30m\"\n\n"
        );
    }
    text.truncate(text.len() - 1);
    text
}

/// A step for each package that is not there, for a person to complete: where it
/// lies says which domain it belongs to, and who may therefore import it.
fn packages_to_make(survey: &Survey) -> String {
    let is_here = |name: &str| {
        survey.packages.iter().any(|package| {
            package.name.replace('_', "-") == name || package.import_names.iter().any(|import| import == name)
        })
    };
    let missing: Vec<&str> = PACKAGES.into_iter().filter(|name| !is_here(name)).collect();
    if missing.is_empty() {
        return String::new();
    }
    let mut comments = Comments::default();
    comments.paragraph(
        "Packages that are not here by these names. Say where each is to lie, in a domain that all others may import, \
         and take the comment marks away:",
    );
    for name in missing {
        let taken = survey.dangling_roots.iter().chain(&survey.unsettled).find(|count| count.name == name);
        if let Some(taken) = taken {
            comments.paragraph(&format!(
                "`{name}` is imported already, {} times from nowhere: `adopt = true` lets the package take the name.",
                taken.statements
            ));
        }
        for line in [
            "[[phase.step]]".to_owned(),
            "codemod = \"scaffold-package\"".to_owned(),
            format!("name = {}", string(name)),
            format!("path = {}", string(&place(survey, name))),
            format!("template = {}", string(name)),
        ] {
            comments.line(&line);
        }
    }
    format!("\n{}", comments.text())
}

/// A folder that the first of the workspace's globs would match.
fn place(survey: &Survey, name: &str) -> String {
    let glob = survey.members.iter().find(|glob| glob.ends_with("/*"));
    glob.map_or_else(
        || format!("packages/{name}"),
        |glob| {
            let above = glob.trim_end_matches('*').replace('*', "shared");
            format!("{above}{name}")
        },
    )
}

fn phase(survey: &Survey, chapter: &Chapter, due: &str) -> String {
    let mut text = format!("[[phase]]\nname = {}\ntitle = {}\n", string(chapter.name), string(chapter.title));
    for step in chapter.steps {
        let _ = write!(text, "\n[[phase.step]]\ncodemod = {}\n", string(step));
    }
    if chapter.name == "boundaries" {
        text += &packages_to_make(survey);
    }
    for (metric, target, what) in chapter.gates {
        let figure = survey.figures.iter().find(|figure| figure.metric == *metric);
        let today =
            figure.and_then(|figure| figure.value).map_or(String::new(), |it| format!(" Today {it}."));
        let _ = write!(text, "\n# {what}{today}\n[[phase.gate]]\nmetric = {}\n{target}\n", string(metric));
    }
    let mut criteria: Vec<String> = chapter.criteria.iter().map(|it| (*it).to_owned()).collect();
    if chapter.name == "boundaries" {
        let merged = survey.duplicates.iter();
        criteria.extend(merged.map(|it| {
            format!("{} and {} are one package, or differ for a reason", folder(&it.a), folder(&it.b))
        }));
        if !survey.domains.is_empty() {
            text += "\n# Every package lies in a domain.\n[[phase.gate]]\nmetric = \"undeclared-packages\"\nat-most = 0\n";
        }
    }
    for criterion in criteria {
        let _ = write!(
            text,
            "\n[[phase.criterion]]\ntext = {}\nowner = \"the team\" # Name a person; add `done = \"DAY\"` when it is true.\ndue = {}\n",
            string(&criterion),
            string(due)
        );
    }
    text
}
