//! What the packages' project files require, and the versions that they agree
//! on.
//!
//! What agreement means is known by `repot-project`; here the files come
//! together.

use std::collections::BTreeSet;

use rayon::prelude::*;
use repot_change::{Note, RelPath};
use repot_project::{Ask, Conflict, Document, Stated, Verdict};
use repot_roadmap::Versions;

use crate::package::normalise;
use crate::{PackageId, Workspace};

/// One requirement of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Required {
    /// The package that requires it.
    pub package: PackageId,
    /// The package's project file.
    pub path: RelPath,
    /// The requirement.
    pub stated: Stated,
    /// Whether it names a package of the workspace.
    pub is_own: bool,
}

/// Every requirement of a workspace, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agreement {
    /// The requirements, file by file.
    pub required: Vec<Required>,
    /// What becomes of each of them.
    pub verdicts: Vec<Verdict>,
    /// The conflicts; what they name are indexes of requirements.
    pub conflicts: Vec<Conflict>,
    /// What could not be read.
    pub notes: Vec<Note>,
}

impl Workspace {
    /// The requirements of all packages, and what `versions` make of them. A file
    /// that is no TOML is passed over; others report it.
    #[must_use]
    pub fn agreement(&self, versions: &Versions) -> Agreement {
        let ids: Vec<PackageId> = self.package_ids().collect();
        let own = self.distributions();
        let files: Vec<(Vec<Required>, Vec<Note>)> =
            ids.into_par_iter().filter_map(|id| self.required(id, &own)).collect();
        let (required, notes): (Vec<_>, Vec<_>) = files.into_iter().unzip();
        let required: Vec<Required> = required.into_iter().flatten().collect();
        let asks: Vec<Ask<'_>> = required
            .iter()
            .map(|it| Ask { stated: &it.stated, path: it.path.as_str(), is_own: it.is_own })
            .collect();
        let (verdicts, conflicts) = repot_project::agree(&asks, versions);
        Agreement { required, verdicts, conflicts, notes: notes.into_iter().flatten().collect() }
    }

    /// The requirements of one package, and its notes.
    fn required(&self, id: PackageId, own: &BTreeSet<String>) -> Option<(Vec<Required>, Vec<Note>)> {
        let path = self.package(id).folder.join("pyproject.toml").ok()?;
        let text = repot_project::text(self.snapshot().get(&path)?.bytes()?)?;
        let found = repot_project::requirements(&Document::parse(&text).ok()?);
        let required = found.stated.into_iter().map(|stated| Required {
            package: id,
            path: path.clone(),
            is_own: own.contains(&stated.name),
            stated,
        });
        let note = |(line, text): (usize, String)| {
            let message = format!("`{text}` is no requirement that is known here");
            Note { path: Some(path.clone()), line: Some(line), message }
        };
        Some((required.collect(), found.unread.into_iter().map(note).collect()))
    }

    /// The distributions of the workspace, as PEP 503 compares names.
    fn distributions(&self) -> BTreeSet<String> {
        let names = self.packages().iter().filter_map(|package| package.distribution.as_deref());
        names.map(normalise).collect()
    }

    /// The packages whose distribution is called `name`, as PEP 503 compares
    /// names.
    #[must_use]
    pub fn packages_of_distribution(&self, name: &str) -> Vec<PackageId> {
        let wanted = Some(normalise(name));
        let is_called = |id: &PackageId| self.package(*id).distribution.as_deref().map(normalise) == wanted;
        self.package_ids().filter(is_called).collect()
    }
}
