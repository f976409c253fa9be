//! Borders between domains: what the codemods share that put an interface where
//! an import may not go. This is no codemod.

use std::collections::BTreeSet;

use repot_change::{Applicability, Class, Content, DecisionKind, Evidence, Note, Outcome, RelPath, Span};
use repot_codemod::{CodemodError, Context, Proposal};
use repot_interface::inject::Di;
use repot_interface::{
    Declared, Definition, Foreign, Home, PublicationKind, Published, Relocated, Settled, Strategy, Terms,
    Undeclared, declare,
};
use repot_roadmap::{Decide, SettingKind, SettingSchema};
use repot_workspace::{ModuleId, PackageId, Role, Workspace};

use crate::handed;

/// The strategies for what somebody defines.
pub const DEFINED: [Strategy; 4] =
    [Strategy::Direct, Strategy::Relocate, Strategy::Protocol, Strategy::Inject];

/// The setting `interfaces`.
pub const INTERFACES: SettingSchema<'static> = SettingSchema {
    name: "interfaces",
    kind: SettingKind::Text,
    default: "",
    about: "The import name of the package that interfaces go to; without one, the package `interfaces` that every domain may import.",
};

/// The setting `may-need`.
pub const MAY_NEED: SettingSchema<'static> = SettingSchema {
    name: "may-need",
    kind: SettingKind::List,
    default: "pydantic, typing-extensions",
    about: "The distributions from outside that the interface package may come to need.",
};

/// The setting `di`.
pub const DI: SettingSchema<'static> = SettingSchema {
    name: "di",
    kind: SettingKind::Text,
    default: "plain",
    about: "What composition roots have their parts from: `plain` Python, or the providers of `dishka` or `svcs`.",
};

/// The terms of a step, with those of `known` strategies that it allows.
///
/// # Errors
///
/// [`CodemodError`] when a strategy or a framework does not exist.
pub fn terms(context: &Context<'_>, known: &[Strategy]) -> Result<Terms, CodemodError> {
    let name = context.settings.get_str("di")?;
    let Some(di) = Di::named(name) else {
        let names = Di::ALL.map(Di::name);
        let hint = repot_roadmap::nearest(name, names).map(|name| format!("did you mean `{name}`?"));
        let message = format!("nothing is called `{name}`; there are {}", names.join(", "));
        return Err(context.settings.error("di", message, hint).into());
    };
    Ok(Terms { allowed: allowed(context, known)?, di, apart: apart(context), ..Terms::default() })
}

/// The strategies of the setting `strategies`, of which there are `known`.
///
/// # Errors
///
/// [`CodemodError`] when one does not exist.
fn allowed(context: &Context<'_>, known: &[Strategy]) -> Result<BTreeSet<Strategy>, CodemodError> {
    let mut allowed = BTreeSet::new();
    for item in context.settings.get_list("strategies")? {
        let Some(strategy) = Strategy::named(&item.value).filter(|strategy| known.contains(strategy)) else {
            let names: Vec<&str> = known.iter().map(|one| one.name()).collect();
            let hint = repot_roadmap::nearest(&item.value, names.iter().copied())
                .map(|name| format!("did you mean `{name}`?"));
            let message = format!("there is no strategy `{}`; there are {}", item.value, names.join(", "));
            return Err(context.settings.error("strategies", message, hint).into());
        };
        allowed.insert(strategy);
    }
    Ok(allowed)
}

/// The symbols on which people have decided anything but that they move.
fn apart(context: &Context<'_>) -> BTreeSet<String> {
    let stays = |pin: &&Decide| {
        pin.target.is_some() || pin.strategy.as_ref().is_some_and(|strategy| strategy.value != "relocate")
    };
    context.decided.iter().filter(stays).map(|pin| pin.symbol.value.clone()).collect()
}

/// The interface package.
///
/// # Errors
///
/// [`CodemodError`] when there is none.
pub fn home(context: &Context<'_>) -> Result<Home, CodemodError> {
    let needs = context.settings.get_list("may-need")?.iter().map(|item| item.value.clone());
    let needs: Vec<String> = needs.collect();
    Home::find(context.workspace, context.settings.get_str("interfaces")?, &needs)
        .map_err(|none| context.settings.error("interfaces", none.message(), Some(none.hint())).into())
}

/// The strategy that the roadmap pins for a symbol, by the name `subject` that
/// an importer uses or by the one that it has.
pub fn pin(context: &Context<'_>, definition: &Definition, subject: &str) -> Option<Strategy> {
    pin_of(context, &[subject, &symbol(context.workspace, definition)])
}

/// The strategy that the roadmap pins for what has one of `names`.
pub fn pin_of(context: &Context<'_>, names: &[&str]) -> Option<Strategy> {
    let is_it = |symbol: &String| names.contains(&symbol.as_str());
    let pin = context.decided.iter().rfind(|pin| is_it(&pin.symbol.value) && pin.target.is_none())?;
    Strategy::named(&pin.strategy.as_ref()?.value)
}

/// Why the roadmap keeps what has one of `names` as it is in the file at `path`.
pub fn kept(context: &Context<'_>, names: &[&str], path: &RelPath) -> Option<String> {
    let is_it = |pin: &&Decide| {
        let here = pin.within.as_ref().is_none_or(|glob| glob.value.matches(path.as_str()));
        here && names.contains(&pin.symbol.value.as_str())
    };
    let pin = context.decided.iter().rfind(is_it)?;
    let keeps = pin.strategy.as_ref().is_some_and(|strategy| strategy.value == "keep");
    keeps.then(|| pin.reason.clone().unwrap_or_else(|| "kept by the roadmap".to_owned()))
}

/// The symbol behind `definition`, without anybody who uses it yet.
pub fn foreign(workspace: &Workspace, definition: &Definition) -> Foreign {
    Foreign {
        module: workspace.modules().get(definition.module).name.clone().unwrap_or_default(),
        name: definition.name.clone(),
        definition: Some(definition.clone()),
        consumers: Vec::new(),
    }
}

/// Adds to `proposal` what is written besides the imports, and what project
/// files have to say of it; `consumers` are the modules that come to import the
/// interface package at run time.
///
/// # Errors
///
/// [`CodemodError`] when edits overlap, which would be a fault of this code.
pub fn carry_out(
    workspace: &Workspace,
    home: &Home,
    settled: Settled,
    consumers: &BTreeSet<ModuleId>,
    proposal: &mut Proposal,
) -> Result<(), CodemodError> {
    let Settled { relocated, injected, published, .. } = settled;
    let sources: BTreeSet<ModuleId> = relocated.moved.keys().map(|definition| definition.module).collect();
    let is_code = |id: &&ModuleId| workspace.modules().get(**id).role == Role::Code;
    let users = consumers.iter().chain(&sources).filter(is_code);
    let users: BTreeSet<PackageId> = users.filter_map(|id| workspace.modules().get(*id).package).collect();
    let mut wanted = handed::packages(workspace, home, &injected);
    for package in users {
        wanted.entry(package).or_default().packages.insert(home.package);
    }
    let own = wanted.entry(home.package).or_default();
    own.packages.extend(&relocated.packages);
    own.outside.extend(relocated.needs.iter().cloned());
    own.like = sources.iter().find_map(|id| workspace.modules().get(*id).package);
    for (package, wanted) in wanted {
        say(workspace, package, declare(workspace, package, &wanted), proposal)?;
    }
    proposal.evidence.extend(departures(workspace, &relocated));
    proposal.evidence.extend(generated(workspace, &published));
    proposal.retired.extend(relocated.retired.iter().cloned());
    handed::explain(workspace, &injected, proposal);
    let roots = injected.created.into_iter().map(|(path, text)| (path, Content::plain(text.into_bytes())));
    let named = |(module, edits)| (workspace.modules().get(module).path.clone(), edits);
    let changes = proposal.changes_mut(Class::Imports);
    for (path, edits) in
        relocated.edits.into_iter().chain(injected.edits.into_iter().map(named)).chain(published.edits)
    {
        changes.add_edits(&path, edits)?;
    }
    for (path, content) in relocated.created.into_iter().chain(published.created).chain(roots) {
        // A folder is opened once, whoever needs it.
        if changes.iter().all(|(known, _)| *known != path) {
            changes.create(path, content)?;
        }
    }
    Ok(())
}

/// What is generated, and where it disagrees with what people wrote.
fn generated(workspace: &Workspace, published: &Published) -> Vec<Evidence> {
    let blank = |path: &RelPath, line: usize, subject: String| Evidence {
        class: Class::Imports,
        path: path.clone(),
        line,
        span: Span::at(0),
        package: workspace.package_at(path).map(|id| workspace.package(id).name.clone()),
        subject,
        rule: String::new(),
        candidates: Vec::new(),
        winner: None,
        outcome: Outcome::Decision { decision: DecisionKind::Conflict },
        warnings: Vec::new(),
    };
    let written = published.publications.iter().map(|one| {
        let users: Vec<String> = one.users.iter().map(|user| format!("`{user}`")).collect();
        let users = match users.is_empty() {
            true => "other protocols name it".to_owned(),
            false => format!("used by {}", users.join(", ")),
        };
        let rule = match one.kind {
            PublicationKind::Protocol => format!("it says what is used of it; {users}"),
            PublicationKind::Contract => {
                format!("owed: nobody defines it, and this says what it would be; {users}")
            }
            PublicationKind::Check => {
                "type checkers fail here when it is no longer what its protocol says".to_owned()
            }
        };
        let to = format!("{}:{}", one.module, one.name);
        let applicability = if one.notes.is_empty() { Applicability::Certain } else { Applicability::Review };
        Evidence {
            rule,
            outcome: Outcome::Rewritten { to: to.clone(), applicability },
            warnings: one.notes.clone(),
            ..blank(&one.path, 1, to)
        }
    });
    let refused = published.contradictions.iter().map(|(path, one)| Evidence {
        rule: format!("what stands there is kept, and it is not what is needed: {}", one.reason),
        ..blank(path, one.line, one.name.clone())
    });
    written.chain(refused).collect()
}

/// Why definitions leave their modules.
fn departures(workspace: &Workspace, relocated: &Relocated) -> Vec<Evidence> {
    let places =
        relocated.places.iter().filter_map(|(one, place)| Some((one, place, relocated.moved.get(one)?)));
    let evidence = places.map(|(definition, (path, line, span), module)| {
        let own = workspace.modules().get(definition.module);
        let to = format!("{module}:{}", definition.name);
        let warnings = united(workspace, relocated, definition);
        let mut rule = match warnings.is_empty() {
            true => "it moves to where other domains may import it, and is handed on from here".to_owned(),
            false => "several domains define it alike; it moves to where all of them have it from, and is handed on from here".to_owned(),
        };
        if let Some(reason) = relocated.apart.get(definition) {
            rule = format!("{rule}; what looks the same in another domain stays apart, since {reason}");
        }
        let applicability = if warnings.is_empty() { Applicability::Certain } else { Applicability::Review };
        Evidence {
            class: Class::Imports,
            path: path.clone(),
            line: *line,
            span: *span,
            package: workspace.package_name(own).map(str::to_owned),
            subject: symbol(workspace, definition),
            rule,
            candidates: Vec::new(),
            winner: None,
            outcome: Outcome::Rewritten { to, applicability },
            warnings,
        }
    });
    evidence.collect()
}

/// What there is to look at where a definition becomes one with others.
fn united(workspace: &Workspace, relocated: &Relocated, definition: &Definition) -> Vec<String> {
    let Some(others) = relocated.twins.get(definition) else { return Vec::new() };
    let all: BTreeSet<&Definition> = others.iter().chain([definition]).collect();
    let names: Vec<String> = all.iter().map(|one| format!("`{}`", symbol(workspace, one))).collect();
    let mut warnings = vec![format!(
        "{} become one: what told them apart, such as `isinstance`, `except` or a table by class, does so no longer",
        names.join(", ")
    )];
    let text = |one: &Definition| {
        let (path, _, span) = relocated.places.get(one)?;
        let bytes = workspace.snapshot().get(path)?.bytes()?.get(span.range())?.to_vec();
        Some(String::from_utf8_lossy(&bytes).replace("\r\n", "\n").trim().to_owned())
    };
    if let Some(first) = all.first().filter(|first| text(first) != text(definition)) {
        let first = symbol(workspace, first);
        warnings.push(format!("the comments and docstrings of `{first}` are kept, those from here are not"));
    }
    warnings
}

/// A definition as people name it.
fn symbol(workspace: &Workspace, definition: &Definition) -> String {
    let module = workspace.modules().get(definition.module).name.as_deref().unwrap_or_default();
    format!("{module}:{}", definition.name)
}

/// Adds one change of a project file, or says why there is none.
fn say(
    workspace: &Workspace,
    package: PackageId,
    declared: Result<Option<Declared>, Undeclared>,
    proposal: &mut Proposal,
) -> Result<(), CodemodError> {
    match declared {
        Ok(None) => {}
        Ok(Some(Declared { path, line, edits, added })) => {
            proposal.evidence.push(Evidence {
                class: Class::Config,
                path: path.clone(),
                line,
                span: Span::at(0),
                package: Some(workspace.package(package).name.clone()),
                subject: added.clone(),
                rule: "its code imports it".to_owned(),
                candidates: Vec::new(),
                winner: None,
                outcome: Outcome::Rewritten { to: added, applicability: Applicability::Certain },
                warnings: Vec::new(),
            });
            proposal.changes_mut(Class::Config).add_edits(&path, edits)?;
        }
        Err(Undeclared { path, reason }) => proposal.notes.push(Note::about(&path, reason)),
    }
    Ok(())
}
