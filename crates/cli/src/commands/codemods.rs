//! `repot codemods`: the codemods with their settings.

use repot_roadmap::SettingKind;

use crate::ExitStatus;
use crate::console::Console;
use crate::error::Failure;
use crate::session::CODEMODS;

/// Lists them.
pub fn run(console: &mut Console<'_>) -> Result<ExitStatus, Failure> {
    for codemod in CODEMODS.iter() {
        let schema = codemod.schema();
        console.line(format!("{}\n    {}", schema.name, codemod.about()));
        for setting in schema.settings {
            let values = match setting.kind {
                SettingKind::Text => "text".to_owned(),
                SettingKind::Bool => "true or false".to_owned(),
                SettingKind::List => "list".to_owned(),
                SettingKind::OneOf(values) => values.join(" | "),
            };
            console.line(format!(
                "    {} ({values}; default `{}`)\n        {}",
                setting.name, setting.default, setting.about
            ));
        }
    }
    Ok(ExitStatus::Fine)
}
