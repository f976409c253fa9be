//! Files that are made where git passes them over.

use crate::environment::{Tree, commit_all};

const ROADMAP: &str = r#"
[workspace]
members = ["packages/*"]
legacy-roots = ["mono"]

[[phase]]
name = "imports"

[[phase.step]]
codemod = "retarget-imports"
strategies = ["direct", "contract"]
"#;

#[test]
fn are_named_before_they_are_lost() {
    let tree = Tree::with(&[
        ("repot.toml", ROADMAP),
        ("packages/interfaces/interfaces/__init__.py", ""),
        ("packages/shop/shop/__init__.py", ""),
        (
            "packages/shop/shop/page.py",
            "from mono.models import Feed\n\n\ndef show(feed: Feed) -> str: ...\n",
        ),
    ]);
    let warning = "packages/shop/shop/models_contracts.py: is made, and an ignore pattern of git names it";
    commit_all(&tree);
    let outcome = tree.run(&["plan"]);
    assert!(outcome.out.contains("+from shop.models_contracts import Feed"), "{}", outcome.out);
    assert!(!outcome.out.contains("ignore pattern"), "{}", outcome.out);
    tree.write(".gitignore", "*_contracts.py\n");
    for command in [&["plan"][..], &["run", "retarget-imports", "--set", "strategies=contract", "--check"]] {
        let outcome = tree.run(command);
        assert!(outcome.out.contains(warning), "{command:?}: {}", outcome.out);
    }
}
