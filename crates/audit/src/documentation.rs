//! The metric `documentation`: what a package's README and folder have of what
//! the template asks.
//!
//! Whether a section says anything useful is for people to judge.

use std::collections::BTreeMap;

use repot_change::RelPath;
use repot_roadmap::Template;
use repot_workspace::{Package, Workspace};

use crate::figure::{Shares, percent, shared};
use crate::{Figure, Finding};

/// The name of the metric, and of the rule behind its findings.
pub const DOCUMENTATION: &str = "documentation";

const READMES: &[&str] = &["md", "rst", "txt", ""];

/// Headings that count as requirements.
const REQUIREMENTS: &[&str] = &["requirements", "dependencies", "prerequisites"];

/// A package's README and what it shows.
#[derive(Default)]
struct Readme {
    path: Option<RelPath>,
    /// In small letters.
    headings: Vec<String>,
    has_code: bool,
}

/// The findings, one for everything that is lacking, and the figure; its value
/// is a percentage. `None` when the template asks for no section.
pub fn documentation(workspace: &Workspace, template: &Template) -> Option<(Vec<Finding>, Figure)> {
    if template.readme.is_empty() {
        return None;
    }
    let packages: Vec<&Package> = workspace.packages().iter().filter(|it| !it.trees.is_empty()).collect();
    let (mut findings, mut shares) = (Vec::new(), Shares::new());
    let mut held: BTreeMap<usize, usize> = BTreeMap::new();
    let mut rules = Vec::new();
    for package in &packages {
        let readme = readme(workspace, package);
        let asked = asked(workspace, package, &readme, template);
        rules = asked.iter().map(|(rule, _)| rule.clone()).collect();
        for (index, _) in asked.iter().enumerate().filter(|(_, (_, holds))| *holds) {
            *held.entry(index).or_default() += 1;
        }
        let own = asked.iter().filter(|(_, holds)| *holds).count();
        shares.insert(package.name.clone(), (own, asked.len()));
        let lacking = asked.into_iter().filter(|(_, holds)| !holds);
        findings.extend(lacking.filter_map(|(rule, _)| finding(workspace, package, &readme, &rule)));
    }
    let all = held.values().sum();
    let parts = [("packages", packages.len()), ("pairs that hold", all)];
    let figure =
        shared(workspace, DOCUMENTATION, (all, rules.len() * packages.len()), &parts, &shares, percent);
    let by_rule = rules
        .into_iter()
        .enumerate()
        .map(|(index, rule)| (rule, percent(held.get(&index).copied().unwrap_or_default(), packages.len())));
    Some((findings, Figure { by_rule: by_rule.collect(), ..figure }))
}

/// Everything that is asked of a package, and whether it is there.
fn asked(
    workspace: &Workspace,
    package: &Package,
    readme: &Readme,
    template: &Template,
) -> Vec<(String, bool)> {
    let has = |words: &str| readme.headings.iter().any(|heading| heading.contains(&words.to_lowercase()));
    let section = |words: &String| (format!("section {words}"), has(words));
    let mut asked = vec![("readme".to_owned(), readme.path.is_some())];
    asked.extend(template.readme.iter().map(section));
    let requirements = says_requirements(workspace, package) || REQUIREMENTS.iter().any(|words| has(words));
    asked.push(("requirements".to_owned(), requirements));
    let folder = package.folder.join("examples").ok();
    let examples = folder.is_some_and(|folder| workspace.snapshot().is_folder(&folder));
    asked.push(("examples".to_owned(), examples || readme.has_code));
    asked
}

fn says_requirements(workspace: &Workspace, package: &Package) -> bool {
    let is_list = |path: &RelPath| {
        path.parent().as_ref() == Some(&package.folder)
            && path.file_name().starts_with("requirements")
            && path.extension() == Some("txt")
    };
    let text = |name: &str| {
        let path = package.folder.join(name).ok()?;
        Some(String::from_utf8_lossy(workspace.snapshot().get(&path)?.bytes()?).into_owned())
    };
    !package.dependencies.is_empty()
        || text("pyproject.toml").is_some_and(|text| text.contains("dependencies = ["))
        || workspace.snapshot().below(&package.folder).any(|(path, _)| is_list(path))
}

fn readme(workspace: &Workspace, package: &Package) -> Readme {
    let named = |extension: &&str| {
        let own = workspace.snapshot().below(&package.folder).find(|(path, _)| {
            path.parent().as_ref() == Some(&package.folder)
                && path.file_stem().eq_ignore_ascii_case("readme")
                && path.extension().unwrap_or_default().eq_ignore_ascii_case(extension)
        });
        own.map(|(path, file)| (path.clone(), file))
    };
    let Some((path, file)) = READMES.iter().find_map(named) else { return Readme::default() };
    let text = String::from_utf8_lossy(file.bytes().map_or(&[][..], |bytes| bytes)).into_owned();
    let (headings, has_code) = read(&text);
    Readme { path: Some(path), headings, has_code }
}

/// The headings of a Markdown or reStructuredText file, in small letters, and
/// whether it shows code.
fn read(text: &str) -> (Vec<String>, bool) {
    let (mut headings, mut has_code, mut fenced) = (Vec::new(), false, false);
    let mut before = "";
    for line in text.lines() {
        if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
            fenced = !fenced;
            has_code = true;
        } else if !fenced {
            has_code |= line.trim_start().starts_with(".. code") || before.trim_end().ends_with("::");
            if line.starts_with('#') {
                headings.push(line.trim_start_matches('#').trim().to_lowercase());
            } else if is_rule(line) && !before.trim().is_empty() {
                headings.push(before.trim().to_lowercase());
            }
        }
        before = line;
    }
    (headings, has_code)
}

/// `====` or `----`: the line above it is a heading.
fn is_rule(line: &str) -> bool {
    let line = line.trim_end();
    line.len() >= 3 && line.chars().all(|char| char == '=' || char == '-' || char == '~')
}

/// At the README, or at the package's first file where there is none.
fn finding(workspace: &Workspace, package: &Package, readme: &Readme, rule: &str) -> Option<Finding> {
    let path = match &readme.path {
        Some(path) => path,
        None => workspace.snapshot().below(&package.folder).next()?.0,
    };
    let (message, hint) = match rule.strip_prefix("section ") {
        Some(section) => (
            format!("the README of `{}` has no section `{section}`", package.name),
            format!("write it under a heading `{section}`"),
        ),
        None if rule == "readme" => (
            format!("`{}` has no README", package.name),
            "write a `README.md` beside its project file".to_owned(),
        ),
        None => (
            format!("the documentation of `{}` names no {rule}", package.name),
            format!("say in the README, or in files beside it, what its {rule} are"),
        ),
    };
    Some(Finding::on_line(DOCUMENTATION, path, 1, message, Some(hint)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::workspace;

    #[test]
    fn a_readme_has_the_sections_that_are_asked() {
        let workspace = workspace(&[
            ("p/shop/shop.py", "import desk"),
            (
                "p/shop/README.md",
                "# Shop\n\n## 🚀 Installation guide\n\n```sh\n# Usage\npip install shop\n```\n",
            ),
            ("p/shop/pyproject.toml", "[project]\nname = \"shop\"\ndependencies = [\"attrs\"]\n"),
            ("p/desk/desk.py", ""),
            ("p/till/till.py", ""),
            ("p/till/readme.rst", "Till\n====\n\nUsage\n-----\n\nRun it::\n\n  till\n"),
        ]);
        let readme = ["Installation", "Usage"].map(str::to_owned).to_vec();
        let template = Template { readme, ..Template::default() };
        let (findings, figure) = documentation(&workspace, &template).unwrap();
        assert_eq!(figure.by_package["shop"], 80.0);
        assert_eq!(figure.by_package["till"], 60.0);
        assert_eq!(figure.by_package["desk"], 0.0);
        assert_eq!(figure.value, Some(46.6));
        assert_eq!(figure.by_domain["sales"], 80.0);
        let rules: Vec<String> =
            figure.by_rule.iter().map(|(rule, share)| format!("{rule} {share}")).collect();
        let expected = [
            "readme 66.6",
            "section Installation 33.3",
            "section Usage 33.3",
            "requirements 33.3",
            "examples 66.6",
        ];
        assert_eq!(rules, expected);
        assert!(findings.iter().any(|it| it.message == "the README of `shop` has no section `Usage`"));
        assert!(findings.iter().any(|it| it.message == "`desk` has no README"));
        assert!(documentation(&workspace, &Template::default()).is_none());
    }
}
