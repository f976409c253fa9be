//! The survey behind `repot init`: what a tree looks like to somebody who has
//! no roadmap yet, and the roadmap that says so.
//!
//! Everything here is a proposal. The survey prefers what the repository
//! declares (workspaces, boundary files, dependencies) and falls back to what
//! its folders and imports show; what it is not sure of becomes a comment.

mod declared;
mod domains;
mod duplicates;
mod exclude;
mod gaps;
mod glob;
mod habits;
mod imports;
mod legacy;
mod members;
mod pyproject;
mod shelf;
mod symbols;
mod text;

use std::collections::BTreeMap;
use std::sync::Arc;

use repot_change::{Note, RelPath};
use repot_roadmap::{Boundaries, Domain, Pattern, Spanned, Template};
use repot_workspace::{Package, Shape, Snapshot, Workspace, find_packages};
use serde::Serialize;

use crate::{Asked, Figure, usual};

pub use text::{four_phases_text, roadmap_text};

pub(crate) use duplicates::duplicates;

/// What the command line says about a survey.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Legacy roots that are named and need not be found.
    pub legacy_roots: Vec<String>,
}

/// What a tree looks like. Lists are sorted, so that the same tree gives the
/// same survey.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Survey {
    /// Globs of package folders; at least one, and each matches a folder.
    pub members: Vec<String>,
    /// Globs of what is no part of the living code; each matches something.
    pub exclude: Vec<String>,
    /// Top-level names that should disappear from imports, the most frequent
    /// first.
    pub legacy_roots: Vec<LegacyRoot>,
    /// Names that are imported often and defined nowhere, of which nothing
    /// shows whether they are the repository's own.
    pub unsettled: Vec<NameCount>,
    /// The workspace's own top-level names, with how many imports of them lead
    /// nowhere; the most frequent first.
    pub dangling_roots: Vec<NameCount>,
    /// The domains, by name; none in a flat workspace.
    pub domains: Vec<SurveyedDomain>,
    /// The packages, by folder.
    pub packages: Vec<SurveyedPackage>,
    /// Pairs of packages that look alike.
    pub duplicates: Vec<DuplicatePair>,
    /// What packages lack, by folder; packages that lack nothing are left out.
    pub gaps: Vec<TemplateGap>,
    /// What most packages have in common.
    pub template: Template,
    /// What the boundary files of the tree say and a roadmap cannot, a sentence
    /// each.
    pub carried: Vec<String>,
    /// What every metric measures today, with the members, legacy roots and
    /// domains of this survey.
    pub figures: Vec<Figure>,
    /// What else there is to know.
    pub notes: Vec<Note>,
}

/// A top-level name that should disappear from imports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LegacyRoot {
    /// The name; dotted only when it was named so.
    pub name: String,
    /// How many statements import it.
    pub statements: usize,
    /// How many files do.
    pub files: usize,
    /// How it is known.
    pub reason: LegacyReason,
}

/// How a legacy root is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LegacyReason {
    /// It was named.
    Named,
    /// It is imported often and defined nowhere, no dependency declares it, and
    /// what is imported from it looks like the tree's own modules.
    ImportedOften,
}

/// A name and how many statements import it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NameCount {
    /// The name.
    pub name: String,
    /// The statements.
    pub statements: usize,
}

/// A domain as it is proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SurveyedDomain {
    /// The name.
    pub name: String,
    /// Globs of package folders; each matches a package.
    pub members: Vec<String>,
    /// The domains that it may import, or `*`.
    pub may_import: Vec<String>,
    /// The domains that it imports today although it may not, and how many
    /// names; the most frequent first.
    pub imports_today: Vec<(String, usize)>,
    /// Where it is from.
    pub origin: DomainOrigin,
}

/// Where a domain is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DomainOrigin {
    /// A boundary file of the repository.
    File(RelPath),
    /// The folders of the tree.
    Tree,
}

/// A package as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SurveyedPackage {
    /// Its name.
    pub name: String,
    /// Its folder.
    pub folder: RelPath,
    /// How many Python files are its own.
    pub modules: usize,
    /// The names that it ships, or by which its files most likely go.
    pub import_names: Vec<String>,
}

/// Two packages that look alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DuplicatePair {
    /// The folder of the first.
    pub a: RelPath,
    /// The folder of the second.
    pub b: RelPath,
    /// Whether the names say so; else the content does.
    pub by_name: bool,
    /// How many module paths both have, and how many the smaller has.
    pub modules: (usize, usize),
    /// How many classes and functions both define, and how many the smaller
    /// does.
    pub symbols: (usize, usize),
    /// How many files hold the very same in both, and how many files of code the
    /// smaller has.
    pub files: (usize, usize),
    /// Whether the first would go into the second, and not the other way round:
    /// the one that has more modules stays, of two with as many the one that more
    /// names are imported from.
    pub into_second: bool,
}

/// What one package lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TemplateGap {
    /// The folder.
    pub package: RelPath,
    /// What it lacks, in a fixed order.
    pub missing: Vec<Missing>,
}

/// What a package may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// A `pyproject.toml`, or one that can be read.
    Pyproject,
    /// The table `[build-system]`.
    BuildSystem,
    /// The key `requires-python`.
    RequiresPython,
    /// Any group of dependencies for development.
    DependencyGroups,
    /// Any of the layers that the template names.
    Layers,
}

/// Surveys a tree.
#[must_use]
pub fn survey(snapshot: &Snapshot, options: &Options) -> Survey {
    let (members, mut notes) = members::members(snapshot);
    let exclude = exclude::exclude(snapshot, &members);
    let (packages, _) = find_packages(snapshot, &glob::patterns(&members), &glob::patterns(&exclude));
    let (domains, carried) = domains::domains(snapshot, &members, &packages);
    let bare = workspace(snapshot, (&members, &exclude), &[], &domains);
    let legacy = legacy::legacy(&bare, options);
    let names: Vec<String> = legacy.roots.iter().map(|root| root.name.clone()).collect();
    let workspace = workspace(snapshot, (&members, &exclude), &names, &domains);
    let packages = surveyed_packages(&workspace);
    let (gaps, template) = gaps::gaps(&workspace, &packages);
    // Where packages have nothing in common, the roadmap says nothing of a template.
    let wanted = Some(&template).filter(|template| **template != Template::default());
    let asked = Asked { template: wanted, ..Asked::default() };
    let audit = crate::audit(&workspace, asked, [], &usual(&Boundaries::default(), &[]));
    notes.extend(legacy.notes);
    notes.extend(audit.notes);
    notes.sort();
    notes.dedup();
    Survey {
        members,
        exclude,
        dangling_roots: imports::dangling_roots(&workspace),
        domains: domains::with_imports_of_today(domains, &workspace),
        duplicates: duplicates(&workspace),
        legacy_roots: legacy.roots,
        unsettled: legacy.unsettled,
        figures: audit.figures,
        packages,
        gaps,
        template,
        carried,
        notes,
    }
}

/// The shape of a tree that has no roadmap: its packages, and nothing that is
/// left out.
#[must_use]
pub fn shape(snapshot: &Snapshot) -> Shape {
    let (mut members, _) = members::members(snapshot);
    // What lies in no package belongs to that of the root.
    if !members.iter().any(|member| member == ".") {
        members.insert(0, ".".to_owned());
    }
    Shape { members: glob::patterns(&members), ..Shape::default() }
}

fn workspace(
    snapshot: &Snapshot,
    (members, exclude): (&[String], &[String]),
    legacy_roots: &[String],
    domains: &[SurveyedDomain],
) -> Workspace {
    let spanned = |globs: &[String]| -> Vec<Spanned<Pattern>> {
        glob::patterns(globs).into_iter().map(Spanned::unwritten).collect()
    };
    let domain = |domain: &SurveyedDomain| Domain {
        members: spanned(&domain.members),
        may_import: domain.may_import.iter().cloned().map(Spanned::unwritten).collect(),
        span: None,
    };
    let domains: BTreeMap<String, Domain> =
        domains.iter().map(|surveyed| (surveyed.name.clone(), domain(surveyed))).collect();
    let shape = Shape {
        members: glob::patterns(members),
        exclude: glob::patterns(exclude),
        legacy_roots: legacy_roots.to_vec(),
        domains,
        ..Shape::default()
    };
    Workspace::new(snapshot.clone(), Arc::new(shape))
}

fn surveyed_packages(workspace: &Workspace) -> Vec<SurveyedPackage> {
    let mut modules = vec![0; workspace.packages().len()];
    for (_, module) in workspace.modules().iter() {
        if let Some(count) = module.package.and_then(|id| modules.get_mut(id.index())) {
            *count += 1;
        }
    }
    let surveyed = |(package, modules): (&Package, usize)| SurveyedPackage {
        name: package.name.clone(),
        folder: package.folder.clone(),
        modules,
        import_names: import_names(package),
    };
    workspace.packages().iter().zip(modules).map(surveyed).collect()
}

/// The names that a package ships, or, when it ships nothing, of what lies there.
fn import_names(package: &Package) -> Vec<String> {
    let best = package.trees.iter().map(|tree| tree.origin).min();
    let trees = package.trees.iter().filter(|tree| Some(tree.origin) == best);
    let mut names: Vec<String> = trees.map(|tree| tree.name.clone()).collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests;
