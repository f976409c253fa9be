//! One file and what was found in it.

use std::sync::Arc;

use repot_change::{Class, Evidence, Outcome, RelPath, Span, line_at};
use repot_workspace::ModuleId;

use crate::cython::look_at_cython;
use crate::files::Files;
use crate::python::{self, Followed};
use crate::relocation::Relocation;
use crate::{Follow, Renames, Unhandled};

/// What was found in one file.
pub(crate) struct Found {
    pub(crate) path: RelPath,
    package: Option<String>,
    bytes: Arc<[u8]>,
    pub(crate) followed: Followed,
}

impl Found {
    /// What refers in a module.
    pub(crate) fn in_module(
        relocation: &Relocation<'_>,
        (files, renames): (&Files, &Renames<'_>),
        id: ModuleId,
        has_shim: bool,
    ) -> Self {
        let workspace = relocation.workspace();
        let module = workspace.modules().get(id);
        let source = workspace.file(id).parse();
        let mut followed = python::follow(relocation, renames, id, &source, has_shim);
        if let Some(there) = files.joins.get(&module.path) {
            followed.statements.extend(crate::join::self_imports(relocation, id, there, &source));
        }
        let package = workspace.package_name(module).map(str::to_owned);
        Self { path: module.path.clone(), package, bytes: Arc::clone(source.bytes()), followed }
    }

    /// What refers in a file that is no module; `None` where its format is not
    /// known, or nothing refers.
    pub(crate) fn in_other(
        relocation: &Relocation<'_>,
        renames: &Renames<'_>,
        path: &RelPath,
    ) -> Option<Self> {
        let read = || relocation.workspace().snapshot().content(path).map(|content| content.bytes);
        let (bytes, followed) = match path.extension() {
            Some("ipynb") => {
                let bytes = read().filter(|bytes| renames.is_needle_in(bytes))?;
                let followed = crate::notebook::follow(relocation, renames, path, &bytes);
                (bytes, followed)
            }
            Some("pyx" | "pxd" | "pxi") => {
                let bytes = read()?;
                let (places, unhandled) = look_at_cython(path, &bytes, renames);
                (bytes, Followed { places, unhandled, ..Followed::default() })
            }
            _ if crate::text::is_known(path) => {
                let bytes = read()?;
                let followed = crate::text::follow(path, &bytes, renames)?;
                (bytes, followed)
            }
            _ => return None,
        };
        Some(Self { path: path.clone(), package: None, bytes, followed })
    }

    /// Whether the file says `import module` afterwards where it did not before.
    pub(crate) fn imports(&self, module: &str) -> bool {
        let statement = format!("import {module}");
        let is_it = |line: &[u8]| line.trim_ascii() == statement.as_bytes();
        let lines = |new: &[u8]| new.split(|byte| matches!(byte, b'\n' | b'\r' | b';')).any(is_it);
        self.followed.statements.iter().any(|edit| lines(&edit.new))
    }

    /// Takes out what is found where `is_gone` says.
    pub(crate) fn without(&mut self, is_gone: impl Fn(Span) -> bool) {
        let followed = &mut self.followed;
        followed.statements.retain(|edit| !is_gone(edit.span));
        followed.imported.retain(|one| !is_gone(one.span));
        followed.places.retain(|one| !is_gone(one.span));
        followed.unhandled.retain(|one| !is_gone(one.span));
    }

    fn evidence(&self, class: Class, subject: &str, rule: &str, span: Span, outcome: Outcome) -> Evidence {
        Evidence {
            class,
            path: self.path.clone(),
            line: line_at(&self.bytes, span.start),
            span,
            package: self.package.clone(),
            subject: subject.to_owned(),
            rule: rule.to_owned(),
            candidates: Vec::new(),
            winner: None,
            outcome,
            warnings: Vec::new(),
        }
    }

    /// The evidence of a place that follows.
    pub(crate) fn followed(&self, one: &Follow) -> Evidence {
        let outcome = Outcome::Rewritten { to: one.new.clone(), applicability: one.applicability };
        self.evidence(one.class, &one.subject, &one.rule, one.span, outcome)
    }

    /// The evidence of a place that does not.
    pub(crate) fn left(&self, one: &Unhandled) -> Evidence {
        self.evidence(
            one.class,
            &one.subject,
            &one.reason,
            one.span,
            Outcome::Skipped { reason: one.reason.clone() },
        )
    }
}
