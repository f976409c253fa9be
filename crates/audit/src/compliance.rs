//! The metric `template-compliance`: how much of what the template asks the
//! packages' project files hold.
//!
//! Every package with code and every rule that is asked makes one pair; the
//! value is the percentage of the pairs that hold. What a rule asks is known by
//! `repot-project` alone. Where a person has decided that a package stays as it
//! is, it is not asked.

use rayon::prelude::*;
use repot_change::RelPath;
use repot_project::{Broken, Document, Lack, Rule, Subject, asked, fit, repair, text};
use repot_roadmap::Template;
use repot_workspace::{Package, Workspace};

use crate::figure::{Shares, percent, shared};
use crate::{Figure, Finding};

/// The name of the metric, and of the rule behind its findings.
pub const TEMPLATE_COMPLIANCE: &str = "template-compliance";

/// What one package's file holds.
struct Judged<'a> {
    package: &'a Package,
    /// For each rule that is asked, in order, whether it holds; `None` where the
    /// roadmap says that the package stays as it is.
    holds: Vec<Option<bool>>,
    findings: Vec<Finding>,
}

/// The findings, one for everything that is missing, and the figure; its value
/// is a percentage, 100 where nothing is asked.
pub fn template_compliance(workspace: &Workspace, template: &Template) -> (Vec<Finding>, Figure) {
    let rules: Vec<&Rule> = asked(template).collect();
    let judged: Vec<Judged<'_>> = workspace
        .packages()
        .par_iter()
        .filter_map(|package| judge(workspace, package, template, &rules))
        .collect();
    let held = |judged: &Judged<'_>| judged.holds.iter().filter(|holds| **holds == Some(true)).count();
    let asked = |judged: &Judged<'_>| judged.holds.iter().flatten().count();
    let by_rule = rules.iter().enumerate().map(|(index, rule)| {
        let asked: Vec<bool> = judged.iter().filter_map(|judged| judged.holds[index]).collect();
        (rule.name.to_owned(), percent(asked.iter().filter(|holds| **holds).count(), asked.len()))
    });
    let whole = judged.iter().filter(|judged| judged.holds.iter().flatten().all(|holds| *holds)).count();
    // Packages may share a name, and the last of them speaks for it.
    let shares: Shares =
        judged.iter().map(|judged| (judged.package.name.clone(), (held(judged), asked(judged)))).collect();
    let share: (usize, usize) = (judged.iter().map(held).sum(), judged.iter().map(asked).sum());
    let mut parts = vec![("packages", judged.len()), ("of them that comply", whole)];
    let kept = rules.len() * judged.len() - share.1;
    parts.extend((kept > 0).then_some(("rules that the roadmap does not ask", kept)));
    let figure = shared(workspace, TEMPLATE_COMPLIANCE, share, &parts, &shares, percent);
    let figure = Figure { by_rule: by_rule.collect(), ..figure };
    (judged.into_iter().flat_map(|judged| judged.findings).collect(), figure)
}

/// What one rule says of a package.
#[derive(Debug, Clone)]
pub struct Ruling {
    /// The rule.
    pub rule: &'static Rule,
    /// Whether it is known to hold.
    pub holds: bool,
    /// Whether a person wants the package to stay as it is by the rule.
    pub is_kept: bool,
    /// What is lacking, each with its line, counted from 1.
    pub lacks: Vec<(usize, Lack)>,
}

/// A package's project file and what each rule says of it, or the finding that
/// stands for all rules where there is no file to judge.
pub type Rulings = Result<(RelPath, Vec<Ruling>), Box<Finding>>;

/// What each rule that `template` asks says of `package`; `None` for a folder
/// without a project file and without code.
#[must_use]
pub fn rulings(workspace: &Workspace, package: &Package, template: &Template) -> Option<Rulings> {
    let path = package.folder.join("pyproject.toml").ok()?;
    let file = workspace.snapshot().get(&path);
    if file.is_none() && package.trees.is_empty() {
        return None;
    }
    let Some(text) = file.map(|file| file.bytes().and_then(|bytes| text(bytes)).unwrap_or_default()) else {
        return Some(Err(Box::new(absent(workspace, package, path, template))));
    };
    let document = match Document::parse(&text) {
        Ok(document) => document,
        Err(broken) => return Some(Err(Box::new(invalid(&path, &text, &broken)))),
    };
    let facts = workspace.facts(package, template);
    let subject = Subject { document: &document, facts: &facts, template };
    let ruling = |rule: &'static Rule| {
        let lacks = rule.lacks(&subject).into_iter().map(|lack| (document.line(&lack.key), lack)).collect();
        Ruling { rule, holds: rule.holds(&subject), is_kept: rule.is_kept(&subject), lacks }
    };
    Some(Ok((path, asked(template).map(ruling).collect())))
}

fn judge<'a>(
    workspace: &Workspace,
    package: &'a Package,
    template: &Template,
    rules: &[&Rule],
) -> Option<Judged<'a>> {
    let (path, rulings) = match rulings(workspace, package, template)? {
        Ok(found) => found,
        Err(finding) => {
            return Some(Judged { package, holds: vec![Some(false); rules.len()], findings: vec![*finding] });
        }
    };
    let finding = |(line, lack): &(usize, Lack)| {
        let message = format!("{}: {}", lack.rule, lack.words);
        Finding::on_line(TEMPLATE_COMPLIANCE, &path, *line, message, Some(hint(lack)))
    };
    let open = rulings.iter().filter(|ruling| !ruling.is_kept);
    let findings = open.flat_map(|ruling| &ruling.lacks).map(finding).collect();
    let holds = rulings.iter().map(|ruling| (!ruling.is_kept).then_some(ruling.holds));
    Some(Judged { package, holds: holds.collect(), findings })
}

fn hint(lack: &Lack) -> String {
    match &lack.cure {
        repot_project::Cure::Changes(_) => "the codemod `fit-pyproject` mends it".to_owned(),
        repot_project::Cure::Person(reason) => format!("it is left to you: {reason}"),
        repot_project::Cure::Open(question) => format!("it awaits a decision: {}", question.reason),
        repot_project::Cure::Kept(reason) => format!("the roadmap keeps it: {reason}"),
    }
}

fn absent(workspace: &Workspace, package: &Package, path: RelPath, template: &Template) -> Finding {
    let message = format!("`{}` has no `pyproject.toml`", package.name);
    // Where a new one would not be whole, none is made.
    let fresh =
        Document::parse("").map(|document| fit(&document, &workspace.facts(package, template), template));
    let left = fresh.ok().and_then(|fitted| fitted.left.into_iter().next());
    let hint = left.map_or("the codemod `fit-pyproject` makes one".to_owned(), |left| hint(&left.lack));
    // A finding stands in a file that exists.
    let first = workspace.snapshot().below(&package.folder).find(|(_, file)| file.is_python());
    let place = first.map_or(path, |(path, _)| path.clone());
    Finding::on_line(TEMPLATE_COMPLIANCE, &place, 1, message, Some(hint))
}

fn invalid(path: &RelPath, text: &str, broken: &Broken) -> Finding {
    let message = format!("this is no TOML: {}", broken.message);
    let hint = repair(text).map(|_| "the codemod `fit-pyproject` repairs it".to_owned());
    Finding::on_line(TEMPLATE_COMPLIANCE, path, broken.line, message, hint)
}

#[cfg(test)]
mod tests {
    use repot_roadmap::{DecideRule, Pattern, Spanned};
    use repot_workspace::{Shape, Snapshot};

    use super::*;

    fn measured(files: &[(&str, &str)]) -> (Vec<Finding>, Figure) {
        measured_with(files, Vec::new())
    }

    fn measured_with(files: &[(&str, &str)], decided: Vec<DecideRule>) -> (Vec<Finding>, Figure) {
        let files = files.iter().map(|(path, text)| (RelPath::new(path).unwrap(), text.as_bytes().to_vec()));
        let shape = Shape { members: vec![Pattern::new("packages/*").unwrap()], ..Shape::default() };
        let workspace = Workspace::new(Snapshot::from_files(files), shape.into());
        let template = Template {
            requires_python: Some(">=3.11".to_owned()),
            groups: vec!["dev".to_owned()],
            decided,
            ..Template::default()
        };
        template_compliance(&workspace, &template)
    }

    #[test]
    fn what_the_roadmap_keeps_is_not_asked() {
        let keep = |within: &str| DecideRule {
            rule: Spanned::unwritten("requires-python".to_owned()),
            target: None,
            within: Some(Spanned::unwritten(Pattern::new(within).unwrap())),
            reason: None,
        };
        let file = "[project]\nname = 'a'\nrequires-python = '>=3.9'\n[dependency-groups]\ndev = []\n";
        let files = [("packages/a/pyproject.toml", file), ("packages/b/pyproject.toml", file)];
        let (findings, figure) = measured_with(&files, vec![keep("packages/a/**")]);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].path.as_str(), "packages/b/pyproject.toml");
        // Two groups and one Python hold of what is asked.
        assert_eq!(figure.value, Some(66.6));
        assert_eq!(figure.by_rule[0].1, 0.0);
        assert!(figure.parts.iter().any(|(name, count)| name.contains("does not ask") && *count == 1.0));
        // What holds anyway is asked all the same.
        let fits = [("packages/a/pyproject.toml", file.replace("3.9", "3.11"))];
        let fits = fits.each_ref().map(|(path, text)| (*path, text.as_str()));
        assert_eq!(measured_with(&fits, vec![keep("**")]).1.by_rule[0].1, 100.0);
    }

    #[test]
    fn every_package_counts_with_every_rule() {
        let (findings, figure) = measured(&[
            (
                "packages/a/pyproject.toml",
                "[project]\nrequires-python = '>=3.12'\n[dependency-groups]\ndev = []\n",
            ),
            ("packages/b/pyproject.toml", "[project]\nname = 'b'\nrequires-python = '>=3.9'\n"),
            ("packages/c/pyproject.toml", "[project\n"),
            ("packages/d/d/__init__.py", ""),
            ("packages/e/README.md", ""),
        ]);
        assert_eq!(figure.value, Some(25.0));
        let rules: Vec<(&str, f64)> =
            figure.by_rule.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        assert_eq!(rules, [("requires-python", 25.0), ("dependency-groups", 25.0)]);
        assert_eq!(figure.by_package.len(), 4);
        let mut places: Vec<String> =
            findings.iter().map(|finding| format!("{}:{}", finding.path, finding.line)).collect();
        places.sort();
        assert_eq!(
            places,
            [
                "packages/b/pyproject.toml:1",
                "packages/b/pyproject.toml:3",
                "packages/c/pyproject.toml:1",
                "packages/d/d/__init__.py:1",
            ]
        );
    }
}
