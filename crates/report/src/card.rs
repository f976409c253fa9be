//! The card of one package: what each rule of the template says of its project
//! file, and what would mend it.

use repot_audit::{Ruling, Rulings};
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
                text += &rule(path, ruling, command, style);
            }
            let held = rulings.iter().filter(|ruling| ruling.holds).count();
            text += &format!("\n  {held} of {} rules hold.\n", rulings.len());
        }
    }
    text
}

fn rule(path: &RelPath, ruling: &Ruling, command: &str, style: Style) -> String {
    let mark = if ruling.holds { style.paint(Role::Good, "✓") } else { style.paint(Role::Bad, "✗") };
    let mut text = format!("  {mark} {:<18} {}\n", ruling.rule.name, ruling.rule.about);
    if !ruling.holds && ruling.lacks.is_empty() {
        text += "      only hatchling is known to do it\n";
    }
    for (line, lack) in &ruling.lacks {
        let cure = match &lack.cure {
            Cure::Changes(_) => format!("`{command}` mends it"),
            Cure::Person(reason) => format!("it is left to you: {}", one_line(reason)),
        };
        text += &format!(
            "      {}  {}\n        {cure}\n",
            place(path, Some(*line), style),
            one_line(&lack.words)
        );
    }
    text
}
