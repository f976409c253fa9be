//! What all requirements of one distribution should ask for.
//!
//! A catalogue says it, or it is derived: what all ask for together, which is the
//! highest lower bound in use with every upper bound and exclusion. A requirement
//! is only ever narrowed. Where narrowing leaves no version, or the catalogue
//! asks for less than a package does, nothing is settled: a person decides.
//! Requirements with different markers are settled apart, and then compared
//! where both hold.

use std::collections::BTreeMap;

use pep508_rs::MarkerTree;
use repot_roadmap::{DecideRequirement, RequirementTarget, VersionRange, VersionRule, Versions};

use super::settle::{Written, compact, joined};
use super::{Asks, Stated};
use crate::requirement::normal;

/// Up to so many markers of one distribution are compared all with all; beyond,
/// two by two.
const MAX_MARKERS: usize = 10;

/// One requirement that is to agree with the others.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The requirement.
    pub stated: &'a Stated,
    /// The path of its file, from the root of the workspace.
    pub path: &'a str,
    /// Whether it names a package of the workspace, which needs no version.
    pub is_own: bool,
}

/// What becomes of one requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It asks for no version: a place, or a package of the workspace.
    Passed,
    /// It asks for what it should.
    Same,
    /// It should ask for these versions.
    Drift {
        /// The versions, without blanks.
        versions: String,
        /// Who says so.
        why: Why,
    },
    /// A person wants it to stay, for this reason.
    Kept(String),
    /// It is part of the conflict with this index.
    Conflict(usize),
}

/// Who says what a requirement should ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The catalogue.
    Catalogue,
    /// These requirements, one for each bound.
    Derived(Vec<usize>),
    /// A decision about this requirement.
    Decided,
}

/// Requirements that are not brought together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The distribution, as PEP 503 compares names.
    pub name: String,
    /// Where it is a conflict; `None` for everywhere.
    pub marker: Option<String>,
    /// What the catalogue says; `None` where the packages disagree among
    /// themselves.
    pub catalogue: Option<String>,
    /// What there is to choose from.
    pub choices: Vec<Choice>,
}

/// One way to end a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The versions, without blanks.
    pub versions: String,
    /// The requirements that ask for exactly these.
    pub asks: Vec<usize>,
}

/// What becomes of each of `asks`, in their order, and the conflicts among them.
#[must_use]
pub fn agree(asks: &[Ask<'_>], versions: &Versions) -> (Vec<Verdict>, Vec<Conflict>) {
    let mut table = Agreement { asks, verdicts: vec![Verdict::Passed; asks.len()], conflicts: Vec::new() };
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, ask) in asks.iter().enumerate() {
        if matches!(&ask.stated.asks, Asks::Versions(own) if !(ask.is_own && own.is_empty())) {
            by_name.entry(&ask.stated.name).or_default().push(at);
        }
    }
    for (name, members) in by_name {
        let rules: Vec<&VersionRule> =
            versions.rules.iter().filter(|it| normal(&it.distribution.value) == name).collect();
        let decided: Vec<&DecideRequirement> =
            versions.decided.iter().filter(|it| normal(&it.requirement.value) == name).collect();
        table.settle(members, &rules, &decided);
    }
    (table.verdicts, table.conflicts)
}

struct Agreement<'a> {
    asks: &'a [Ask<'a>],
    verdicts: Vec<Verdict>,
    conflicts: Vec<Conflict>,
}

/// The requirements with one marker, and what they are to ask for.
struct Group<'a> {
    marker: MarkerTree,
    members: Vec<Written<'a>>,
    range: VersionRange,
}

impl<'a> Agreement<'a> {
    fn settle(&mut self, members: Vec<usize>, rules: &[&VersionRule], decided: &[&DecideRequirement]) {
        let open = members.into_iter().filter(|at| !self.is_decided(*at, decided)).collect::<Vec<_>>();
        let mut by_marker: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for at in open {
            let marker = self.asks[at].stated.marker.try_to_string().unwrap_or_default();
            by_marker.entry(marker).or_default().push(at);
        }
        let mut settled = Vec::new();
        for members in by_marker.into_values() {
            let members: Vec<Written<'a>> = members.into_iter().filter_map(|at| self.written(at)).collect();
            let Some(first) = members.first() else { continue };
            let marker = self.asks[first.by].stated.marker.clone();
            let group = match rule_for(rules, &marker) {
                Some(rule) => self.catalogued(marker, members, rule),
                None => self.derived(marker, members),
            };
            settled.extend(group);
        }
        self.compare(settled);
    }

    fn written(&self, at: usize) -> Option<Written<'a>> {
        let Asks::Versions(specifiers) = &self.asks[at].stated.asks else { return None };
        Some(Written { by: at, specifiers, range: VersionRange::of(specifiers)? })
    }

    /// Whether a person has decided about the requirement; then it is settled.
    fn is_decided(&mut self, at: usize, decided: &[&DecideRequirement]) -> bool {
        let path = self.asks[at].path;
        let fits = |it: &&&DecideRequirement| {
            let is_here = it.within.as_ref().is_none_or(|glob| glob.value.matches(path));
            is_here && !matches!(it.target, Some(RequirementTarget::Folder(_)))
        };
        let Some(decided) = decided.iter().filter(fits).max_by_key(|it| it.within.is_some()) else {
            return false;
        };
        let reason = || decided.reason.clone().unwrap_or_else(|| "kept by the roadmap".to_owned());
        self.verdicts[at] = match &decided.target {
            Some(RequirementTarget::Versions(_, target)) => {
                let is_same = self.written(at).map(|own| own.range) == VersionRange::of(target);
                let versions = compact(target);
                if is_same { Verdict::Same } else { Verdict::Drift { versions, why: Why::Decided } }
            }
            _ => Verdict::Kept(reason()),
        };
        true
    }

    /// Brings to the catalogue who asks for no less; the others are conflicts.
    fn catalogued(
        &mut self,
        marker: MarkerTree,
        members: Vec<Written<'a>>,
        rule: &VersionRule,
    ) -> Option<Group<'a>> {
        let wanted = VersionRange::of(&rule.specifiers)?;
        let versions: String = rule.versions.chars().filter(|char| !char.is_whitespace()).collect();
        let (narrowed, refused): (Vec<_>, Vec<_>) =
            members.into_iter().partition(|own| wanted.is_within(&own.range));
        for own in &narrowed {
            self.verdicts[own.by] = match own.range == wanted {
                true => Verdict::Same,
                false => Verdict::Drift { versions: versions.clone(), why: Why::Catalogue },
            };
        }
        let catalogue = Written { by: usize::MAX, specifiers: &rule.specifiers, range: wanted.clone() };
        let mut by_text: BTreeMap<String, Vec<Written<'a>>> = BTreeMap::new();
        for own in refused {
            by_text.entry(compact(own.specifiers)).or_default().push(own);
        }
        for (text, members) in by_text {
            let both = wanted.and(&members[0].range);
            let united = joined(&both, &[catalogue.clone(), members[0].clone()]).0;
            let asks: Vec<usize> = members.iter().map(|own| own.by).collect();
            let offers = [(united, Vec::new()), (text, asks.clone()), (versions.clone(), Vec::new())];
            // Where both leave nothing, there is nothing to unite.
            let offers = offers.into_iter().skip(usize::from(both.is_empty()));
            let mut choices: Vec<Choice> = Vec::new();
            for (versions, asks) in offers {
                match choices.iter_mut().find(|choice| choice.versions == versions) {
                    Some(known) => known.asks.extend(asks),
                    None => choices.push(Choice { versions, asks }),
                }
            }
            self.conflict(&marker, Some(versions.clone()), choices, &asks);
        }
        (!narrowed.is_empty()).then_some(Group { marker, members: narrowed, range: wanted })
    }

    /// Brings all to what they ask for together.
    fn derived(&mut self, marker: MarkerTree, members: Vec<Written<'a>>) -> Option<Group<'a>> {
        let range = joint(&members);
        if range.is_empty() {
            self.disagree(&marker, &members);
            return None;
        }
        let (versions, by) = joined(&range, &members);
        for own in &members {
            self.verdicts[own.by] = match own.range == range {
                true => Verdict::Same,
                false => Verdict::Drift { versions: versions.clone(), why: Why::Derived(by.clone()) },
            };
        }
        Some(Group { marker, members, range })
    }

    /// Takes back what would leave no version where several markers hold.
    fn compare(&mut self, mut groups: Vec<Group<'a>>) {
        while let Some(clash) = clash(&groups) {
            let mut marker = MarkerTree::TRUE;
            let mut members = Vec::new();
            for at in clash.into_iter().rev() {
                let group = groups.remove(at);
                marker.and(group.marker);
                members.extend(group.members);
            }
            members.sort_by_key(|own| own.by);
            self.disagree(&marker, &members);
        }
    }

    /// The conflict of requirements that leave no version together, or none that
    /// what they were brought to would leave.
    fn disagree(&mut self, marker: &MarkerTree, members: &[Written<'a>]) {
        let mut texts: BTreeMap<String, Vec<&Written<'a>>> = BTreeMap::new();
        for own in members {
            texts.entry(compact(own.specifiers)).or_default().push(own);
        }
        let mut core: Vec<(String, Vec<&Written<'a>>)> = texts.into_iter().collect();
        let mut at = 0;
        while at < core.len() {
            let rest =
                core.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, (_, own))| &own[0].range);
            let left = rest.fold(VersionRange::default(), |all, range| all.and(range));
            if left.is_empty() {
                core.remove(at);
            } else {
                at += 1;
            }
        }
        core.sort_by_key(|(_, own)| std::cmp::Reverse(own.len()));
        let choice = |(versions, own): (String, Vec<&Written<'a>>)| Choice {
            versions,
            asks: own.into_iter().map(|own| own.by).collect(),
        };
        let asks: Vec<usize> = members.iter().map(|own| own.by).collect();
        self.conflict(marker, None, core.into_iter().map(choice).collect(), &asks);
    }

    fn conflict(
        &mut self,
        marker: &MarkerTree,
        catalogue: Option<String>,
        choices: Vec<Choice>,
        asks: &[usize],
    ) {
        let Some(first) = asks.first() else { return };
        let (name, at) = (self.asks[*first].stated.name.clone(), self.conflicts.len());
        asks.iter().for_each(|ask| self.verdicts[*ask] = Verdict::Conflict(at));
        self.conflicts.push(Conflict { name, marker: marker.try_to_string(), catalogue, choices });
    }
}

fn joint(members: &[Written<'_>]) -> VersionRange {
    members.iter().fold(VersionRange::default(), |all, own| all.and(&own.range))
}

/// The entry for a marker: its own, else the one without a marker, else one that
/// holds wherever the marker does.
fn rule_for<'r>(rules: &[&'r VersionRule], marker: &MarkerTree) -> Option<&'r VersionRule> {
    let implies = |rule: &&&VersionRule| rule.marker.negate().is_disjoint(marker);
    let own = rules.iter().find(|rule| rule.marker == *marker);
    let any = own.or_else(|| rules.iter().find(|rule| rule.marker.is_true()));
    any.or_else(|| rules.iter().find(implies)).copied()
}

/// Groups that hold together and leave no version, as indexes, in order.
fn clash(groups: &[Group<'_>]) -> Option<Vec<usize>> {
    let most = if groups.len() > MAX_MARKERS { 2 } else { groups.len() };
    (2..=most).find_map(|size| clash_of(groups, size, 0, (MarkerTree::TRUE, VersionRange::default())))
}

/// `size` groups from the index `from` on that clash with what is chosen.
fn clash_of(
    groups: &[Group<'_>],
    size: usize,
    from: usize,
    (marker, range): (MarkerTree, VersionRange),
) -> Option<Vec<usize>> {
    if size == 0 {
        return range.is_empty().then(Vec::new);
    }
    groups.iter().enumerate().skip(from).find_map(|(at, group)| {
        let mut both = marker.clone();
        both.and(group.marker.clone());
        if both.is_false() {
            return None;
        }
        let rest = clash_of(groups, size - 1, at + 1, (both, range.and(&group.range)))?;
        Some([at].into_iter().chain(rest).collect())
    })
}
