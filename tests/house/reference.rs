//! `docs/codemods.md` is what the codemods say of themselves.
//!
//! With `REPOT_BLESS` set (`just docs`), the page is written; without, it is
//! compared.

use std::fmt::Write as _;

use repot_codemods::REGISTRY;
use repot_roadmap::{CodemodSchema, SettingKind, SettingSchema};

use super::tree;

const PAGE: &str = "docs/codemods.md";
const HEAD: &str = "# The codemods\n\nA step of a phase names one of these and may set what its table lists. This \
                    page is made from the code by `just docs`; edit the code instead.\n";

fn kind(kind: SettingKind<'_>) -> String {
    match kind {
        SettingKind::Text => "string".to_owned(),
        SettingKind::Bool => "`true` or `false`".to_owned(),
        SettingKind::List => "list of strings".to_owned(),
        SettingKind::OneOf(choices) => {
            choices.iter().map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(", ")
        }
    }
}

fn row(setting: &SettingSchema<'_>) -> String {
    let default = match setting.default {
        "" => "none".to_owned(),
        default => format!("`{default}`"),
    };
    format!("| `{}` | {} | {default} | {} |\n", setting.name, kind(setting.kind), setting.about)
}

/// The part of one codemod: what it does, its settings, its cases.
fn section(schema: &CodemodSchema<'_>, about: &str, cases: &[(String, String)]) -> String {
    let mut section = format!("\n## `{}`\n\n{about}\n", schema.name);
    if !schema.settings.is_empty() {
        section.push_str("\n| Setting | Value | Default | Meaning |\n| --- | --- | --- | --- |\n");
        section.extend(schema.settings.iter().map(row));
    }
    if !cases.is_empty() {
        section.push_str("\nIts cases, each a before and an after:\n\n");
    }
    for (title, path) in cases {
        let _ = writeln!(section, "- [{title}](../{path})");
    }
    section
}

/// The headings of the cases in `codemods/FOLDER/cases`, each with its file.
fn cases(folder: &str, files: &[tree::TreeFile]) -> Vec<(String, String)> {
    let prefix = format!("codemods/{folder}/cases/");
    let own = files.iter().filter(|file| file.path.starts_with(&prefix) && file.path.ends_with(".md"));
    let titles = own.flat_map(|file| {
        // What stands between fences is no heading.
        let outside = file.text.split("\n```").step_by(2).flat_map(str::lines);
        let headings = outside.filter_map(|line| line.strip_prefix("# "));
        headings.map(|title| (title.to_owned(), file.path.clone())).collect::<Vec<_>>()
    });
    titles.collect()
}

#[test]
fn the_reference_page_is_up_to_date() {
    let files = tree::files();
    let sections = REGISTRY.iter().map(|codemod| {
        let schema = codemod.schema();
        section(&schema, codemod.about(), &cases(&schema.name.replace('-', "_"), &files))
    });
    let page: String = [HEAD.to_owned()].into_iter().chain(sections).collect();
    if std::env::var_os("REPOT_BLESS").is_some() {
        std::fs::write(tree::root().join(PAGE), &page).expect("the checkout can be written");
    }
    assert!(tree::text(PAGE) == page, "{PAGE} is not what the codemods say; run `just docs`");
}

#[test]
fn a_section_names_settings_and_cases() {
    const SETTINGS: &[SettingSchema<'static>] = &[
        SettingSchema { name: "form", kind: SettingKind::OneOf(&["a", "b"]), default: "a", about: "How." },
        SettingSchema { name: "only", kind: SettingKind::List, default: "", about: "Which." },
    ];
    let cases = [("One thing".to_owned(), "codemods/x/cases/one.md".to_owned())];
    let section = section(&CodemodSchema { name: "x-y", settings: SETTINGS }, "Does it.", &cases);
    let expected = "\n## `x-y`\n\nDoes it.\n\n| Setting | Value | Default | Meaning |\n| --- | --- | --- | --- |\n\
                    | `form` | `a`, `b` | `a` | How. |\n| `only` | list of strings | none | Which. |\n\n\
                    Its cases, each a before and an after:\n\n- [One thing](../codemods/x/cases/one.md)\n";
    assert_eq!(section, expected);
}
