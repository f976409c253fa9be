//! The project files of a package: its name, its dependencies, and which build
//! backend it has. What the backend ships is not known here.

use std::collections::BTreeSet;

use repot_change::{Note, RelPath};
use toml_edit::{Item, TableLike};

use super::ini::Ini;
use super::setup_py::SetupCall;
use super::site::Site;
use super::toml::{Stated, Toml};

/// The project files that a package has and that can be read.
#[derive(Default)]
pub(super) struct Project {
    pub(super) pyproject: Option<Toml>,
    pub(super) setup_cfg: Option<Ini>,
    pub(super) setup_py: Option<SetupCall>,
    pub(super) notes: Vec<Note>,
    exists: bool,
}

/// The build backends whose configuration is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Backend {
    Hatch,
    Setuptools,
    Poetry,
    Pdm,
    Uv,
    Flit,
    /// None, or one that is not known here.
    Other,
}

impl Project {
    /// Reads the project files; what is wrong with them is noted.
    pub(super) fn read(site: &Site<'_>) -> Self {
        let mut project = Self::default();
        if let Some((path, bytes)) = project.take(site, "pyproject.toml") {
            match Toml::parse(&path, &bytes) {
                Ok(toml) => project.pyproject = Some(toml),
                Err(note) => project.notes.push(note),
            }
        }
        if let Some((path, bytes)) = project.take(site, "setup.cfg") {
            project.setup_cfg = Some(Ini::parse(&path, &String::from_utf8_lossy(&bytes)));
        }
        if let Some((path, bytes)) = project.take(site, "setup.py") {
            project.setup_py = SetupCall::read(&path, &String::from_utf8_lossy(&bytes));
        }
        project
    }

    fn take(&mut self, site: &Site<'_>, name: &str) -> Option<(RelPath, std::sync::Arc<[u8]>)> {
        let path = site.path(name)?;
        let file = site.snapshot.get(&path)?;
        self.exists = true;
        let bytes = file.bytes().cloned();
        if bytes.is_none() {
            self.notes.push(Note::about(&path, "cannot be read; the layout of the package counts"));
        }
        Some((path, bytes?))
    }

    /// Whether there is any project file, readable or not.
    pub(super) fn exists(&self) -> bool {
        self.exists
    }

    /// The distribution's name as the metadata writes it.
    pub(super) fn distribution(&self) -> Option<String> {
        let toml = |keys| self.pyproject.as_ref()?.text(keys);
        let stated = toml("project.name")
            .or_else(|| toml("tool.poetry.name"))
            .or_else(|| self.setup_cfg.as_ref()?.text("metadata", "name"))
            .or_else(|| self.setup_py.as_ref()?.text("name"));
        stated.map(|stated| stated.text).filter(|name| !name.trim().is_empty())
    }

    /// The backend that builds the package: the one that is named, else the
    /// one whose settings are there, else setuptools, as PEP 517 says.
    pub(super) fn backend(&self) -> Backend {
        let has = |keys| self.pyproject.as_ref().is_some_and(|toml| toml.has(keys));
        let named = self.pyproject.as_ref().and_then(|toml| toml.text("build-system.build-backend"));
        if let Some(named) = named {
            return Backend::called(&named.text);
        }
        let by_settings = [
            ("tool.poetry.name", Backend::Poetry),
            ("tool.hatch.build", Backend::Hatch),
            ("tool.flit.module", Backend::Flit),
            ("tool.flit.metadata", Backend::Flit),
            ("tool.pdm.build", Backend::Pdm),
            ("tool.uv.build-backend", Backend::Uv),
            ("tool.setuptools", Backend::Setuptools),
            ("build-system", Backend::Setuptools),
        ];
        let settings = by_settings.iter().find(|(keys, _)| has(keys)).map(|(_, backend)| *backend);
        let is_legacy =
            self.setup_py.is_some() || self.setup_cfg.as_ref().is_some_and(Ini::is_about_a_package);
        settings.unwrap_or(if is_legacy { Backend::Setuptools } else { Backend::Other })
    }

    /// The names of the distributions that the package declares to need.
    pub(super) fn dependencies(&self) -> Vec<String> {
        let mut names = BTreeSet::new();
        if let Some(toml) = &self.pyproject {
            names.extend(requirements(toml));
            names.extend(poetry_names(toml));
        }
        if let Some(ini) = &self.setup_cfg {
            let extras = ini.section("options.extras_require").cloned();
            let stated = ini.lines("options", "install_requires").chain(extras);
            // The requirements may stand in another file, which is not read.
            let stated = stated.filter(|stated| !stated.text.starts_with("file:"));
            names.extend(stated.filter_map(|stated| requirement_name(&stated.text)));
        }
        if let Some(call) = &self.setup_py {
            let own = call.texts("install_requires").unwrap_or_default();
            let extras = call.texts_within("extras_require");
            names.extend(own.iter().chain(&extras).filter_map(|stated| requirement_name(&stated.text)));
        }
        names.into_iter().collect()
    }
}

impl Backend {
    fn called(name: &str) -> Self {
        let known = [
            ("hatchling", Self::Hatch),
            ("setuptools", Self::Setuptools),
            ("poetry", Self::Poetry),
            ("pdm", Self::Pdm),
            ("uv_build", Self::Uv),
            ("flit_core", Self::Flit),
            ("flit", Self::Flit),
        ];
        let top = name.split(['.', ':']).next().unwrap_or(name);
        known.iter().find(|(known, _)| *known == top).map_or(Self::Other, |(_, backend)| *backend)
    }
}

/// A distribution's name in the one spelling that compares (PEP 503).
pub(crate) fn normalise(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for part in name.split(['-', '_', '.']).filter(|part| !part.is_empty()) {
        if !normal.is_empty() {
            normal.push('-');
        }
        normal.push_str(&part.to_ascii_lowercase());
    }
    normal
}

/// The name that a dependency specifier begins with (PEP 508).
fn requirement_name(text: &str) -> Option<String> {
    let text = text.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(text.len());
    Some(normalise(text.get(..end)?)).filter(|name| !name.is_empty())
}

fn requirements(toml: &Toml) -> Vec<String> {
    let arrays = ["project.dependencies", "tool.uv.dev-dependencies"];
    let groups = ["project.optional-dependencies", "dependency-groups", "tool.pdm.dev-dependencies"];
    let stated = arrays.iter().filter_map(|keys| toml.texts(keys)).flatten();
    let tables = groups.iter().filter_map(|keys| toml.get(keys)?.as_table_like()).flat_map(TableLike::iter);
    let grouped = tables.filter_map(|(_, item)| toml.texts_of(item)).flatten();
    stated.chain(grouped).filter_map(|Stated { text, .. }| requirement_name(&text)).collect()
}

fn poetry_names(toml: &Toml) -> Vec<String> {
    let groups = toml.get("tool.poetry.group").and_then(Item::as_table_like);
    let in_groups =
        groups.into_iter().flat_map(TableLike::iter).filter_map(|(_, group)| group.get("dependencies"));
    let own =
        ["tool.poetry.dependencies", "tool.poetry.dev-dependencies"].iter().filter_map(|keys| toml.get(keys));
    let tables = own.chain(in_groups).filter_map(Item::as_table_like).flat_map(TableLike::iter);
    tables.map(|(name, _)| normalise(name)).filter(|name| name != "python" && !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_compare_in_one_spelling() {
        assert_eq!(normalise("Shop.Cart__Kit-x"), "shop-cart-kit-x");
        assert_eq!(
            requirement_name("Pydantic_Core[email]>=2; python_version>'3'"),
            Some("pydantic-core".to_owned())
        );
        assert_eq!(requirement_name("kit @ file:///x"), Some("kit".to_owned()));
        assert_eq!(requirement_name(">=2"), None);
    }
}
