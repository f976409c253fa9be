//! Flit: <https://flit.pypa.io/en/stable/pyproject_toml.html>.

use serde_json::json;

use super::pattern::{Patterns, from_root};
use super::{Subject, only_version, real, retired, sdist, shared_data, ship, stranger};
use crate::{Change, Key, Shipped};

/// Where Flit looks for a `__version__`.
const VERSION_FILES: [&str; 4] = ["__init__.py", "version.py", "_version.py", "__version__.py"];

pub(super) fn translated(subject: &Subject<'_>) -> Result<Vec<Change>, String> {
    let document = subject.document;
    stranger(subject, "tool.flit", &["module", "sdist", "external-data"])?;
    stranger(subject, "tool.flit.module", &["name"])?;
    stranger(subject, "tool.flit.sdist", &["include", "exclude"])?;
    stranger(subject, "tool.flit.external-data", &["directory"])?;
    let trees = real(subject);
    // A module that is not there could not be built.
    let mut changes = ship(&trees).unwrap_or_default();
    changes.extend(sdist(&Patterns::read(document, "tool.flit.sdist.include", from_root)?, &trees));
    let left_out = Patterns::read(document, "tool.flit.sdist.exclude", from_root)?;
    changes.extend(left_out.moved(&Key::dotted(super::SDIST).child("exclude")));
    if let Some(folder) = document.text("tool.flit.external-data.directory") {
        changes.extend(shared_data(subject, folder)?);
    }
    changes.extend(computed(subject, &trees)?);
    changes.extend(retired(subject, &["tool.flit"]));
    Ok(changes)
}

/// The version stays computed, from the same file. The description is the first
/// line of the module's docstring, which hatchling cannot read.
fn computed(subject: &Subject<'_>, trees: &[Shipped]) -> Result<Vec<Change>, String> {
    let dynamic = Key::dotted("project.dynamic");
    let is_read = |path: &String| {
        trees.iter().any(|tree| {
            *path == tree.path || VERSION_FILES.iter().any(|file| *path == format!("{}/{file}", tree.path))
        })
    };
    let has_version = only_version(subject, &["description"])?;
    if has_version && !matches!(subject.facts.versions.as_slice(), [only] if is_read(only)) {
        return Err("no one file of the module states the version that Flit computes".to_owned());
    }
    let texts = subject.document.texts(&dynamic).unwrap_or_default();
    if !texts.contains(&"description") {
        return Ok(Vec::new());
    }
    let Some(summary) = &subject.facts.summary else {
        return Err("Flit takes the description from a docstring that cannot be read".to_owned());
    };
    let said = Change::Set(Key::dotted("project.description"), json!(summary));
    let gone = match has_version {
        true => Change::Drop(dynamic, "description".to_owned()),
        false => Change::Remove(dynamic),
    };
    Ok(vec![said, gone])
}
