//! What most packages have: the habits that a template is read off.
//!
//! A habit is what more than half of the packages with a project file do, and
//! at least two of them. What they merely happen to have, such as an extra for
//! their users, is no habit.

use std::collections::BTreeMap;

use repot_roadmap::{Spanned, Template};
use repot_workspace::{Layering, Workspace};

use super::glob;
use super::pyproject::Toml;

/// Groups of dependencies that serve the work on a package and have a usual
/// content, so that a package without one can be given it.
const GROUPS: [&str; 8] = ["dev", "test", "tests", "docs", "doc", "performance", "security", "monitoring"];

const EXTRAS: &str = "project.optional-dependencies";
const DEPENDENCY_GROUPS: &str = "dependency-groups";
const POETRY_GROUPS: &str = "tool.poetry.group";

const PYTHON: &str = "Programming Language :: Python :: 3.";

/// Adds to `template` what the project files have in common.
pub(super) fn add_habits(template: &mut Template, files: &[&Toml]) {
    let groups = GROUPS.into_iter().filter(|group| is_habit(files, |file| has_group(file, group)));
    template.groups = groups.map(str::to_owned).collect();
    template.groups_in = place(files).filter(|_| !template.groups.is_empty()).map(str::to_owned);
    let tools =
        Template::TOOLS.iter().filter(|tool| is_habit(files, |file| file.has(&format!("tool.{tool}"))));
    template.tools = tools.map(|tool| (*tool).to_owned()).collect();
    template.classifiers =
        is_habit(files, |file| file.texts("project.classifiers").iter().any(|text| text.starts_with(PYTHON)));
}

/// The packages with two or more of the template's layers, as globs: those are
/// laid out in layers, and the others lack nothing that they ever meant to have.
pub(super) fn layered(workspace: &Workspace, template: &Template) -> Vec<Spanned<String>> {
    let layering = Layering { template, decided: &[] };
    let has_some = |id: &_| {
        let home = workspace.layer_home(*id, layering);
        home.is_some_and(|home| workspace.layers_present(&home, layering).len() > 1)
    };
    let packages = workspace.package_ids().filter(has_some);
    packages.map(|id| Spanned::unwritten(glob::exactly(&workspace.package(id).folder))).collect()
}

/// The most frequent text; of equally frequent ones that with the highest
/// numbers in it.
pub(super) fn most(texts: impl Iterator<Item = String>) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    texts.filter(|text| !text.trim().is_empty()).for_each(|text| *counts.entry(text).or_default() += 1);
    counts.into_iter().max_by_key(|(text, count)| (*count, numbers(text))).map(|(text, _)| text)
}

fn numbers(text: &str) -> Vec<u32> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

fn is_habit(files: &[&Toml], has: impl Fn(&Toml) -> bool) -> bool {
    let having = files.iter().filter(|file| has(file)).count();
    having >= 2 && having * 2 > files.len()
}

fn has_group(file: &Toml, group: &str) -> bool {
    [EXTRAS, DEPENDENCY_GROUPS, POETRY_GROUPS].iter().any(|place| has_group_in(file, place, group))
}

fn has_group_in(file: &Toml, place: &str, group: &str) -> bool {
    file.has_key(place, |key| key.eq_ignore_ascii_case(group))
}

/// Where all packages have their groups. Where they differ nothing is said,
/// since saying it would move the groups of some; and no group of Poetry's is to
/// become an extra, which is published.
fn place(files: &[&Toml]) -> Option<&'static str> {
    let has_any = |file: &&Toml, place: &str| GROUPS.iter().any(|group| has_group_in(file, place, group));
    let uses = |place: &str| files.iter().any(|file| has_any(file, place));
    match (uses(EXTRAS), uses(DEPENDENCY_GROUPS) || uses(POETRY_GROUPS)) {
        (true, false) => Some("optional-dependencies"),
        (false, true) => Some("dependency-groups"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_majority_wins_and_the_newest_of_equals() {
        let most = |texts: &[&str]| most(texts.iter().map(|text| (*text).to_owned()));
        assert_eq!(most(&[">=3.9", ">=3.9", ">=3.11"]).as_deref(), Some(">=3.9"));
        assert_eq!(most(&[">=3.9", ">=3.11"]).as_deref(), Some(">=3.11"));
        assert_eq!(most(&[" "]), None);
    }

    fn habits(texts: &[&str]) -> Template {
        let files: Vec<Toml> = texts.iter().map(|text| Toml::parse(text).unwrap()).collect();
        let mut template = Template::default();
        add_habits(&mut template, &files.iter().collect::<Vec<_>>());
        template
    }

    #[test]
    fn what_more_than_half_have_is_a_habit() {
        let extra = "[project.optional-dependencies]\ndev = []\ngpu = []\n[tool.ruff]\n";
        let python = "[project]\nclassifiers = ['Programming Language :: Python :: 3.12']\n";
        let found = habits(&[extra, extra, python]);
        assert_eq!((found.groups, found.tools), (vec!["dev".to_owned()], vec!["ruff".to_owned()]));
        assert_eq!(found.groups_in.as_deref(), Some("optional-dependencies"));
        assert!(!found.classifiers);
        assert!(habits(&[python, python, extra]).classifiers);
        assert_eq!(habits(&[extra]), Template::default());
        assert_eq!(habits(&[extra, extra, python, python]), Template::default());
    }

    #[test]
    fn groups_in_two_places_stay_in_both() {
        let (extra, group) =
            ("[project.optional-dependencies]\ntest = []\n", "[dependency-groups]\ntest = []\n");
        let found = habits(&[extra, extra, group]);
        assert_eq!((found.groups, found.groups_in), (vec!["test".to_owned()], None));
        let poetry = "[tool.poetry.group.test.dependencies]\n";
        assert_eq!(habits(&[extra, extra, poetry]).groups_in, None);
        assert_eq!(habits(&[poetry, group]).groups_in.as_deref(), Some("dependency-groups"));
    }
}
