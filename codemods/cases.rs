//! Every case of every codemod, and the law that no codemod is without one.

#![allow(clippy::disallowed_methods, reason = "tests read their cases")]

use std::path::Path;

use repot_codemod::cases;

use crate::REGISTRY;

#[test]
fn every_case_holds() {
    let mut failures = Vec::new();
    for codemod in REGISTRY.iter() {
        let name = codemod.schema().name;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(name.replace('-', "_")).join("cases");
        let mut files: Vec<_> =
            std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty(), "{name} has no case");
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            if let Err(messages) = cases::run(REGISTRY, name, &text) {
                failures.extend(messages.into_iter().map(|message| format!("{}: {message}", file.display())));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}
