//! Requirements that name the folder of a package: plain ones with a source.
//!
//! The folder and the name have to mean one package. Where a package's source is
//! said is the tree's habit: a uv workspace, else the sources by path that its
//! packages have. Without a habit a plain requirement would be looked for on an
//! index, so a person decides.

use repot_change::{Applicability, Candidate, DecisionKind, Evidence, Outcome, RelPath};
use repot_project::{Asks, Change, Key, Reference, normal};
use repot_roadmap::{DecideRequirement, RequirementTarget, Versions};
use repot_workspace::{Agreement, PackageId, Required, SOURCES, SourceHabit, Workspace, is_place};
use serde_json::Value;

use super::evidence::Scribe;

/// What becomes of one requirement.
pub(super) struct Settled {
    pub changes: Vec<Change>,
    pub evidence: Evidence,
}

pub(super) struct Sources<'a> {
    workspace: &'a Workspace,
    versions: &'a Versions,
    habit: SourceHabit,
}

/// Why a requirement waits, and the packages that it may mean.
type Doubt = (String, Vec<Candidate>);

impl<'a> Sources<'a> {
    pub fn of(workspace: &'a Workspace, versions: &'a Versions) -> Self {
        Self { workspace, versions, habit: workspace.source_habit() }
    }

    /// What becomes of the requirements that name a folder.
    pub fn settle(&self, agreement: &Agreement, scribe: &Scribe<'_>) -> Vec<Settled> {
        let places = agreement.required.iter().filter_map(|required| match &required.stated.asks {
            Asks::Place(place) => Some((required, Reference::of(place)?)),
            Asks::Versions(_) => None,
        });
        places.map(|(required, reference)| self.one(required, &reference, scribe)).collect()
    }

    fn one(&self, required: &Required, reference: &Reference, scribe: &Scribe<'_>) -> Settled {
        let decided = self.decided(required);
        if let Some(kept) = decided.filter(|it| it.target.is_none()) {
            let reason = kept.reason.clone().unwrap_or_else(|| "kept by the roadmap".to_owned());
            return Settled { changes: Vec::new(), evidence: scribe.skipped(required, "decided", reason) };
        }
        let settled = self
            .target(required, reference, decided, scribe)
            .and_then(|target| Ok((self.changes(required, target, scribe)?, target)));
        match settled {
            Ok((changes, target)) => {
                let plain = changes.iter().find_map(|change| match change {
                    Change::Replace { to, .. } => Some(to.clone()),
                    _ => None,
                });
                let to = plain.unwrap_or_else(|| required.stated.spelled.clone());
                let outcome = Outcome::Rewritten { to, applicability: Applicability::Certain };
                let candidates = vec![scribe.meant(target, "its folder and its name")];
                let rule = "the package is one of the workspace";
                let evidence =
                    Evidence { candidates, winner: Some(0), ..scribe.evidence(required, rule, outcome) };
                Settled { changes, evidence }
            }
            Err((rule, candidates)) => {
                let outcome = Outcome::Decision { decision: DecisionKind::Source };
                let evidence = Evidence { candidates, ..scribe.evidence(required, &rule, outcome) };
                Settled { changes: Vec::new(), evidence }
            }
        }
    }

    /// What a person has decided about the requirement.
    fn decided(&self, required: &Required) -> Option<&'a DecideRequirement> {
        let fits = |it: &&DecideRequirement| {
            let is_here = it.within.as_ref().is_none_or(|glob| glob.value.matches(required.path.as_str()));
            let is_place = !matches!(it.target, Some(RequirementTarget::Versions(..)));
            is_here && is_place && normal(&it.requirement.value) == required.stated.name
        };
        self.versions.decided.iter().filter(fits).max_by_key(|it| it.within.is_some())
    }

    /// The package that is meant.
    fn target(
        &self,
        required: &Required,
        reference: &Reference,
        decided: Option<&DecideRequirement>,
        scribe: &Scribe<'_>,
    ) -> Result<PackageId, Doubt> {
        if let Some(RequirementTarget::Folder(folder)) = decided.and_then(|it| it.target.as_ref())
            && let Some(id) = self.workspace.package_in(folder)
        {
            return Ok(id);
        }
        let folder = self.folder(required.package);
        self.workspace.package_meant(folder, &required.stated.name, reference).map_err(|unmeant| {
            let candidates = unmeant.packages.into_iter().map(|(id, how)| scribe.meant(id, how));
            (unmeant.reason.to_owned(), candidates.collect())
        })
    }

    fn folder(&self, id: PackageId) -> &RelPath {
        &self.workspace.package(id).folder
    }

    /// The changes that make the requirement a plain one.
    fn changes(
        &self,
        required: &Required,
        target: PackageId,
        scribe: &Scribe<'_>,
    ) -> Result<Vec<Change>, Doubt> {
        let doubt = |reason: &str| (reason.to_owned(), vec![scribe.meant(target, "its folder and its name")]);
        let Some(plain) = required.stated.plain() else {
            return Err(doubt("Poetry has no workspaces; `fit-pyproject` carries its metadata over"));
        };
        let own = self.folder(required.package);
        let source = match self.habit.source(own, self.folder(target)) {
            Ok(Some(source)) => source,
            Ok(None) => return Err(doubt("the tree nowhere says where a package of its own comes from")),
            Err(stranger) => return Err(doubt(&format!("`{stranger}` is no member of the uv workspace"))),
        };
        let known = self.stated_source(required);
        let key = known.as_ref().map_or(required.stated.spelled.as_str(), |(key, _)| key);
        let set = Change::Set(Key::dotted(SOURCES).child(key), source.clone());
        match &known {
            Some((_, stated)) if *stated == source => Ok(vec![plain]),
            Some((key, stated)) if !is_place(stated) => {
                Err(doubt(&format!("`{SOURCES}.{key}` says otherwise")))
            }
            _ => Ok(vec![plain, set]),
        }
    }

    /// What the file says already about the source of what is required.
    fn stated_source(&self, required: &Required) -> Option<(String, Value)> {
        let sources = self.workspace.project_file(&required.path)?.plain(&Key::dotted(SOURCES))?;
        let mut sources = sources.as_object()?.iter();
        sources
            .find(|(name, _)| normal(name) == required.stated.name)
            .map(|(name, value)| (name.clone(), value.clone()))
    }
}
