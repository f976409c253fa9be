//! Laws of agreement: nothing is loosened, what is settled fits together, and a
//! conflict is one exactly where no version is left.

use std::collections::BTreeSet;
use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};
use proptest::prelude::*;
use repot_roadmap::{Spanned, VersionRule, Versions};

use super::*;
use crate::{Document, Key};

fn stated(text: &str) -> Stated {
    Stated::item(text, Key::dotted("project.dependencies"), 1).unwrap()
}

fn settled(texts: &[&str], versions: &Versions) -> (Vec<Verdict>, Vec<Conflict>) {
    let stated: Vec<Stated> = texts.iter().map(|text| stated(text)).collect();
    let asks: Vec<Ask<'_>> =
        stated.iter().map(|stated| Ask { stated, path: "a/pyproject.toml", is_own: false }).collect();
    agree(&asks, versions)
}

/// What is written for each text; empty for a conflict.
fn written(texts: &[&str]) -> Vec<String> {
    let (verdicts, _) = settled(texts, &Versions::default());
    let text = |(verdict, text): (Verdict, &&str)| match verdict {
        Verdict::Drift { versions, .. } => versions,
        Verdict::Same => stated(text).versions(),
        _ => String::new(),
    };
    verdicts.into_iter().zip(texts).map(text).collect()
}

fn catalogue(versions: &str) -> Versions {
    let rule = VersionRule {
        distribution: Spanned::unwritten("A".to_owned()),
        versions: versions.to_owned(),
        specifiers: VersionSpecifiers::from_str(versions).unwrap(),
        marker: pep508_rs::MarkerTree::TRUE,
    };
    Versions { is_asked: true, rules: vec![rule], decided: Vec::new() }
}

#[test]
fn clauses_are_those_that_are_needed() {
    for (texts, expected) in [
        (["a>=1", "a>=2", "a"], ">=2"),
        (["a>=1,<3", "a>=2", "a<4"], ">=2,<3"),
        (["a~=2.1", "a>=2.3", "a"], ">=2.3,<3"),
        (["a==2.*", "a>=1", "a"], "==2.*"),
        (["a==2.*", "a>=2.1", "a"], ">=2.1,<3"),
        (["a==1.5", "a>=1", "a<2"], "==1.5"),
        (["a!=1.5", "a>=1", "a<2,!=3"], ">=1,<2,!=1.5"),
        (["a>=1!2", "a~=1!2.0", "a"], "~=1!2.0"),
        (["a>=2.0", "a>=2", "a>=2"], ">=2"),
    ] {
        let found: BTreeSet<String> = written(&texts).into_iter().collect();
        let range = |text: &str| {
            repot_roadmap::VersionRange::of(&VersionSpecifiers::from_str(text).unwrap()).unwrap()
        };
        assert!(found.iter().all(|text| range(text) == range(expected)), "{texts:?} {found:?}");
        assert!(found.contains(expected), "{texts:?} {found:?}");
    }
}

#[test]
fn a_conflict_names_those_that_disagree_and_no_others() {
    let (verdicts, conflicts) = settled(&["a>=3", "a>=1", "a<2", "a!=7", "b>=1"], &Versions::default());
    assert_eq!(verdicts[..4], [const { Verdict::Conflict(0) }; 4]);
    assert_eq!(verdicts[4], Verdict::Same);
    let choices: Vec<(&str, &[usize])> = conflicts[0]
        .choices
        .iter()
        .map(|choice| (choice.versions.as_str(), choice.asks.as_slice()))
        .collect();
    assert_eq!(choices, [("<2", &[2][..]), (">=3", &[0])]);
}

#[test]
fn the_catalogue_offers_what_both_take_in() {
    let (verdicts, conflicts) = settled(&["a>=2.7", "a<1", "a>=1"], &catalogue(">=2.5, <3"));
    assert_eq!(verdicts[2], Verdict::Drift { versions: ">=2.5,<3".to_owned(), why: Why::Catalogue });
    let choices = |of: &Verdict| {
        let Verdict::Conflict(at) = of else { panic!("{of:?}") };
        conflicts[*at].choices.iter().map(|choice| choice.versions.clone()).collect::<Vec<_>>()
    };
    assert_eq!(choices(&verdicts[0]), [">=2.7,<3", ">=2.7", ">=2.5,<3"]);
    assert_eq!(choices(&verdicts[1]), ["<1", ">=2.5,<3"]);
}

#[test]
fn markers_clash_only_where_both_hold() {
    let old = "a<2; python_version < '3.9'";
    let clashes = |texts: &[&str]| settled(texts, &Versions::default()).1.len();
    assert_eq!(clashes(&[old, "a>=2; python_version >= '3.9'"]), 0);
    assert_eq!(clashes(&[old, "a>=2; python_version >= '3.8'"]), 1);
    assert_eq!(clashes(&[old, "a>=2"]), 1);
    let three =
        ["a>=1,<=2; os_name == 'nt'", "a!=1; python_version < '3.9'", "a<=1; sys_platform == 'win32'"];
    assert_eq!(clashes(&three), 1);
    assert_eq!(clashes(&three[..2]), 0);
}

fn clause() -> impl Strategy<Value = String> {
    let sign = prop::sample::select(vec![">=", ">=", ">=", "<", "<", "<=", ">", "!=", "==", "~="]);
    (sign, 1..4u64, 0..3u64).prop_map(|(sign, major, minor)| format!("{sign}{major}.{minor}"))
}

fn specifiers() -> impl Strategy<Value = String> {
    let star = (1..4u64).prop_map(|major| format!("==1.{major}.*"));
    prop_oneof![
        6 => prop::collection::vec(clause(), 0..3).prop_map(|clauses| clauses.join(",")),
        1 => star,
    ]
}

/// Every version that the specifiers above could tell apart.
fn versions() -> Vec<Version> {
    let stems = (0..6).flat_map(|major| (0..5).map(move |minor| format!("{major}.{minor}")));
    let forms = ["", ".dev0", "rc1", ".post1", ".0.1", ".1", ".7"];
    let texts = stems.flat_map(|stem| forms.map(|form| format!("{stem}{form}")));
    texts.map(|text| Version::from_str(&text).unwrap()).collect()
}

fn held(text: &str) -> Vec<Version> {
    let text = if text == "any" { "" } else { text };
    let specifiers = VersionSpecifiers::from_str(text).unwrap();
    versions().into_iter().filter(|version| specifiers.contains(version)).collect()
}

proptest! {
    /// Against every version one by one: what is written takes in exactly what
    /// all ask for, and there is a conflict exactly where that is nothing.
    #[test]
    fn agreement_is_what_is_left_of_all_versions(texts in prop::collection::vec(specifiers(), 1..5)) {
        let asks: Vec<String> = texts.iter().map(|text| format!("a{text}")).collect();
        let asks: Vec<&str> = asks.iter().map(String::as_str).collect();
        let left = held(&texts.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join(","));
        let (verdicts, conflicts) = settled(&asks, &Versions::default());
        prop_assert_eq!(conflicts.len(), usize::from(left.is_empty()));
        for (verdict, text) in verdicts.iter().zip(&texts) {
            match verdict {
                Verdict::Same => prop_assert_eq!(&held(text), &left, "{}", text),
                Verdict::Drift { versions, .. } => {
                    prop_assert_eq!(&held(versions), &left, "{}", versions);
                    prop_assert_ne!(&held(text), &left, "{}", text);
                }
                other => prop_assert!(left.is_empty(), "{other:?}"),
            }
        }
        let choices: Vec<&str> =
            conflicts.iter().flat_map(|conflict| &conflict.choices).map(|it| it.versions.as_str()).collect();
        for at in 0..choices.len() {
            let others = [&choices[..at], &choices[at + 1..]].concat().join(",");
            prop_assert!(!held(&others).is_empty(), "{} without {}", others, choices[at]);
        }
    }

    /// The catalogue never takes a version in that the package did not.
    #[test]
    fn a_catalogue_never_loosens(wanted in specifiers(), text in specifiers()) {
        prop_assume!(!wanted.is_empty() && !held(&wanted).is_empty());
        let (verdicts, conflicts) = settled(&[&format!("a{text}")], &catalogue(&wanted));
        let (in_wanted, in_text) = (held(&wanted), held(&text));
        let both: Vec<Version> =
            in_wanted.iter().filter(|version| in_text.contains(version)).cloned().collect();
        prop_assert_eq!(conflicts.is_empty(), both.len() == in_wanted.len());
        if let Verdict::Drift { versions, .. } = &verdicts[0] {
            prop_assert_eq!(versions, &wanted);
        }
        if let Some(conflict) = conflicts.first().filter(|_| !both.is_empty()) {
            prop_assert_eq!(held(&conflict.choices[0].versions), both);
        }
    }

    /// A document after is the document before with the intended changes, the
    /// comments stay, and nothing is left to do.
    #[test]
    fn a_document_changes_by_what_was_meant(
        items in prop::collection::vec((specifiers(), 0..6usize), 1..5),
        quote in prop::sample::select(vec!["'", "\""]),
        layout in prop::sample::select(vec![("[", ", ", "]"), ("[\n    ", ", # why\n    ", ",\n]"), ("[ ", "\n , ", " # end\n]")]),
    ) {
        let other = if quote == "'" { "\"" } else { "'" };
        let item = |(text, form): &(String, usize)| {
            let spaced = text.replace(',', ", ");
            let body = match form {
                0 => format!("a{text}"),
                1 => format!("A {spaced}"),
                2 => format!("a[x] {text}"),
                3 => format!("a{text} ; os_name == {other}nt{other}"),
                4 => format!("a[x,y]{spaced};os_name=={other}nt{other}"),
                _ => "b @ file:../b".to_owned(),
            };
            format!("{quote}{body}{quote}")
        };
        let items: Vec<String> = items.iter().map(item).collect();
        let text = format!("# top\n[project]\nname = 'x' # name\ndependencies = {}{}{}\n", layout.0, items.join(layout.1), layout.2);
        let document = Document::parse(&text).unwrap();
        let found = requirements(&document);
        prop_assert!(found.unread.is_empty(), "{:?}", found.unread);
        prop_assert_eq!(found.stated.len(), items.len());
        let asks = |stated: &'static str, found: &Requirements| {
            let asks: Vec<Ask<'_>> = found.stated.iter().map(|it| Ask { stated: it, path: stated, is_own: false }).collect();
            agree(&asks, &Versions::default()).0
        };
        let (mut after, mut values) = (document.clone(), document.values());
        for (stated, verdict) in found.stated.iter().zip(asks("p", &found)) {
            if let Verdict::Drift { versions, .. } = verdict {
                let change = stated.asking(&versions).unwrap();
                after.change(&change);
                change.apply(&mut values);
            }
        }
        let rendered = after.render();
        let read = Document::parse(&rendered).unwrap();
        prop_assert_eq!(read.values(), values, "{}", &rendered);
        let again = requirements(&read);
        prop_assert!(!asks("p", &again).iter().any(|verdict| matches!(verdict, Verdict::Drift { .. })), "{}", &rendered);
        for (before, after) in found.stated.iter().zip(&again.stated) {
            prop_assert_eq!((&before.name, &before.marker, before.line), (&after.name, &after.marker, after.line));
        }
        // Whatever is no version is as it was, character by character.
        let bare = |text: &str| text.chars().filter(|char| !"<>=!~.*0123456789, \n".contains(*char)).collect::<String>();
        prop_assert_eq!(bare(&text), bare(&rendered));
    }
}
