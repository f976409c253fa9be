//! uv's build backend: <https://docs.astral.sh/uv/concepts/build-backend/>.

use super::pattern::{Patterns, from_anywhere, from_root};
use super::{Subject, excluded, real, retired, sdist, shared_data, ship, stranger};
use crate::Change;

const TABLE: &str = "tool.uv.build-backend";

pub(super) fn translated(subject: &Subject<'_>) -> Result<Vec<Change>, String> {
    let document = subject.document;
    let known = [
        "module-name",
        "module-root",
        "namespace",
        "default-excludes",
        "source-include",
        "source-exclude",
        "wheel-exclude",
        "data",
    ];
    stranger(subject, TABLE, &known)?;
    stranger(subject, "tool.uv.build-backend.data", &["data"])?;
    if document.get("tool.uv.build-backend.default-excludes").is_some_and(|flag| flag.as_bool() != Some(true))
    {
        return Err("compiled files are shipped, which hatchling always leaves out".to_owned());
    }
    let trees = real(subject);
    // A module that is not there could not be built.
    let mut changes = ship(&trees).unwrap_or_default();
    let list = |name: &str| format!("{TABLE}.{name}");
    let both = Patterns::read(document, &list("source-exclude"), from_anywhere)?;
    let wheel = Patterns::read(document, &list("wheel-exclude"), from_anywhere)?;
    changes.extend(excluded(&both, &wheel));
    changes.extend(sdist(&Patterns::read(document, &list("source-include"), from_root)?, &trees));
    if let Some(folder) = document.text("tool.uv.build-backend.data.data") {
        changes.extend(shared_data(subject, folder)?);
    }
    changes.extend(retired(subject, &[TABLE]));
    Ok(changes)
}
