//! Rulings: what is to become of each legacy name, and why.

use std::sync::OnceLock;

use repot_change::{Applicability, Candidate, Class, DecisionKind, Evidence, Outcome};
use repot_codemod::{Context, Lost};
use repot_interface::Definition;
use repot_interface::contract::owed;
use repot_python::{MemberUse, Scopes, SourceFile};
use repot_refer::NewImport;
use repot_workspace::{
    Form, Found, How, IDENTICAL_COPIES, Module, ModuleId, Origin, PackageId, Place, Reach, Role, Verdict,
    Wanted, Workspace,
};

use super::drift::Drift;
use super::pins::{Pin, Pins};
use super::question::{Question, Roots, Text};
use super::uses;

/// What is to become of one legacy name of one statement.
#[derive(Debug, Clone)]
pub struct Ruling {
    /// The statement, as an index into the file's imports.
    pub statement: usize,
    /// The name within the statement; 0 for a star.
    pub item: usize,
    /// Why.
    pub evidence: Evidence,
    /// The new import; `None` when the name stays.
    pub new: Option<NewImport>,
    /// Whether the name goes, since nothing in the file needs it any longer.
    pub is_gone: bool,
    /// The alias that a plain import gets, where its new name is hidden.
    pub alias: Option<String>,
    /// The package that the new import reaches.
    pub package: Option<PackageId>,
    /// The definition behind the best candidate, whether it may be imported or
    /// not.
    pub meant: Option<Definition>,
    /// The same, when a person or an interface has to help: it may not be imported
    /// from here.
    pub foreign: Option<Definition>,
    /// The dotted module below the legacy root and the name, when nobody defines
    /// it.
    pub nowhere: Option<(String, String)>,
    /// What nobody defines, a module or a name.
    pub lost: Option<Lost>,
    /// Whether the import exists at run time in code that is shipped.
    pub at_run_time: bool,
}

/// The rulings of one file.
#[derive(Debug, Clone)]
pub struct FileRulings {
    /// The file.
    pub module: ModuleId,
    /// Its rulings, from the front of the file to its end.
    pub rulings: Vec<Ruling>,
    /// Whether the file has syntax errors.
    pub is_broken: bool,
}

/// Makes rulings; shared by all files of a run.
pub struct Judge<'a> {
    workspace: &'a Workspace,
    roots: Roots<'a>,
    pins: Pins<'a>,
    form: Option<Form>,
    is_first: bool,
    habits: Vec<OnceLock<Form>>,
    drift: Drift<'a>,
}

impl<'a> Judge<'a> {
    /// A judge for one run.
    pub fn new(context: &Context<'a>, roots: &'a [String], form: Option<Form>) -> Self {
        let workspace = context.workspace;
        Self {
            workspace,
            roots: Roots(roots),
            pins: Pins::new(workspace, context.decided),
            form,
            is_first: context.is_first,
            habits: workspace.packages().iter().map(|_| OnceLock::new()).collect(),
            drift: Drift::new(workspace),
        }
    }

    /// The rulings on one file. A tree is made of it where something is to be
    /// rewritten, and on the first look, to report what does not parse.
    pub fn rule(&self, id: ModuleId) -> FileRulings {
        let file = self.workspace.file(id);
        let text = Text { bytes: file.bytes().map_or(&[], |bytes| bytes), imports: file.imports() };
        let mut rulings: Vec<Ruling> =
            (0..text.imports.len()).flat_map(|statement| self.rule_statement(id, text, statement)).collect();
        let is_granted = rulings.iter().any(|ruling| ruling.new.is_some());
        if !is_granted && !self.is_first {
            return FileRulings { module: id, rulings, is_broken: false };
        }
        let tree = file.parse();
        let is_broken = file.is_broken_as(&tree);
        if is_granted {
            refuse_broken(&tree, &mut rulings);
            let scopes = tree.scopes();
            uses::settle(&tree, &scopes, &mut rulings);
            for ruling in rulings.iter_mut().filter(|ruling| ruling.new.is_some()) {
                self.look_for_drift(&tree, &scopes, ruling);
            }
        }
        FileRulings { module: id, rulings, is_broken }
    }

    fn rule_statement(&self, id: ModuleId, source: Text<'_>, index: usize) -> Vec<Ruling> {
        let Some(statement) = source.imports.get(index) else { return Vec::new() };
        let mut rulings = Vec::new();
        for (item, question) in self.roots.questions(statement) {
            rulings.push(self.answer(id, source, (index, item), &question));
        }
        rulings
    }

    fn answer(&self, id: ModuleId, source: Text<'_>, at: (usize, usize), question: &Question<'_>) -> Ruling {
        let module = self.workspace.modules().get(id);
        let mut ruling = Ruling {
            statement: at.0,
            item: at.1,
            evidence: self.blank(module, source, question),
            new: None,
            is_gone: false,
            alias: None,
            package: None,
            meant: None,
            foreign: None,
            nowhere: None,
            lost: None,
            at_run_time: module.role == Role::Code && !question.statement.context.type_checking,
        };
        match self.pins.find(&question.subject, module) {
            Some(Pin::Keep(reason)) => {
                ruling.evidence.rule = "decided in the roadmap".to_owned();
                ruling.evidence.outcome = Outcome::Skipped { reason };
            }
            Some(Pin::Target(place, name)) => {
                self.follow_pin(id, question, place, name.as_deref(), &mut ruling);
            }
            None => self.search(id, question, &mut ruling),
        }
        ruling
    }

    fn blank(&self, module: &Module, source: Text<'_>, question: &Question<'_>) -> Evidence {
        Evidence {
            class: Class::Imports,
            path: module.path.clone(),
            line: source.line(question),
            span: question.span,
            package: self.workspace.package_name(module).map(str::to_owned),
            subject: question.subject.clone(),
            rule: String::new(),
            candidates: Vec::new(),
            winner: None,
            outcome: Outcome::Decision { decision: DecisionKind::Undefined },
            warnings: Vec::new(),
        }
    }

    fn search(&self, id: ModuleId, question: &Question<'_>, ruling: &mut Ruling) {
        let form = self.form_of(self.workspace.modules().get(id));
        let wanted = Wanted { importer: id, module: &question.module, name: question.name, form };
        let (found, verdict) = self.workspace.search(&wanted);
        ruling.evidence.candidates = found.iter().map(|found| self.candidate(found)).collect();
        let decide = |kind: DecisionKind, rule: &str, ruling: &mut Ruling| {
            ruling.evidence.rule = rule.to_owned();
            ruling.evidence.outcome = Outcome::Decision { decision: kind };
        };
        match verdict {
            Verdict::Nobody => {
                decide(DecisionKind::Undefined, "no module of the workspace defines it", ruling);
                let name = question.name.filter(|_| question.item.is_some());
                ruling.nowhere = name.map(|name| (question.module.join("."), name.to_owned()));
                let module = question.module.iter().map(|part| (*part).to_owned()).collect();
                ruling.lost = Some(Lost { module, name: name.map(str::to_owned) });
            }
            Verdict::Several(_) => {
                decide(DecisionKind::Ambiguous, "several candidates are equally good", ruling);
            }
            Verdict::Winner(winner, rule) => {
                ruling.evidence.winner = Some(winner);
                ruling.evidence.rule = rule.to_owned();
                if question.item.is_none() && found[winner].suffix < question.module.len() {
                    decide(DecisionKind::Unclear, "a star brings whatever the module has", ruling);
                } else {
                    self.settle(question, &found[winner], ruling);
                }
                if rule == IDENTICAL_COPIES {
                    ruling.evidence.warnings.push("several files hold the same bytes: duplicates".to_owned());
                }
            }
        }
    }

    fn form_of(&self, module: &Module) -> Form {
        let habit = || {
            let Some(package) = module.package.filter(|_| module.role == Role::Code) else {
                return Form::Absolute;
            };
            self.habits
                .get(package.index())
                .map_or(Form::Absolute, |cell| *cell.get_or_init(|| self.workspace.habit(package)))
        };
        self.form.unwrap_or_else(habit)
    }

    fn settle(&self, question: &Question<'_>, winner: &Found, ruling: &mut Ruling) {
        ruling.package = self.workspace.package_of(&winner.place);
        if let (Some(_), Origin::Definition { module, name }) = (question.item, &winner.origin) {
            ruling.meant = Some(Definition { module: *module, name: name.clone() });
            let context = question.statement.context;
            if context.guarded && !context.type_checking && self.is_owed(*module, name) {
                ruling.evidence.rule =
                    "only a contract of what is owed defines it, which would never let its import fail here"
                        .to_owned();
                return stop(ruling, DecisionKind::Undefined);
            }
        }
        let spelling = match (&winner.spelling, winner.reach) {
            (_, Reach::Forbidden) => {
                ruling.foreign.clone_from(&ruling.meant);
                return stop(ruling, DecisionKind::Forbidden);
            }
            (Err(_), _) => return stop(ruling, DecisionKind::Unimportable),
            (Ok(spelling), _) => spelling,
        };
        let new = match (winner.how, question.name) {
            (How::IsTheModule, Some(name)) => from_parent(&spelling.text, name),
            (_, Some(name)) => NewImport::From { module: spelling.text.clone(), name: name.to_owned() },
            (_, None) if question.item.is_none() => {
                NewImport::From { module: spelling.text.clone(), name: "*".to_owned() }
            }
            (_, None) if spelling.form == Form::Absolute => {
                NewImport::Import { module: spelling.text.clone() }
            }
            (_, None) => from_parent(&spelling.text, last_component(&spelling.text)),
        };
        ruling.evidence.warnings.extend(spelling.warnings.iter().cloned());
        self.grant(new, ruling);
    }

    /// Whether nothing but a contract defines it.
    fn is_owed(&self, module: ModuleId, name: &str) -> bool {
        let bytes = self.workspace.file(module).bytes();
        bytes.is_some_and(|bytes| owed(bytes).iter().any(|one| one.name == name))
    }

    /// A person has chosen the target; the rules of spelling and of domains
    /// hold all the same.
    fn follow_pin(
        &self,
        id: ModuleId,
        question: &Question<'_>,
        place: Place,
        name: Option<&str>,
        ruling: &mut Ruling,
    ) {
        let module = self.workspace.modules().get(id);
        let wanted = name.or(question.name);
        let how = if wanted.is_some() { How::Defines } else { How::IsTheModule };
        let spelling = self.workspace.spell(module, &place, self.form_of(module));
        let reach = self.workspace.domains().reach(module.package, self.workspace.package_of(&place));
        let origin = wanted
            .and_then(|name| self.workspace.origin(&place, name))
            .unwrap_or(Origin::Module(place.clone()));
        let found = Found { place, how, suffix: 0, reach, origin, spelling };
        ruling.evidence.candidates = vec![self.candidate(&found)];
        ruling.evidence.winner = Some(0);
        ruling.evidence.rule = "decided in the roadmap".to_owned();
        self.settle(
            &Question { name: wanted, subject: String::new(), module: Vec::new(), ..*question },
            &found,
            ruling,
        );
    }

    fn grant(&self, new: NewImport, ruling: &mut Ruling) {
        let to = match &new {
            NewImport::From { module, name } => format!("{module}:{name}"),
            NewImport::Import { module } => module.clone(),
        };
        let applicability = applicability(ruling);
        ruling.evidence.outcome = Outcome::Rewritten { to, applicability };
        ruling.new = Some(new);
    }

    /// What the file uses of `definition` and the definition does not have.
    pub fn missing(
        &self,
        tree: &SourceFile,
        scopes: &Scopes<'_>,
        ruling: &Ruling,
        definition: &Definition,
    ) -> Vec<String> {
        let statement = tree.imports().get(ruling.statement);
        let item = statement.and_then(|statement| statement.items().get(ruling.item));
        let Some((statement, item)) = statement.zip(item) else { return Vec::new() };
        self.drift.find(tree, &scopes.references(statement, item), definition.module, &definition.name)
    }

    /// What is done with instances and `definition` does not have for it.
    pub fn lacking(&self, tree: &SourceFile, used: &[MemberUse], definition: &Definition) -> Vec<String> {
        self.drift.of_instances(tree, used, definition.module, &definition.name)
    }

    /// Warns of what the target does not have. Where another candidate has all of
    /// it, and the wanted module's name as well, a person decides: what is used says
    /// more than how much of a path matches.
    fn look_for_drift(&self, tree: &SourceFile, scopes: &Scopes<'_>, ruling: &mut Ruling) {
        let statement =
            tree.imports().get(ruling.statement).filter(|statement| statement.as_from().is_some());
        let item = statement.and_then(|statement| statement.items().get(ruling.item));
        let Some((statement, item)) = statement.zip(item) else { return };
        let Some(NewImport::From { name, .. }) = ruling.new.clone() else { return };
        let Some(winner) = ruling.evidence.winner else { return };
        let used = scopes.usage(statement, item).members;
        let lacking = |candidate: &Candidate, ruling: &Ruling| {
            let module = self.workspace.modules().at(&candidate.path)?;
            let definition = Definition { module, name: name.clone() };
            let mut lacking = self.missing(tree, scopes, ruling, &definition);
            lacking.extend(self.lacking(tree, &used, &definition));
            Some((module, lacking))
        };
        let candidates = &ruling.evidence.candidates;
        let Some(best) = candidates.get(winner) else { return };
        let Some((_, missing)) = lacking(best, ruling) else { return };
        let fits = |(at, other): &(usize, &Candidate)| {
            let is_rival = *at != winner && other.suffix >= best.suffix.min(1) && other.how == best.how;
            let found = is_rival.then(|| lacking(other, ruling)).flatten();
            found.is_some_and(|(module, missing)| missing.is_empty() && self.drift.is_closed(module, &name))
        };
        let rival = candidates.iter().enumerate().find(fits).filter(|_| !missing.is_empty());
        if let (Some((_, rival)), Some(first)) = (rival, missing.first()) {
            ruling.evidence.rule = format!("{first}, and `{}` has all that is used", rival.module);
            (ruling.new, ruling.meant) = (None, None);
            return stop(ruling, DecisionKind::Ambiguous);
        }
        ruling.evidence.warnings.extend(missing);
        let sure = applicability(ruling);
        if let Outcome::Rewritten { applicability, .. } = &mut ruling.evidence.outcome {
            *applicability = sure;
        }
    }

    fn candidate(&self, found: &Found) -> Candidate {
        let path = match &found.place {
            Place::Module(id) => self.workspace.modules().get(*id).path.clone(),
            Place::Namespace(folder) => folder.clone(),
        };
        let spelled = found.spelling.as_ref().map(|spelling| spelling.text.clone());
        let package =
            self.workspace.package_of(&found.place).map(|id| self.workspace.package(id).name.clone());
        Candidate {
            module: spelled
                .unwrap_or_else(|_| self.workspace.path_of(&found.place).as_str().replace('/', ".")),
            path,
            package,
            how: found.how.name().to_owned(),
            suffix: found.suffix,
            reach: found.reach.name().to_owned(),
            obstacle: found.spelling.as_ref().err().map(|obstacle| obstacle.reason.clone()),
        }
    }
}

/// An edit within a region that does not parse would be a guess.
fn refuse_broken(tree: &SourceFile, rulings: &mut [Ruling]) {
    let imports = tree.imports();
    for ruling in rulings.iter_mut().filter(|ruling| ruling.new.is_some()) {
        if imports.get(ruling.statement).is_none_or(|statement| tree.is_broken(statement.span)) {
            ruling.new = None;
            ruling.evidence.rule = "edits only what parses".to_owned();
            let reason = "the statement lies in a region that does not parse".to_owned();
            ruling.evidence.outcome = Outcome::Skipped { reason };
        }
    }
}

fn applicability(ruling: &Ruling) -> Applicability {
    if ruling.evidence.warnings.is_empty() { Applicability::Certain } else { Applicability::Review }
}

fn stop(ruling: &mut Ruling, decision: DecisionKind) {
    ruling.evidence.outcome = Outcome::Decision { decision };
}

/// `from parent import name` for a module spelled `text`; a module without a
/// parent is imported by itself.
fn from_parent(text: &str, name: &str) -> NewImport {
    let head = text.strip_suffix(name).unwrap_or(text);
    let parent = if head.chars().all(|c| c == '.') { head } else { head.strip_suffix('.').unwrap_or(head) };
    match parent {
        "" => NewImport::Import { module: text.to_owned() },
        _ => NewImport::From { module: parent.to_owned(), name: name.to_owned() },
    }
}

fn last_component(text: &str) -> &str {
    text.rsplit('.').next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_imported_from_its_parent() {
        let from =
            |module: &str, name: &str| NewImport::From { module: module.to_owned(), name: name.to_owned() };
        assert_eq!(from_parent("shop.cart", "cart"), from("shop", "cart"));
        assert_eq!(from_parent("..cart", "cart"), from("..", "cart"));
        assert_eq!(from_parent(".shop.cart", "cart"), from(".shop", "cart"));
        assert_eq!(from_parent("cart", "cart"), NewImport::Import { module: "cart".to_owned() });
    }
}
