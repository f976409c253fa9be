//! The phases of the roadmap: what to do first, and the gates that hold today.

use super::toml::string;
use crate::Figure;
use crate::compliance::TEMPLATE_COMPLIANCE;
use crate::dangling::DANGLING_IMPORTS;
use crate::layers::LAYER_COMPLETENESS;
use crate::legacy::LEGACY_IMPORTS;
use crate::rules::BOUNDARY_VIOLATIONS;
use crate::survey::Survey;

/// Imports that lead somewhere.
pub(super) fn imports(survey: &Survey) -> String {
    let mut text = String::from(
        "[[phase]]\nname = \"legacy-imports\"\ntitle = \"Imports name the modules that exist\"\n\n\
         [[phase.step]]\ncodemod = \"retarget-imports\"\n",
    );
    text += &at_most(survey, LEGACY_IMPORTS, "statement", Some(0.0));
    text += &at_most(survey, DANGLING_IMPORTS, "name", None);
    if !survey.domains.is_empty() {
        text += &at_most(survey, BOUNDARY_VIOLATIONS, "name", None);
    }
    text
}

/// Packages that fit the template; nothing where all of them do.
pub(super) fn packages(survey: &Survey) -> String {
    let lacks = |metric| today(survey, metric).is_some_and(|(_, today)| today < 100.0);
    let steps = [(TEMPLATE_COMPLIANCE, "fit-pyproject"), (LAYER_COMPLETENESS, "complete-layers")];
    let wanted: Vec<_> = steps.into_iter().filter(|(metric, _)| lacks(metric)).collect();
    if wanted.is_empty() {
        return String::new();
    }
    let mut text = String::from("[[phase]]\nname = \"packages\"\ntitle = \"Packages fit the template\"\n");
    for (_, codemod) in &wanted {
        text += &format!("\n[[phase.step]]\ncodemod = {}\n", string(codemod));
    }
    for (metric, _) in &wanted {
        text += &at_least(survey, metric);
    }
    text
}

fn today<'s>(survey: &'s Survey, metric: &str) -> Option<(&'s Figure, f64)> {
    let figure = survey.figures.iter().find(|figure| figure.metric == metric)?;
    Some((figure, figure.value?))
}

/// A gate at `target`, or at what is measured today so that it may only become
/// less; none when nobody knows what that is.
fn at_most(survey: &Survey, metric: &str, unit: &str, target: Option<f64>) -> String {
    let Some((figure, today)) = today(survey, metric) else { return String::new() };
    let files = part(figure, "files").unwrap_or_default();
    let plural = |number: f64, unit: &str| format!("{number} {unit}{}", if number == 1.0 { "" } else { "s" });
    let mut today_is = format!("Today {} in {}.", plural(today, unit), plural(files, "file"));
    if target.is_none() && today > 0.0 {
        today_is += " Lower this as it becomes less.";
    }
    let target = target.unwrap_or(today);
    format!("\n[[phase.gate]]\nmetric = {}\nat-most = {target} # {today_is}\n", string(metric))
}

/// A gate at the whole percents of today, so that they may only become more.
fn at_least(survey: &Survey, metric: &str) -> String {
    let Some((figure, today)) = today(survey, metric) else { return String::new() };
    let whole = part(figure, "of them that comply").map(|whole| format!("{whole} of "));
    let packages = part(figure, "packages").unwrap_or_default();
    let noun = if packages == 1.0 { "package" } else { "packages" };
    let who = match whole {
        Some(whole) => format!("{whole}{packages} {noun} comply"),
        None => format!("{packages} {noun}"),
    };
    format!(
        "\n[[phase.gate]]\nmetric = {}\nat-least = {} # Today {today} percent; {who}. Raise this as it becomes more.\n",
        string(metric),
        today.floor()
    )
}

fn part(figure: &Figure, name: &str) -> Option<f64> {
    figure.parts.iter().find(|(part, _)| part == name).map(|(_, value)| *value)
}
