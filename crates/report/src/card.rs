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
    let held = format!("{held} of {} rules hold.", rulings.len());
    let mended = rulings.iter().flat_map(|ruling| &ruling.lacks);
    match mended.filter(|(_, lack)| matches!(lack.cure, Cure::Changes(_))).count() {
        0 => held,
        1 => format!("{held} `{command}` mends 1 fault."),
        faults => format!("{held} `{command}` mends {faults} faults."),
    }
}

fn rule(path: &RelPath, ruling: &Ruling, style: Style) -> String {
    let mark = if ruling.holds { style.paint(Role::Good, "✓") } else { style.paint(Role::Bad, "✗") };
    let mut text = format!("  {mark} {:<18} {}\n", ruling.rule.name, ruling.rule.about);
    if !ruling.holds && ruling.lacks.is_empty() {
        text += "      it is known only where the backend is hatchling\n";
    }
    for (line, lack) in &ruling.lacks {
        text += &format!("      {}  {}\n", place(path, Some(*line), style), one_line(&lack.words));
        if let Cure::Person(reason) = &lack.cure {
            text += &format!("        it is left to you: {}\n", one_line(reason));
        }
    }
    text
}
