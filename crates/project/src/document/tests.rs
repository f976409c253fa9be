//! A change of a document is the change of its values, and of nothing else.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn changed(text: &str, changes: &[Change]) -> String {
    let mut document = Document::parse(text).unwrap();
    changes.iter().for_each(|change| document.change(change));
    document.render()
}

fn push(key: &str, item: &str) -> Change {
    Change::Push(Key::dotted(key), item.to_owned())
}

#[test]
fn an_item_is_written_as_the_list_writes_its_last() {
    let text = "a = [\n    'x', # why\n    'y',\n]\nb = [\"x\"]\nc = []\nd = [ 'x', 'y' ]\n";
    let after = "a = [\n    'x', # why\n    'y',\n    \"z\",\n]\nb = [\"x\", \"z\"]\nc = [\"z\"]\nd = [ 'x', 'y', \"z\" ]\n";
    assert_eq!(changed(text, &["a", "b", "c", "d"].map(|key| push(key, "z"))), after);
}

#[test]
fn a_comment_behind_the_last_item_stays_behind_it() {
    let text = "a = [\n    'x', # why\n]\nb = [\n    'x', # why\n    # more\n]\n";
    let after = "a = [\n    'x', # why\n    \"z\",\n]\nb = [\n    'x', # why\n    \"z\",\n    # more\n]\n";
    assert_eq!(changed(text, &["a", "b"].map(|key| push(key, "z"))), after);
}

#[test]
fn a_comment_of_an_item_that_goes_stays() {
    let drop = |item: &str| Change::Drop(Key::dotted("a"), item.to_owned());
    let text = "a = [\n  # first\n  'x',\n  'y', # second\n  # third\n  'z',\n]\n";
    let after = changed(text, &[drop("x"), drop("z")]);
    assert!(["first", "second", "third"].iter().all(|word| after.contains(word)), "{after}");
    assert_eq!(Document::parse(&after).unwrap().values(), json!({"a": ["y"]}));
}

#[test]
fn tables_are_made_in_the_form_of_what_is_above() {
    let set = |key: &str| Change::Set(Key::dotted(key), "v".into());
    assert_eq!(changed("[a]\nx = 1\n", &[set("a.b.c")]), "[a]\nx = 1\n\n[a.b]\nc = \"v\"\n");
    assert_eq!(changed("a = { x = 1 }\n", &[set("a.c")]), "a = { x = 1, c = \"v\" }\n");
    assert_eq!(changed("a.x = 1 # why\n", &[set("a.c")]), "a.x = 1 # why\na.c = \"v\"\n");
    assert_eq!(changed("[a]\nx = 'q'  # why\n", &[set("a.x")]), "[a]\nx = 'v'  # why\n");
}

#[test]
fn what_moves_takes_its_comments_along() {
    let moved = |text: &str| changed(text, &[Change::Move(Key::dotted("a.x"), Key::dotted("b.x"))]);
    assert_eq!(
        moved("[a]\n# of x\nx = [ 'p' ] # why\ny = 1\n[b]\nz = 2\n"),
        "[a]\ny = 1\n[b]\nz = 2\n# of x\nx = [ 'p' ] # why\n"
    );
    assert_eq!(moved("[a]\nx = []\n"), "[a]\n\n[b]\nx = []\n");
    assert_eq!(moved("a = { x = [], y = 1 }\n"), "a = { y = 1 }\n\n[b]\nx = []\n");
    assert_eq!(moved("b = { y = 1 }\n[a]\nx = []\n"), "b = { y = 1, x = [] }\n[a]\n");
}

#[test]
fn a_comment_follows_what_it_stands_beside() {
    let carried = |text: &str, to: &str, item: Option<&str>| {
        let (from, to) = (Key::dotted("a.x"), Key::dotted(to));
        changed(text, &[Change::Comment { from, to, item: item.map(str::to_owned) }])
    };
    let text = "[a]\n# of x\nx = 1 # why\nl = ['p', 'q']\n[b]\ny = 2\n";
    let lines = "[a]\nx = 1\nl = [\n    'p',\n    # of x\n    'q', # why\n]\n[b]\ny = 2\n";
    assert_eq!(carried(text, "a.l", Some("q")), lines);
    assert_eq!(carried(text, "b.y", None), "[a]\nx = 1\nl = ['p', 'q']\n[b]\n# of x\ny = 2 # why\n");
    for (to, item) in [("b.z", None), ("a.l", Some("r")), ("a.x.y", None)] {
        assert_eq!(carried(text, to, item), text);
    }
}

const TEXTS: [&str; 5] = [
    "# top\n[a]\nx = 'one' # why\nl = [\n  'p', # p\n  'q'\n  # last\n]\n\n[b.c]\n\"y\" = 1\n# end\n",
    "a = { x = 'one', l = ['p', \"q\"] } # inline\nb.c.y = 1 # dotted\n",
    "a.x = 'one'\na.l = [ 'p'\n      , 'q' # lead\n      , ]\n[b]\nc = {y = 1}\n",
    "# nothing\n",
    "[[t]]\nn = 1\n[a]\nl = []\n[a.m]\nz = 2\n",
];

fn comments(text: &str) -> Vec<&str> {
    // Two that come together on one line are two.
    let mut words: Vec<&str> = text.lines().flat_map(|line| line.split('#').skip(1)).map(str::trim).collect();
    words.sort_unstable();
    words
}

/// The values without tables that hold nothing.
fn pruned(values: Value) -> Value {
    match values {
        Value::Object(table) => {
            let full = table.into_iter().map(|(name, value)| (name, pruned(value)));
            Value::Object(full.filter(|(_, value)| *value != json!({})).collect())
        }
        other => other,
    }
}

fn change() -> impl Strategy<Value = Change> {
    let key = prop::sample::select(vec!["a.x", "a.l", "b.c.y", "b.c.n", "n.m.o", "a.n"]);
    let value = prop_oneof![Just(json!("v")), Just(json!(["p", "v"])), Just(json!(true)), Just(json!(3))];
    let item = prop::sample::select(vec!["p", "q", "v"]);
    let comment = |to: &str, item: Option<&str>| Change::Comment {
        from: Key::dotted("a.x"),
        to: Key::dotted(to),
        item: item.map(str::to_owned),
    };
    (key, value, item, 0..7usize).prop_map(move |(key, value, item, kind)| match kind {
        0 => Change::Set(Key::dotted(key), value),
        1 => Change::Push(Key::dotted("a.l"), item.to_owned()),
        2 => Change::Move(Key::dotted("a.x"), Key::dotted("m.moved")),
        5 => comment("a.l", Some(item)),
        6 => comment("b.c.y", None),
        3 => Change::Drop(Key::dotted("a.l"), item.to_owned()),
        _ => Change::Replace { list: Key::dotted("a.l"), from: item.to_owned(), to: "r".to_owned() },
    })
}

proptest! {
    #[test]
    fn the_values_after_are_those_before_and_the_changes(
        text in prop::sample::select(TEXTS.to_vec()),
        changes in prop::collection::vec(change(), 0..6),
    ) {
        let mut document = Document::parse(text).unwrap();
        let mut values = document.values();
        // A list that became a string has no items to change.
        let fits = |change: &&Change| !matches!(change, Change::Set(key, value) if key.to_string() == "a.l" && !value.is_array());
        for change in changes.iter().filter(fits) {
            document.change(change);
            change.apply(&mut values);
        }
        let after = document.render();
        let read = Document::parse(&after).map_err(|broken| TestCaseError::fail(format!("{broken:?}\n{after}")))?;
        let moves = changes.iter().filter(|change| matches!(change, Change::Move(..))).count();
        // A table without a header that its last key leaves is no longer written.
        let shown = |values: Value| if moves > 0 { pruned(values) } else { values };
        prop_assert_eq!(shown(read.values()), shown(values), "{}", after);
        let is_set = changes.iter().any(|change| matches!(change, Change::Set(key, _) if key.to_string() == "a.l"));
        // A second one would take the place of the first.
        if !is_set && moves < 2 {
            prop_assert_eq!(comments(text), comments(&after), "{}", after);
        }
    }
}
