//! What cannot move: which of its imports become imports of a protocol, and
//! which are injected.

use std::collections::BTreeMap;

use repot_python::{Kind, UseKind};

use super::evaluated::evaluated;
use super::publish::{Publisher, Subject};
use super::typed::members_said;
use super::{Answer, Settling, Verdict};
use crate::choose::{Choice, without_moving};
use crate::inject::{Callers, Contract, Injected, Place, Replaced, Wanted, inject, roots};
use crate::protocol::Protocols;
use crate::{Consumer, Definition, Foreign, Strategy};

/// The symbols that get a protocol, with where it goes and who will use it.
pub(super) type Wants<'f> = BTreeMap<Definition, (Contract, Vec<&'f Consumer>)>;

/// A symbol, how it is used, the strategy that fits, and where its protocol goes.
type Want<'s, 'f> = (&'s Definition, &'f Foreign, Choice, Contract);

/// What came of what cannot move.
pub(super) struct Stuck<'a, 'f> {
    pub(super) places: BTreeMap<Place, Verdict>,
    pub(super) injected: Injected,
    pub(super) protocols: Wants<'f>,
    pub(super) publisher: Publisher<'a>,
}

impl<'a> Settling<'a> {
    /// The strategy for what cannot move.
    pub(super) fn choice(&self, definition: &Definition, one: &Foreign) -> Choice {
        match self.terms.pinned.get(definition) {
            Some(strategy) if *strategy != Strategy::Relocate => {
                Choice { strategy: Some(*strategy), reason: "the roadmap says so".to_owned() }
            }
            _ => without_moving(one, self.trees.kind(definition)),
        }
    }

    /// Settles what cannot move.
    pub(super) fn stuck<'f>(&self, staying: &BTreeMap<&Definition, &'f Foreign>) -> Stuck<'a, 'f> {
        let mut stuck = Stuck {
            places: BTreeMap::new(),
            injected: Injected::default(),
            protocols: Wants::new(),
            publisher: Publisher::new(self.trees, self.home),
        };
        let wants = self.wants(staying, &mut stuck);
        if wants.is_empty() {
            return stuck;
        }
        let callers = self.callers();
        let mut handed: BTreeMap<&Definition, Vec<Consumer>> = BTreeMap::new();
        for (definition, one, choice, contract) in &wants {
            for consumer in &one.consumers {
                match self.by_protocol(definition, consumer, callers) {
                    Some(Ok(())) => {
                        let verdict = self.granted(definition, choice, contract);
                        stuck.places.insert(consumer.place(), verdict);
                    }
                    Some(Err(reason)) => {
                        let reason = format!("it cannot be a protocol here: {reason}");
                        stuck.places.insert(consumer.place(), refused(choice.strategy, reason));
                    }
                    None if choice.strategy == Some(Strategy::Inject)
                        && self.terms.allows(definition, Strategy::Inject) =>
                    {
                        handed.entry(definition).or_default().push(consumer.clone());
                    }
                    None => {}
                }
            }
        }
        self.hand_in(&wants, &handed, callers, &mut stuck);
        for (definition, one, _, contract) in wants {
            let is_granted = |consumer: &&Consumer| {
                let verdict = stuck.places.get(&consumer.place());
                verdict.is_some_and(|verdict| verdict.answer != Answer::Open)
            };
            let users: Vec<&'f Consumer> = one.consumers.iter().filter(is_granted).collect();
            if !users.is_empty() {
                stuck.protocols.insert(definition.clone(), (contract, users));
            }
        }
        stuck
    }

    /// Those that get a protocol, if any import of them can do with one.
    fn wants<'s, 'f>(
        &self,
        staying: &BTreeMap<&'s Definition, &'f Foreign>,
        stuck: &mut Stuck<'a, 'f>,
    ) -> Vec<Want<'s, 'f>> {
        let mut wants = Vec::new();
        for (definition, one) in staying {
            let choice = self.choice(definition, one);
            let ways = [Strategy::Protocol, Strategy::Inject];
            let is_wanted = match choice.strategy {
                Some(Strategy::Protocol) => self.terms.allows(definition, Strategy::Protocol),
                Some(Strategy::Inject) => ways.iter().any(|way| self.terms.allows(definition, *way)),
                _ => false,
            };
            if !is_wanted {
                continue;
            }
            match self.contract(definition, one, &mut stuck.publisher) {
                Ok(contract) => wants.push((*definition, *one, choice, contract)),
                Err(reason) => {
                    let verdict = || refused(choice.strategy, format!("it cannot be a protocol: {reason}"));
                    stuck.places.extend(one.consumers.iter().map(|one| (one.place(), verdict())));
                }
            }
        }
        wants
    }

    /// Injects what is `handed` in.
    fn hand_in(
        &self,
        wants: &[Want<'_, '_>],
        handed: &BTreeMap<&Definition, Vec<Consumer>>,
        callers: &Callers<'_>,
        stuck: &mut Stuck<'a, '_>,
    ) {
        let wanted = wants.iter().filter_map(|(definition, _, _, contract)| {
            Some(Wanted { definition, contract, consumers: handed.get(definition)? })
        });
        let wanted: Vec<Wanted<'_>> = wanted.collect();
        let roots = roots(self.trees.workspace(), self.home.package);
        let injected = inject(self.trees, callers, &roots, self.terms.di, &wanted);
        for one in &wanted {
            let reason = format!("`{}` is handed in, typed by a protocol", one.definition.name);
            for place in one.consumers.iter().map(Consumer::place) {
                let answer = match injected.imports.get(&place) {
                    Some(Replaced::Gone) => Answer::Gone,
                    Some(Replaced::Protocol) => one.contract.answer(),
                    None => {
                        if let Some(why) = injected.refused.get(&place) {
                            let reason = format!("it cannot be injected: {why}");
                            stuck.places.insert(place, refused(Some(Strategy::Inject), reason));
                        }
                        continue;
                    }
                };
                let verdict = Verdict { strategy: Some(Strategy::Inject), answer, reason: reason.clone() };
                stuck.places.insert(place, verdict);
            }
        }
        stuck.injected = injected;
    }

    /// Whether the protocol can take the place of one import: of one that only
    /// types need. `None` where more is done with it.
    fn by_protocol(
        &self,
        definition: &Definition,
        consumer: &Consumer,
        callers: &Callers<'_>,
    ) -> Option<Result<(), String>> {
        let uses = &consumer.usage.uses;
        let is_typing = |kind: &UseKind| matches!(kind, UseKind::Annotation { .. } | UseKind::TypeTest);
        let is_class = self.trees.kind(definition).is_some_and(Kind::is_class);
        let ways = [Strategy::Protocol, Strategy::Inject];
        let is_allowed = ways.iter().any(|way| self.terms.allows(definition, *way));
        if !is_class || !is_allowed || !uses.iter().all(|one| is_typing(&one.kind)) {
            return None;
        }
        let kept = || {
            let source = self.trees.get(consumer.module);
            let statement = source.imports().get(consumer.statement).ok_or("its import is gone")?;
            let item = statement.items().get(consumer.item).ok_or("its import is gone")?;
            if consumer.usage.is_listed {
                return Err("`__all__` hands it on".to_owned());
            }
            let is_tested = uses.iter().any(|one| one.kind == UseKind::TypeTest);
            let files = [consumer.module].into();
            if is_tested && members_said(self, definition, &files).members.is_empty() {
                return Err("it is tested for, and no member would tell it from others".to_owned());
            }
            callers.check_kept(consumer.module, item.bound())?;
            match evaluated(self.trees, consumer) {
                Some(reason) => Err(reason),
                None => Ok(()),
            }
        };
        Some(kept())
    }

    fn granted(&self, definition: &Definition, choice: &Choice, contract: &Contract) -> Verdict {
        let what = self.trees.kind(definition).map_or("nothing that is known", Kind::name);
        let more = match choice.strategy {
            Some(Strategy::Protocol) => format!("it is {what} and {}", choice.reason),
            _ => format!("it is {what} that stands in annotations here"),
        };
        let reason = format!("{more}; `{}:{}` says what is used of it", contract.module, contract.name);
        Verdict { strategy: Some(Strategy::Protocol), answer: contract.answer(), reason }
    }

    /// Where the protocol of `definition` goes.
    ///
    /// # Errors
    ///
    /// Why there can be none, as a phrase.
    fn contract(
        &self,
        definition: &Definition,
        one: &Foreign,
        publisher: &mut Publisher<'_>,
    ) -> Result<Contract, String> {
        if let Some(reason) = is_unfit(self, definition) {
            return Err(reason.to_owned());
        }
        let usages: Vec<_> = one.consumers.iter().map(|one| &one.usage).collect();
        let draft = Protocols::new(self.trees, self.home).draft(definition, &usages, &BTreeMap::new());
        let draft = draft.ok_or("it is neither a class nor a function")?;
        let subject = Subject::of(self.trees, self.home, definition);
        let module = publisher.seat(&subject, &draft).ok_or("every name for its module is taken")?;
        Ok(Contract { module, name: draft.name })
    }
}

/// Why no protocol can stand for it: what is generic stands in brackets that a
/// protocol without parameters does not have, and some classes are more than
/// their members.
pub(super) fn is_unfit(settling: &Settling<'_>, definition: &Definition) -> Option<&'static str> {
    let kind = settling.trees.kind(definition);
    if matches!(kind, Some(Kind::Enum | Kind::Exception | Kind::TypedDict | Kind::NamedTuple)) {
        return Some("it is more than its members");
    }
    let surface = settling.trees.surface(definition)?;
    let is_generic =
        !surface.type_parameters.is_empty() || surface.bases.iter().any(|base| base.contains('['));
    is_generic.then_some("it is generic")
}

fn refused(strategy: Option<Strategy>, reason: String) -> Verdict {
    Verdict { strategy, answer: Answer::Open, reason }
}

impl Contract {
    fn answer(&self) -> Answer {
        Answer::Import { module: self.module.clone(), name: self.name.clone() }
    }
}
