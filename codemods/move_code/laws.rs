//! Laws of moves, on generated trees: there and back gives the same bytes,
//! disjoint moves commute, and every plan passes its verification.
//!
//! A statement that imports several names may be taken apart by a move and is
//! not put together again by the move back, so the trees hold none. Nor does a
//! relative import that a move out of its top-level package has spelled in full
//! become relative again: there and back are moves within one.

use std::collections::BTreeMap;

use proptest::prelude::*;
use repot_change::RelPath;
use repot_codemod::{Codemod, Planner};
use repot_roadmap::{Pattern, Phase, Settings, Spanned, Step, Verify};
use repot_workspace::{Shape, Snapshot, Workspace};

use super::MoveCode;
use crate::REGISTRY;

type Files = BTreeMap<String, Vec<u8>>;

/// The modules of a tree: name, file, and the dotted package around its code.
const MODULES: [(&str, &str, &str); 7] = [
    ("shop", "shop/__init__.py", "shop"),
    ("shop.cart", "shop/cart.py", "shop"),
    ("shop.front", "shop/front/__init__.py", "shop.front"),
    ("shop.front.page", "shop/front/page.py", "shop.front"),
    ("shop.front.menu", "shop/front/menu.py", "shop.front"),
    ("till", "till/__init__.py", "till"),
    ("till.coin", "till/coin.py", "till"),
];

/// Moves that do not touch each other.
const MOVES: [(&str, &str); 4] = [
    ("shop.cart", "till.basket"),
    ("shop.front.page", "shop.pages.first"),
    ("till.coin", "money.coin"),
    ("shop.front.menu", "shop.front.deep.menu"),
];

/// Moves that stay within their top-level package.
const NEAR: [(&str, &str); 4] = [
    ("shop.cart", "shop.store.basket"),
    ("shop.front.page", "shop.pages.first"),
    ("shop.front", "shop.inner.front"),
    ("till.coin", "till.coin.small"),
];

/// One way to import the module called `name` from code in `package`, with a
/// use of what it defines.
fn import(form: usize, name: &str, package: &str) -> Vec<String> {
    let (parent, last) = name.rsplit_once('.').unwrap_or(("", name));
    let relative = |target: &str| {
        let own: Vec<&str> = package.split('.').collect();
        let parts: Vec<&str> = target.split('.').filter(|part| !part.is_empty()).collect();
        let shared = own.iter().zip(&parts).take_while(|(a, b)| a == b).count();
        (shared > 0).then(|| ".".repeat(own.len() - shared + 1) + &parts[shared..].join("."))
    };
    match form {
        0 if !parent.is_empty() => vec![format!("import {name}"), format!("{name}.value")],
        1 => vec![format!("import {name} as alias_{last}"), format!("alias_{last}.value")],
        2 if !parent.is_empty() => vec![format!("from {parent} import {last}"), format!("{last}.value")],
        3 => match relative(name) {
            Some(module) if !module.trim_start_matches('.').is_empty() => {
                vec![format!("from {module} import value as value_{last}  # kept"), format!("value_{last}")]
            }
            _ => Vec::new(),
        },
        4 => match relative(parent) {
            Some(module) if !parent.is_empty() => {
                vec![format!("from {module} import {last} as near_{last}"), format!("near_{last}.value")]
            }
            _ => Vec::new(),
        },
        5 => vec![
            format!("def look_{last}({last}=None):"),
            format!("    from {name} import value"),
            format!("    return {last}, value"),
        ],
        _ => vec![format!("NAMES = [\"{name}\", '{name}.value']")],
    }
}

fn tree(choices: &[(usize, usize, usize)], newline: &str) -> Files {
    let mut files = Files::new();
    for (index, (_, path, package)) in MODULES.iter().enumerate() {
        let mut lines = vec!["value = 1".to_owned()];
        for (at, target, form) in choices {
            let (name, ..) = MODULES[*target];
            if *at == index && *target != index {
                lines.extend(import(*form, name, package));
            }
        }
        files.insert(
            (*path).to_owned(),
            lines.iter().flat_map(|line| [line, newline]).collect::<String>().into(),
        );
    }
    files
}

/// The tree after one phase that makes `moves`, or what failed.
fn moved(files: &Files, moves: &[(&str, &str)]) -> Result<Files, String> {
    let path = |text: &str| RelPath::new(text).unwrap();
    let snapshot = Snapshot::from_files(files.iter().map(|(name, bytes)| (path(name), bytes.clone())));
    let shape = Shape { members: vec![Pattern::new(".").unwrap()], ..Shape::default() };
    let moves: Vec<String> = moves.iter().map(|(from, to)| format!("{from} -> {to}")).collect();
    let pairs = [("moves", moves.join(","))];
    let settings = Settings::from_pairs(&MoveCode.schema(), &pairs).unwrap();
    let step = Step { codemod: Spanned::unwritten("move-code".to_owned()), settings };
    let name = Spanned::unwritten("move".to_owned());
    let phase = Phase {
        title: "move".to_owned(),
        name,
        steps: vec![step],
        gates: Vec::new(),
        criteria: Vec::new(),
        verify: Verify::default(),
    };
    let workspace = Workspace::new(snapshot, shape.into());
    let plan = Planner::new(REGISTRY, &[]).plan(&workspace, [&phase]).map_err(|error| error.to_string())?;
    let mut after = files.clone();
    for phase in &plan.phases {
        if !phase.is_verified() {
            return Err(format!("{:?}", phase.checks));
        }
        for write in &phase.writes() {
            match &write.content {
                Some(content) => after.insert(write.path.to_string(), content.bytes.to_vec()),
                None => after.remove(write.path.as_str()),
            };
        }
    }
    Ok(after)
}

fn text(files: &Files) -> String {
    let one = |(path, bytes): (&String, &Vec<u8>)| format!("== {path}\n{}", String::from_utf8_lossy(bytes));
    files.iter().map(one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn there_and_back_gives_the_same_bytes(
        choices in proptest::collection::vec((0..MODULES.len(), 0..MODULES.len(), 0..7_usize), 0..14),
        which in 0..NEAR.len(),
        is_crlf in any::<bool>(),
    ) {
        let before = tree(&choices, if is_crlf { "\r\n" } else { "\n" });
        let (from, to) = NEAR[which];
        let there = moved(&before, &[(from, to)]).map_err(|error| TestCaseError::fail(format!("{error}\n{}", text(&before))))?;
        prop_assert_ne!(&there, &before);
        let again = moved(&there, &[(from, to)]).map_err(TestCaseError::fail)?;
        prop_assert_eq!(text(&again), text(&there), "a second run changes nothing");
        let back = moved(&there, &[(to, from)]).map_err(|error| TestCaseError::fail(format!("{error}\n{}", text(&there))))?;
        prop_assert_eq!(text(&back), text(&before));
    }

    #[test]
    fn disjoint_moves_commute_and_are_made_at_once(
        choices in proptest::collection::vec((0..MODULES.len(), 0..MODULES.len(), 0..7_usize), 0..14),
        one in 0..MOVES.len(),
        other in 0..MOVES.len(),
    ) {
        prop_assume!(one != other);
        let before = tree(&choices, "\n");
        let fail = |error: String| TestCaseError::fail(format!("{error}\n{}", text(&before)));
        let together = moved(&before, &[MOVES[one], MOVES[other]]).map_err(fail)?;
        for (first, second) in [(one, other), (other, one)] {
            let halfway = moved(&before, &[MOVES[first]]).map_err(fail)?;
            let done = moved(&halfway, &[MOVES[second]]).map_err(fail)?;
            prop_assert_eq!(text(&done), text(&together));
        }
    }
}
