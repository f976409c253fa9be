# The commands of the house. `just` lists them; CONTRIBUTING.md explains them.

_list:
    @just --list --unsorted

# format, lints and every test: what a change must pass
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    cargo test --workspace

# every test, or those whose name contains FILTER
test *FILTER:
    cargo test --workspace {{ FILTER }}

# kill KILLS processes while they apply, undo, redo and recover
torture KILLS="1000":
    REPOT_KILLS={{ KILLS }} cargo test --package repot-apply --lib -- --ignored --nocapture a_thousand_killed

# accept what the snapshots and the generated documents say now
bless:
    INSTA_UPDATE=always REPOT_BLESS=1 cargo test --workspace

# whole commands against ripgrep on a generated tree, and on TREE if given
bench *TREE:
    cargo bench --package repot-python --bench parts
    bench/run {{ TREE }}
    bench/boundaries
    bench/move

# the folder, the first case and the two lines of a new codemod
new-codemod NAME:
    codemods/new {{ NAME }}

# docs/codemods.md from the codemods, and the API's pages
docs:
    REPOT_BLESS=1 cargo test --package repot-tests --test integration reference
    cargo doc --workspace --no-deps

# migrate a copy of TREE, have it judged from outside, take it back
prove TREE *LEGACY_ROOTS:
    tests/prove {{ TREE }} {{ LEGACY_ROOTS }}

# open review pages in a real browser and try all that a reader would
page *OPTIONS:
    cargo build --release
    tests/page {{ OPTIONS }}

# plan the demo tree, apply the saved plan in another clone, as docs/ci.md says
prove-ci:
    cargo build --release
    tests/prove-ci

# move things in real code, have an independent oracle judge every file
prove-laws *OPTIONS:
    tests/prove-laws {{ OPTIONS }}

# move things in projects of PyPI, and run their own tests
prove-moves *PROJECTS:
    tests/prove-moves {{ PROJECTS }}

# what `repot move OLD NEW` does with BEFORE, compared with what people did by AFTER
compare-move REPOSITORY BEFORE AFTER OLD NEW:
    tests/compare-move {{ REPOSITORY }} {{ BEFORE }} {{ AFTER }} {{ OLD }} {{ NEW }}
