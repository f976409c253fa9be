//! What nobody defines any longer, offered out of real history.

use repot_cli::ExitStatus;

use crate::environment::{Outcome, Tree, commit_all, git};

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

const MODELS: &str = "class Feed:\n    title = \"\"\n\n\nclass Kept: ...\n";

const PAGE: &str = "from mono.core.models import Feed\nfrom mono.core.gone import LIMIT, Never\n\n\n\
                    def show(feed: Feed, never: Never) -> str:\n    return feed.title[:LIMIT]\n";

/// A tree below `top` whose second commit took a file away, and a class out of
/// another.
fn history(top: &str) -> Tree {
    let tree = Tree::empty();
    let write = |path: &str, text: &str| tree.write(&format!("{top}{path}"), text);
    write("repot.toml", ROADMAP);
    write("packages/interfaces/interfaces/__init__.py", "");
    write("packages/shop/shop/__init__.py", "");
    write("packages/shop/shop/page.py", PAGE);
    write("packages/shop/shop/core/models.py", MODELS);
    write("packages/shop/shop/core/gone.py", "try:\n    LIMIT = 3\nfinally:\n    pass\n");
    commit_all(&tree);
    write("packages/shop/shop/core/models.py", "class Kept: ...\n");
    std::fs::remove_file(tree.root().join(format!("{top}packages/shop/shop/core/gone.py"))).unwrap();
    git(tree.root(), &["commit", "-qam", "second"]);
    tree
}

fn decisions(tree: &Tree, top: &str) -> Outcome {
    let root = tree.root().join(top);
    tree.run(&["--root", root.to_str().unwrap(), "plan", "--decisions"])
}

/// The commands that `text` names, as git prints what they show.
fn shown(tree: &Tree, text: &str) -> Vec<String> {
    let after = text.split("`git show ").skip(1);
    let versions = after.map(|rest| rest.split('`').next().unwrap());
    versions.map(|version| git(tree.root(), &["show", version])).collect()
}

#[test]
fn is_shown_by_the_command_that_is_named() {
    for top in ["", "below/the top/"] {
        let tree = history(top);
        let outcome = decisions(&tree, top);
        assert_eq!(outcome.status, ExitStatus::Fine, "{}", outcome.err);
        let commit = &git(tree.root(), &["rev-parse", "HEAD"])[..12];
        let day = git(tree.root(), &["show", "-s", "--date=format-local:%Y-%m-%d", "--format=%cd"]);
        assert!(outcome.out.contains(&format!("defined it until {commit} of {day}")), "{}", outcome.out);
        assert!(!outcome.out.contains("Never"), "{}", outcome.out);
        assert!(outcome.out.contains("# strategy = \"contract\""), "{}", outcome.out);
        let mut shown = shown(&tree, &outcome.out.replace("the top", "the' 'top").replace("' '", " "));
        shown.sort();
        assert_eq!(shown, [MODELS.trim_end(), "try:\n    LIMIT = 3\nfinally:\n    pass"]);
        let root = tree.root().join(top);
        let explained =
            tree.run(&["--root", root.to_str().unwrap(), "explain", "packages/shop/shop/page.py:1"]);
        assert!(explained.out.contains("Bring it back"), "{}", explained.out);
    }
}

#[test]
fn is_offered_until_it_is_back_or_somebody_decides() {
    let tree = history("");
    let commit = git(tree.root(), &["rev-parse", "HEAD"]);
    let pins = "\n[[decide]]\nsymbol = \"mono.core.gone:LIMIT\"\nstrategy = \"keep\"\n";
    let pins = format!("{pins}\n[[decide]]\nsymbol = \"mono.core.models:Feed\"\nstrategy = \"contract\"\n");
    tree.write("repot.toml", format!("{ROADMAP}{pins}"));
    let outcome = tree.run(&["plan"]);
    assert!(outcome.out.contains("+from shop.models_contracts import Feed"), "{}", outcome.out);
    assert!(!outcome.out.contains("awaits a decision"), "{}", outcome.out);
    tree.write("repot.toml", ROADMAP);
    let path = "packages/shop/shop/core/models.py";
    git(tree.root(), &["checkout", "-q", &format!("{commit}^"), "--", path]);
    let outcome = tree.run(&["plan"]);
    assert!(outcome.out.contains("+from shop.core.models import Feed"), "{}", outcome.out);
}

#[test]
fn is_not_asked_for_where_there_is_no_history() {
    let tree = history("");
    let clones = Tree::empty();
    let url = format!("file://{}", tree.root().display());
    git(clones.root(), &["clone", "-q", "--depth", "1", &url, "shallow"]);
    let cut = decisions(&clones, "shallow");
    assert_eq!(cut.status, ExitStatus::Fine, "{}", cut.err);
    assert!(!cut.out.contains("git show"), "{}", cut.out);
    let root = clones.root().join("shallow");
    let plan = clones.run(&["--root", root.to_str().unwrap(), "plan"]);
    assert!(plan.out.contains("the history is cut off"), "{}", plan.out);
    std::fs::remove_dir_all(tree.root().join(".git")).unwrap();
    let outcome = tree.run(&["plan"]);
    assert_eq!(outcome.status, ExitStatus::Fine, "{}", outcome.err);
    assert!(outcome.out.contains("+from shop.models_contracts import Feed"), "{}", outcome.out);
    assert!(!outcome.out.contains("history"), "{}", outcome.out);
}
