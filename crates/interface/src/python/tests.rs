//! Modules that are written, and written again over what people did.

use std::collections::BTreeSet;

use proptest::prelude::*;
use repot_change::Edits;
use repot_python::SourceFile;

use super::*;
use crate::{Draft, Import};

fn draft(name: &str, text: &str, is_owed: bool) -> Draft {
    let imports = known_imports(text);
    Draft { name: name.to_owned(), imports, text: text.to_owned(), notes: Vec::new(), is_owed }
}

fn module(drafts: Vec<Draft>) -> Module {
    Module {
        name: "interfaces.ai".to_owned(),
        about: "Protocols.".to_owned(),
        implementers: BTreeSet::from(["ai".to_owned()]),
        consumers: BTreeSet::from(["shop".to_owned()]),
        drafts,
        has_future: false,
    }
}

/// The file after a merge, and what disagrees.
fn merged(text: &str, module: &Module) -> (String, Vec<String>) {
    let file = SourceFile::parse(text.as_bytes().into());
    let merged = merge(&file, module);
    let bytes = Edits::new(merged.edits).unwrap().apply(text.as_bytes()).unwrap();
    let reasons = merged.contradictions.iter().map(|one| format!("{}:{} {}", one.name, one.line, one.reason));
    (String::from_utf8(bytes).unwrap(), reasons.collect())
}

const MODEL: &str = "class Model(Protocol):\n    \"\"\"Predicts.\"\"\"\n\n    \
                     def fit(self, data: list[int]) -> bool: ...\n\n    \
                     @property\n    def size(self) -> Any: ...";

#[test]
fn a_module_says_who_is_on_either_side() {
    assert_eq!(
        module(vec![draft("Model", MODEL, false)]).text(),
        format!(
            "\"\"\"Protocols.\n\nImplemented by `ai`.\n\nUsed by `shop`.\n\"\"\"\n\n\
             from typing import Any, Protocol\n\n__all__ = [\"Model\"]\n\n\n{MODEL}\n"
        )
    );
    let ahead = MODEL.replace("-> bool", "-> Model");
    assert!(
        module(vec![draft("Model", &ahead, false)]).text().contains("\nfrom __future__ import annotations\n")
    );
}

#[test]
fn writing_again_changes_nothing() {
    let module = module(vec![draft("Model", MODEL, false)]);
    assert_eq!(merged(&module.text(), &module), (module.text(), Vec::new()));
}

#[test]
fn what_people_wrote_stays_and_what_is_generated_follows_the_code() {
    let first = module(vec![draft("Model", MODEL, false)]).text();
    let mine = first
        .replace("def size(self) -> Any: ...", "def size(self) -> int:\n        \"\"\"How big.\"\"\"\n        ...\n\n    # Mine.\n    def twice(self) -> int:\n        return 2 * self.size")
        .replace("Predicts.", "My words.");
    let text = MODEL
        .replace("data: list[int]", "data: Sequence[int], *, depth: int = ...")
        .replace("\n\n    @property", "\n\n    async def stop(self) -> None: ...\n\n    @property");
    let mut model = draft("Model", &text, false);
    model.imports.insert(Import::from("collections.abc", "Sequence", "Sequence"));
    let mut second =
        module(vec![model, draft("Other", "class Other(Protocol):\n    \"\"\"New.\"\"\"", false)]);
    second.consumers.insert("till".to_owned());
    let (after, reasons) = merged(&mine, &second);
    assert_eq!(reasons, Vec::<String>::new());
    assert_eq!(
        after,
        "\"\"\"Protocols.\n\nImplemented by `ai`.\n\nUsed by `shop`, `till`.\n\"\"\"\n\n\
         from collections.abc import Sequence\nfrom typing import Any, Protocol\n\n\
         __all__ = [\"Model\", \"Other\"]\n\n\nclass Model(Protocol):\n    \"\"\"My words.\"\"\"\n\n    \
         def fit(self, data: Sequence[int], *, depth: int = ...) -> bool: ...\n\n    \
         @property\n    def size(self) -> int:\n        \"\"\"How big.\"\"\"\n        ...\n\n    \
         # Mine.\n    def twice(self) -> int:\n        return 2 * self.size\n\n    \
         async def stop(self) -> None: ...\n\n\nclass Other(Protocol):\n    \"\"\"New.\"\"\"\n"
    );
    assert_eq!(merged(&after, &second), (after.clone(), Vec::new()));
}

#[test]
fn a_contradiction_is_for_a_person() {
    let own = module(vec![draft("Model", MODEL, false)]);
    let mine = own.text().replace("list[int]) -> bool: ...", "int) -> bool:\n        return True");
    let (after, reasons) = merged(&mine, &own);
    assert_eq!(after, mine);
    assert_eq!(reasons, ["Model.fit:16 it is called otherwise here, and does something"]);
    let (after, reasons) = merged("from x import Model\n", &own);
    assert_eq!((after.as_str(), reasons.len()), ("from x import Model\n", 1));
    let (after, reasons) = merged("x = = 1\n", &own);
    assert_eq!((after.as_str(), reasons.len()), ("x = = 1\n", 1));
}

#[test]
fn a_class_gets_its_decorator_and_its_base_is_asked_for() {
    let own = module(vec![draft("Model", MODEL, false)]);
    let tested = module(vec![draft("Model", &format!("@runtime_checkable\n{MODEL}"), false)]);
    let (after, reasons) = merged(&own.text(), &tested);
    assert!(after.contains("Protocol, runtime_checkable\n") && after.contains("\n@runtime_checkable\nclass"));
    assert_eq!(reasons, Vec::<String>::new());
    let (_, reasons) = merged(&own.text().replace("(Protocol)", ""), &own);
    assert_eq!(reasons, ["Model:13 it does not derive from `Protocol` here"]);
}

#[test]
fn what_was_owed_and_is_written_is_left_alone() {
    let text = "class Model(Protocol):\n    \"\"\"Owed: `m.Model` is defined nowhere.\"\"\"\n\n    def a(self) -> Any: ...";
    let own = module(vec![draft("Model", text, true)]);
    let more = module(vec![draft("Model", &format!("{text}\n\n    def b(self) -> Any: ..."), true)]);
    assert!(merged(&own.text(), &more).0.ends_with("    def b(self) -> Any: ...\n"));
    let refined = own.text().replace("def a(self) -> Any", "def a(self, x: int = 1) -> int");
    assert_eq!(merged(&refined, &own).0, refined);
    let written = own.text().replace("Owed: `m.Model` is defined nowhere.", "Mine.");
    assert_eq!(merged(&written, &more).0, written);
}

#[test]
fn imports_find_their_place() {
    let own = module(vec![draft("Model", MODEL, false)]);
    let (after, _) = merged("\"\"\"Mine.\"\"\"\n", &own);
    assert!(
        after.starts_with("\"\"\"Mine.\"\"\"\n\nfrom typing import Any, Protocol\n\n\nclass Model"),
        "{after}"
    );
    let (after, _) = merged("import os  # mine\n\nx = os\n", &own);
    assert!(after.starts_with("import os  # mine\nfrom typing import Any, Protocol\n\nx = os\n"), "{after}");
    let mut typed = draft("Model", &MODEL.replace("list[int]", "Item"), false);
    typed.imports.insert(Import { type_checking: true, ..Import::from("interfaces.item", "Item", "Item") });
    let (after, _) = merged(
        "from __future__ import annotations\n\nfrom typing import Any\n\nx: Any = 1\n",
        &module(vec![typed]),
    );
    assert!(
        after.starts_with(
            "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING, Any, Protocol\n\n\
             if TYPE_CHECKING:\n    from interfaces.item import Item\n\nx: Any = 1\n"
        ),
        "{after}"
    );
}

proptest! {
    /// Whatever stands in the file, the merge parses where the file did, keeps
    /// every line that does something, and a second merge changes nothing.
    #[test]
    fn a_merge_is_stable(
        members in proptest::sample::subsequence(
            vec!["    def fit(self): ...\n", "    def fit(self, data: int) -> int:\n        return 1\n",
                 "    size = 1\n", "    size: int\n", "    x: int = 2\n", "    @property\n    def size(self): ...\n"],
            1..5),
        head in prop::sample::select(vec!["", "import os\n", "from typing import Protocol\n", "\"\"\"A.\"\"\"\n"]),
        tail in prop::sample::select(vec!["", "y = 1\n", "def f():\n    return 1\n", "__all__ = ['f']\n"]),
        is_crlf in any::<bool>(),
    ) {
        let mut text = format!("{head}class Model:\n{}{tail}", members.concat());
        if is_crlf {
            text = text.replace('\n', "\r\n");
        }
        let own = module(vec![draft("Model", MODEL, false)]);
        let (after, reasons) = merged(&text, &own);
        let file = SourceFile::parse(after.clone().into_bytes().into());
        prop_assert!(file.problems().is_empty(), "{}", after);
        prop_assert!(file.scopes().unbound().is_empty(), "{}", after);
        for line in ["        return 1", "    size = 1", "    x: int = 2", "y = 1"] {
            prop_assert_eq!(after.contains(line), text.contains(line), "{}", after);
        }
        let (again, still) = merged(&after, &own);
        prop_assert_eq!((again, still.len()), (after.clone(), reasons.len()), "{}", after);
    }
}
