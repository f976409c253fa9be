//! Notebooks laid out in many ways, their edits, and what IPython adds to Python.

use proptest::prelude::*;
use repot_change::Edits;

use super::*;

/// A notebook of format 4 whose cells are given as JSON.
fn notebook(cells: &str) -> String {
    format!(
        "{{\n \"cells\": [{cells}],\n \"metadata\": {{\"kernelspec\": {{\"language\": \"python\"}}}},\n \
         \"nbformat\": 4,\n \"nbformat_minor\": 5\n}}\n"
    )
}

fn code(source: &str) -> String {
    notebook(&format!("{{\"cell_type\": \"code\", \"metadata\": {{}}, \"source\": {source}}}"))
}

fn source(json: &str) -> String {
    String::from_utf8(Notebook::read(json.as_bytes()).unwrap().source().to_vec()).unwrap()
}

/// The file after `from` became `to` wherever the code says it.
fn replaced(json: &str, from: &str, to: &str) -> Result<String, CellEditError> {
    let notebook = Notebook::read(json.as_bytes()).unwrap();
    let text = std::str::from_utf8(notebook.source()).unwrap();
    let places = text.match_indices(from).map(|(at, _)| (Span::new(at, at + from.len()), to.to_owned()));
    let edits = notebook.edits(&places.collect::<Vec<_>>())?;
    let bytes = Edits::new(edits).unwrap().apply(json.as_bytes()).unwrap();
    Ok(String::from_utf8(bytes).unwrap())
}

#[test]
fn cells_follow_each_other_and_end_their_lines() {
    let json = notebook(
        "{\"cell_type\": \"code\", \"source\": [\"import a\\n\", \"a.b\"], \"outputs\": [{\"text\": \"import c\"}]},\
         {\"cell_type\": \"markdown\", \"source\": \"See a.b\"},\
         {\"cell_type\": \"raw\", \"source\": \"a.b\"},\
         {\"cell_type\": \"code\", \"source\": []},\
         {\"source\": \"x = '\\u00e9'\\n\", \"cell_type\": \"code\"}",
    );
    assert_eq!(source(&json), "import a\na.b\nx = 'é'\n");
    let notebook = Notebook::read(json.as_bytes()).unwrap();
    assert_eq!(notebook.markdown().text(), b"See a.b\n");
    let edits = notebook.markdown().edits(&[(Span::new(4, 5), "new".to_owned())]).unwrap();
    assert_eq!(&json[edits[0].span.range()], "a");
}

#[test]
fn what_is_no_python_notebook_is_refused() {
    let read = |json: &str| Notebook::read(json.as_bytes()).map(|_| ()).map_err(|error| error.to_string());
    assert_eq!(read("\u{feff}{\"nbformat\": 4}"), Ok(()));
    assert_eq!(read("{\"nbformat\": 2}"), Err("notebooks of format 2 are not read".to_owned()));
    assert!(read(&notebook("").replace("python", "julia")).unwrap_err().ends_with("julia"));
    for json in [
        "",
        "[]",
        "{}",
        "{\"nbformat\": 4} x",
        "{\"nbformat\": 4, \"nbformat\": 4}",
        &code("[1]"),
        &code("1"),
    ] {
        assert!(read(json).is_err(), "{json}");
    }
    assert!(Notebook::read(b"\xff").is_err());
}

#[test]
fn the_third_format_has_worksheets_and_inputs() {
    let json = "{\"nbformat\": 3, \"worksheets\": [{\"cells\": [\
                {\"cell_type\": \"code\", \"language\": \"python\", \"input\": [\"import a\"]},\
                {\"cell_type\": \"code\", \"language\": \"R\", \"input\": [\"library(a)\"]}]}]}";
    assert_eq!(source(json), "import a\n");
}

#[test]
fn a_name_changes_and_no_other_byte() {
    let json = code("[\n    \"s = '\\u00e9\\ud83d\\ude00 \\\"'\\n\",\n    \"import shop\\tas\\/x\"\n   ]");
    assert_eq!(replaced(&json, "shop", "store").unwrap(), json.replace("shop", "store"));
    assert_eq!(replaced(&json, "é", "e").unwrap(), json.replace("\\u00e9", "e"));
    assert_eq!(replaced(&json, "shop", "\"ü\"").unwrap(), json.replace("shop", "\\\"\\u00fc\\\""));
    let json = json.replace("tas", "té");
    assert_eq!(replaced(&json, "shop", "ü").unwrap(), json.replace("shop", "ü"));
}

#[test]
fn lines_come_and_go_as_strings_of_the_list() {
    let list = |lines: &[&str]| {
        let quoted: Vec<String> = lines.iter().map(|line| format!("    {}", Value::from(*line))).collect();
        code(&format!("[\n{}\n   ]", quoted.join(",\n")))
    };
    let three = list(&["import a\n", "import b\n", "c"]);
    for (from, to, expected) in [
        ("import a", "import x\nimport y", &["import x\n", "import y\n", "import b\n", "c"][..]),
        ("import b\n", "", &["import a\n", "c"]),
        ("import b\n", "x\ny\n", &["import a\n", "x\n", "y\n", "c"]),
        ("c\n", "", &["import a\n", "import b\n"]),
        ("c\n", "c\nd\n", &["import a\n", "import b\n", "c\n", "d"]),
        ("a\nimport ", "", &["import b\n", "c"]),
        ("import a\nimport b\n", "", &["c"]),
        (" a\nimport b\nc", " z", &["import z"]),
    ] {
        assert_eq!(replaced(&three, from, to), Ok(list(expected)), "{from:?} {to:?}");
    }
    let one = code("\"import a\\nb\"");
    assert_eq!(replaced(&one, "import a\n", "x\ny\n"), Ok(code("\"x\\ny\\nb\"")));
}

#[test]
fn what_cannot_be_changed_is_refused() {
    let two = notebook(
        "{\"cell_type\": \"code\", \"source\": [\"%cd x\\n\", \"a\"]}, {\"cell_type\": \"code\", \"source\": [\"b\\n\"]}",
    );
    assert_eq!(source(&two), "#cd x\na\nb\n");
    for from in ["a\nb", "\nb", "#cd", "a\n", "b\n"] {
        assert!(replaced(&two, from, "z").is_err(), "{from:?}");
    }
    let notebook = Notebook::read(two.as_bytes()).unwrap();
    let edits = |start, end| notebook.edits(&[(Span::new(start, end), "z".to_owned())]);
    assert_eq!(edits(10, 10), Err(CellEditError::Border));
    assert_eq!(edits(9, 99), Err(CellEditError::Border));
    assert_eq!(edits(0, 1), Err(CellEditError::Magic));
    let accent =
        Notebook::read(code("\"'é'\"").as_bytes()).unwrap().edits(&[(Span::new(2, 3), String::new())]);
    assert_eq!(accent, Err(CellEditError::Character));
}

#[test]
fn magics_are_masked_by_as_many_bytes() {
    for (cell, expected) in [
        ("%matplotlib inline\nimport a\n", "#matplotlib inline\nimport a\n"),
        ("!pip install \\\n   a\nb\n", "#pip install \\\n   #\nb\n"),
        ("if a:\n    !ls\n    %cd b\n", "if a:\n    0#s\n    0#d b\n"),
        ("a = !ls b\nc = %env D\n", "a = 0#s b\nc = 0#nv D\n"),
        ("a.b?\n?a.b\na.b??\na.*b?\n", "a.b \n+a.b\na.b  \n#.*b?\n"),
        (
            "%time a.b()\n%timeit -n 10 -r3 a()\n%time for a in b: c\n",
            "0;    a.b()\n0;                a()\n#time for a in b: c\n",
        ),
        ("\n%%time\nimport a\n%cd x\n", "\n#%time\nimport a\n#cd x\n"),
        ("%%bash\nshop.cart\n\n  é a\n", "#%bash\n#hop.cart\n\n  #  a\n"),
        (
            "x = (a\n  % b)\ny = '''\n!ls\n%cd\n'''\nz = a \\\n  % b\n",
            "x = (a\n  % b)\ny = '''\n!ls\n%cd\n'''\nz = a \\\n  % b\n",
        ),
        (
            "a = b % c\nd = 'e = !f'\n# why?\ng != h\nf(a='%s')\n",
            "a = b % c\nd = 'e = !f'\n# why?\ng != h\nf(a='%s')\n",
        ),
        ("it = \"don't\" # it's\n%cd\n", "it = \"don't\" # it's\n#cd\n"),
        ("!é\n  !é\n  ?\n?\n!\n", "#é\n  !é\n  ?\n#\n!\n"),
    ] {
        let masked = source(&code(&Value::from(cell).to_string()));
        assert_eq!(masked, expected);
        assert_eq!(masked.len(), cell.len());
    }
}

/// Names, lines and signs that make cells.
const WORDS: &str = "(shop|cart|\\.|import |é|😀|\"|\\\\|\n|\r\n|\t|=|'''|\\(|#| ){0,24}";
/// And those that make magics.
const SIGNS: &str = "(shop|cart|\\.|é|\"|\\\\|\n|\r\n|\t|%|%%|cd|time|-n|!|\\?|=|'''|\\(|#| ){0,24}";

fn any_source() -> impl Strategy<Value = Value> {
    let lines = |text: String| Value::from(text.split_inclusive('\n').collect::<Vec<_>>());
    prop_oneof![
        WORDS.prop_map(Value::from),
        WORDS.prop_map(lines),
        prop::collection::vec(WORDS, 0..4).prop_map(Value::from)
    ]
}

/// A notebook of these sources, and how its JSON is laid out: by serde or by
/// hand, with escapes for what is not ASCII.
fn any_notebook() -> impl Strategy<Value = String> {
    (prop::collection::vec((any_source(), any::<bool>()), 0..4), 0..3).prop_map(|(sources, layout)| {
        let cell = |(source, is_code): (Value, bool)| {
            serde_json::json!({"cell_type": if is_code { "code" } else { "markdown" }, "shop": "shop", "source": source})
        };
        let cells: Vec<Value> = sources.into_iter().map(cell).collect();
        let whole = serde_json::json!({"cells": cells, "metadata": {}, "nbformat": 4});
        match layout {
            0 => whole.to_string(),
            1 => serde_json::to_string_pretty(&whole).unwrap(),
            _ => {
                let escape = |char: char| match char.is_ascii() {
                    true => char.to_string(),
                    false => char.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04X}")).collect(),
                };
                serde_json::to_string_pretty(&whole).unwrap().chars().map(escape).collect()
            }
        }
    })
}

/// The value with `shop` as `store` in the sources of code cells.
fn renamed(json: &str) -> Value {
    let mut value: Value = serde_json::from_str(json).unwrap();
    for cell in value["cells"].as_array_mut().unwrap() {
        if cell["cell_type"] == "code" {
            let text = cell["source"].to_string().replace("shop", "store");
            cell["source"] = serde_json::from_str(&text).unwrap();
        }
    }
    value
}

/// `text` as it is read back: every edit of it that is carried back gives the
/// same text as the edit itself.
fn reread(json: &str, changes: &[(Span, String)]) -> Option<(String, String)> {
    let notebook = Notebook::read(json.as_bytes()).unwrap();
    let plain = changes.iter().map(|(span, new)| Edit::replace(*span, new.as_bytes())).collect();
    let expected = Edits::new(plain).ok()?.apply(notebook.source()).ok()?;
    let edits = Edits::new(notebook.edits(changes).ok()?).unwrap();
    let after = String::from_utf8(edits.apply(json.as_bytes()).unwrap()).unwrap();
    Some((source(&after), String::from_utf8(expected).unwrap()))
}

proptest! {
    #[test]
    fn names_change_as_in_the_value(json in any_notebook()) {
        let after = replaced(&json, "shop", "store").unwrap();
        let value: Value = serde_json::from_str(&after).unwrap();
        prop_assert_eq!(value, renamed(&json));
        prop_assert_eq!(replaced(&after, "store", "shop").unwrap(), json.replace("store", "shop"));
    }

    #[test]
    fn the_code_after_an_edit_is_the_edited_code(
        json in any_notebook(),
        changes in prop::collection::vec((0usize..40, 0usize..12, "(x|\n|é|\"){0,4}"), 1..4),
    ) {
        let changes: Vec<(Span, String)> =
            changes.into_iter().map(|(at, len, new)| (Span::new(at, at + len), new)).collect();
        if let Some((read, expected)) = reread(&json, &changes) {
            prop_assert_eq!(read, expected);
        }
    }

    #[test]
    fn masks_keep_the_length_and_the_lines(cell in SIGNS) {
        let masked = source(&code(&Value::from(cell.as_str()).to_string()));
        prop_assert!(masked.starts_with(&cell) || masked.len() >= cell.len());
        prop_assert!(masked.len() <= cell.len() + 1);
        prop_assert_eq!(masked.matches('\n').count(), cell.lines().count());
    }

    #[test]
    fn no_bytes_are_too_strange(
        bytes in prop::collection::vec(any::<u8>(), 0..60),
        json in any_notebook(),
        at in 0usize..400,
    ) {
        let _ = Notebook::read(&bytes);
        let mut torn = json.into_bytes();
        let at = at.min(torn.len());
        torn.splice(at..at, bytes.iter().take(2).copied());
        if let Ok(notebook) = Notebook::read(&torn) {
            let _ = notebook.edits(&[(Span::new(at / 9, at / 7), "x\ny".to_owned())]);
        }
    }
}
