//! The card of one package: what each rule of the template says of its project
//! file, and what would mend it.

use repot_audit::{Finding, Ruling, Rulings};
use repot_change::RelPath;
use repot_project::Cure;
use repot_workspace::Package;

use crate::place::place;
use crate::quote::one_line;
use crate::style::{Role, Style};

/// The card of `package`; `command` is what mends what can be mended. An error
/// stands for all rules where there is no file to judge.
#[must_use]
pub fn package_card(package: &Package, judged: &Rulings, command: &str, style: Style) -> String {
    let name = style.paint(Role::Strong, one_line(&package.name));
    let mut text = format!("{name}  {}\n", one_line(package.folder.as_str()));
    match judged {
        Err(finding) => {
            text += &format!("  {} {}\n", style.paint(Role::Bad, "✗"), one_line(&finding.message));
            if let Some(hint) = &finding.hint {
                text += &format!("      {}\n", one_line(hint));
            }
        }
        Ok((path, rulings)) => {
            for ruling in rulings {
                text += &rule(path, ruling, style);
            }
            text += &format!("\n  {}\n", outcome(rulings, command));
        }
    }
    text
}

/// How many rules hold, and what brings the others nearer.
fn outcome(rulings: &[Ruling], command: &str) -> String {
    let held = rulings.iter().filter(|ruling| ruling.holds).count();
    let kept = rulings.iter().filter(|ruling| ruling.is_kept).count();
    let kept = if kept == 0 { String::new() } else { format!(", {kept} stay as the roadmap says") };
    let held = format!("{held} of {} rules hold{kept}.", rulings.len());
    let mended = rulings.iter().flat_map(|ruling| &ruling.lacks);
    match mended.filter(|(_, lack)| matches!(lack.cure, Cure::Changes(_))).count() {
        0 => held,
        1 => format!("{held} `{command}` mends 1 fault."),
        faults => format!("{held} `{command}` mends {faults} faults."),
    }
}

/// What the agreement on versions says of a package: `findings` are those of its
/// project file.
#[must_use]
pub fn versions_card(findings: &[Finding], command: &str, style: Style) -> String {
    let (role, sign) = if findings.is_empty() { (Role::Good, "✓") } else { (Role::Bad, "✗") };
    let about = "every requirement asks for what the workspace agrees on";
    let mut text = format!("\n  {} {:<18} {about}\n", style.paint(role, sign), "versions");
    for finding in findings {
        let place = place(&finding.path, Some(finding.line), style);
        text += &format!("      {place}  {}\n", one_line(&finding.message));
    }
    if !findings.is_empty() {
        text += &format!("        `{command}` mends what is no conflict\n");
    }
    text
}

fn rule(path: &RelPath, ruling: &Ruling, style: Style) -> String {
    let mark = match (ruling.holds, ruling.is_kept) {
        (true, _) => style.paint(Role::Good, "✓"),
        (false, true) => style.paint(Role::Caution, "–"),
        (false, false) => style.paint(Role::Bad, "✗"),
    };
    let mut text = format!("  {mark} {:<18} {}\n", ruling.rule.name, ruling.rule.about);
    if !ruling.holds && ruling.lacks.is_empty() && !ruling.is_kept {
        text += "      it is known only where the backend is hatchling\n";
    }
    for (line, lack) in &ruling.lacks {
        text += &format!("      {}  {}\n", place(path, Some(*line), style), one_line(&lack.words));
        if let Some(words) = left(&lack.cure) {
            text += &format!("        {}\n", one_line(&words));
        }
    }
    text
}

/// Why a lack is not mended.
fn left(cure: &Cure) -> Option<String> {
    match cure {
        Cure::Changes(_) => None,
        Cure::Person(reason) => Some(format!("it is left to you: {reason}")),
        Cure::Open(question) => Some(format!("it awaits a decision: {}", question.reason)),
        Cure::Kept(reason) => Some(format!("the roadmap keeps it: {reason}")),
    }
}

#[cfg(test)]
mod tests {
    use repot_project::{Key, Lack};

    use super::*;
    use crate::sample::path;

    #[test]
    fn a_card_says_what_waits_and_what_stays() {
        let shown = |cure: &Cure| left(cure).unwrap();
        let kept = Cure::Kept("built in C".to_owned());
        assert_eq!(shown(&kept), "the roadmap keeps it: built in C");
        assert_eq!(left(&Cure::Changes(Vec::new())), None);
        let rule = repot_project::RULES[1];
        let lack = Lack { rule: rule.name, words: "it is old".to_owned(), key: Key::new([]), cure: kept };
        let ruling =
            Ruling { rule: &repot_project::RULES[1], holds: false, is_kept: true, lacks: vec![(3, lack)] };
        let card = self::rule(&path("a/pyproject.toml"), &ruling, Style::PLAIN);
        assert!(card.starts_with("  – build-system "), "{card}");
        assert!(
            card.ends_with("a/pyproject.toml:3  it is old\n        the roadmap keeps it: built in C\n"),
            "{card}"
        );
        assert_eq!(outcome(&[ruling], "repot"), "0 of 1 rules hold, 1 stay as the roadmap says.");
    }

    #[test]
    fn a_card_says_which_requirements_differ() {
        let message = "`numpy` is asked for as `>=1`, in the workspace as `>=2`".to_owned();
        let finding = Finding {
            rule: "version-drift",
            path: path("a/pyproject.toml"),
            line: 7,
            column: 1,
            end: None,
            message,
            subject: String::new(),
            hint: None,
        };
        let card = versions_card(&[finding], "repot run align-versions", Style::PLAIN);
        assert!(card.starts_with("\n  ✗ versions "), "{card}");
        assert!(card.contains("a/pyproject.toml:7  `numpy` is asked for as `>=1`"), "{card}");
        assert!(card.ends_with("`repot run align-versions` mends what is no conflict\n"), "{card}");
        assert!(versions_card(&[], "", Style::PLAIN).starts_with("\n  ✓ versions "));
    }
}
