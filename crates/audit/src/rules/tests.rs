//! The rules over imports, on small trees.

use std::collections::BTreeMap;
use std::sync::Arc;

use repot_change::RelPath;
use repot_roadmap::{Boundaries, Domain, Pattern, Roadmap, Spanned, Vocabulary};
use repot_workspace::{Shape, Snapshot, Workspace};

use super::*;
use crate::{Asked, Audit, METRICS, RULES};

const SHOP: &[(&str, &str)] = &[
    ("packages/ai/pyproject.toml", "[project]\nname = 'ai'\ndependencies = ['numpy', 'shared']\n"),
    ("packages/ai/src/ai/__init__.py", ""),
    ("packages/ai/src/ai/model.py", "from shared.kit import Kit\nimport numpy, yaml\n"),
    ("packages/shared/pyproject.toml", "[project]\nname = 'shared'\ndependencies = ['PyYAML']\n"),
    ("packages/shared/src/shared/__init__.py", "from .kit import Kit\n__all__ = ['Kit']\n"),
    ("packages/shared/src/shared/kit.py", "import yaml\nfrom cart.order import Order\nclass Kit: ...\n"),
    ("packages/cart/pyproject.toml", "[project]\nname = 'cart'\n"),
    ("packages/cart/src/cart/__init__.py", "from cart._store import _Row\n"),
    ("packages/cart/src/cart/order.py", "class Order: ...\n"),
    ("packages/cart/src/cart/_store.py", "class _Row: ...\n"),
];

fn domain(folder: &str, may_import: &[&str]) -> Domain {
    Domain {
        members: vec![Spanned::unwritten(Pattern::new(folder).unwrap())],
        may_import: may_import.iter().map(|name| Spanned::unwritten((*name).to_owned())).collect(),
        span: None,
    }
}

fn workspace(more: &[(&str, &str)]) -> Workspace {
    workspace_with(more, &Boundaries::default())
}

fn workspace_with(more: &[(&str, &str)], boundaries: &Boundaries) -> Workspace {
    let mut files: BTreeMap<&str, &str> = SHOP.iter().copied().collect();
    files.extend(more.iter().copied());
    let files = files.into_iter().map(|(path, text)| (RelPath::new(path).unwrap(), text.as_bytes().to_vec()));
    let domains = [
        ("ai", domain("packages/ai", &["shared"])),
        ("shared", domain("packages/shared", &["cart"])),
        ("cart", domain("packages/cart", &["shared"])),
    ];
    let shape = Shape {
        members: vec![Pattern::new("packages/*").unwrap()],
        domains: domains.into_iter().map(|(name, domain)| (name.to_owned(), domain)).collect(),
        ..Shape::default()
    };
    let shape = shape.with_composition_roots(&boundaries.composition_roots);
    Workspace::new(Snapshot::from_files(files), Arc::new(shape))
}

fn found(metric: &str, more: &[(&str, &str)], boundaries: &Boundaries) -> Vec<String> {
    let measured = measure(&workspace_with(more, boundaries), boundaries, |asked| asked == metric);
    let findings = measured.into_iter().flat_map(|(findings, _)| findings);
    findings
        .map(|finding| format!("{}:{} {}", finding.path.file_name(), finding.line, finding.message))
        .collect()
}

fn patterns(texts: &[&str]) -> Vec<Spanned<Pattern>> {
    texts.iter().map(|text| Spanned::unwritten(Pattern::new(text).unwrap())).collect()
}

#[test]
fn a_forbidden_domain_is_found_where_it_is_imported() {
    let bad =
        [("packages/ai/src/ai/bad.py", "def f():\n    from cart.order import (\n        Order,\n    )\n")];
    let usual = Boundaries::default();
    let message = "bad.py:2 `cart.order:Order`: domain `ai` may not import domain `cart`";
    assert_eq!(found(BOUNDARY_VIOLATIONS, &bad, &usual), [message]);
    let fewer = Boundaries { local_imports: false, ..usual.clone() };
    assert!(found(BOUNDARY_VIOLATIONS, &bad, &fewer).is_empty());
    let typing = [(
        "packages/ai/src/ai/bad.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import cart\n",
    )];
    assert_eq!(found(BOUNDARY_VIOLATIONS, &typing, &usual).len(), 1);
    let fewer = Boundaries { type_checking_imports: false, ..usual.clone() };
    assert!(found(BOUNDARY_VIOLATIONS, &typing, &fewer).is_empty());
    let test = [("packages/ai/tests/test_bad.py", "import cart\n")];
    assert_eq!(found(BOUNDARY_VIOLATIONS, &test, &usual).len(), 1);
    let fewer = Boundaries { test_imports: false, ..usual };
    assert!(found(BOUNDARY_VIOLATIONS, &test, &fewer).is_empty());
}

#[test]
fn a_composition_root_may_import_any_domain_and_nobody_elsewhere_may_import_it() {
    let files = [
        ("packages/ai/src/ai/bootstrap.py", "import cart.order\n"),
        ("packages/ai/src/ai/main.py", "from ai.bootstrap import build\n"),
        ("packages/cart/src/cart/sly.py", "from ai.bootstrap import build\n"),
    ];
    let roots = Boundaries {
        composition_roots: patterns(&["packages/*/src/*/bootstrap.py"]),
        ..Boundaries::default()
    };
    let forbidden = found(BOUNDARY_VIOLATIONS, &files, &roots);
    assert_eq!(forbidden, ["sly.py:1 `ai.bootstrap:build`: domain `cart` may not import domain `ai`"]);
    let asked = found(COMPOSITION_ROOT, &files, &roots);
    assert_eq!(asked, ["sly.py:1 `ai.bootstrap:build` is a composition root, which `cart` must not import"]);
}

#[test]
fn a_chain_is_shown_by_its_shortest_way() {
    let chain = "model.py:1 `ai` reaches domain `cart` through others: ai.model → shared.kit → cart.order";
    assert_eq!(found(DOMAIN_CHAINS, &[], &Boundaries::default()), [chain]);
    let direct = [("packages/ai/src/ai/bad.py", "import cart.order\n")];
    assert!(found(DOMAIN_CHAINS, &direct, &Boundaries::default()).is_empty(), "that is a finding of its own");
}

#[test]
fn the_smallest_circle_is_shown_with_its_cheapest_edge() {
    let back = [
        ("packages/cart/src/cart/back.py", "from shared.kit import Kit\n"),
        ("packages/shared/src/shared/more.py", "import cart\n"),
    ];
    let workspace = workspace(&back);
    let measured = measure(&workspace, &Boundaries::default(), |metric| metric == NO_CYCLES);
    let [(findings, figure)] = &measured[..] else { panic!("one metric") };
    let [finding] = &findings[..] else { panic!("one circle: {findings:?}") };
    assert_eq!(finding.message, "packages import each other in a circle: cart → shared → cart");
    assert_eq!(finding.hint.as_deref(), Some("the cheapest edge to cut is cart → shared: its one import"));
    assert_eq!((finding.path.file_name(), figure.value), ("back.py", Some(1.0)));
    let test = [("packages/cart/tests/test_back.py", "import shared\n")];
    assert!(found(NO_CYCLES, &test, &Boundaries::default()).is_empty());
    let modules = [
        ("packages/ai/src/ai/a.py", "from ai import b\n"),
        ("packages/ai/src/ai/b.py", "import ai.c\n"),
        ("packages/ai/src/ai/c.py", "from . import a\n"),
    ];
    assert!(found(NO_CYCLES, &modules, &Boundaries::default()).is_empty());
    let asked = Boundaries { module_cycles: true, ..Boundaries::default() };
    let circle = "a.py:1 modules import each other in a circle: ai.a → ai.b → ai.c → ai.a";
    assert_eq!(found(NO_CYCLES, &modules, &asked), [circle]);
}

#[test]
fn a_name_with_an_underscore_stays_in_its_package() {
    let files = [(
        "packages/ai/src/ai/sly.py",
        "from cart._store import Row\nfrom cart import _Row, __version__\nfrom ai._own import x\n",
    )];
    let expected = [
        "sly.py:1 `cart._store:Row`: `_store` is private to `cart`",
        "sly.py:2 `cart:_Row`: `_Row` is private to `cart`",
    ];
    assert_eq!(found(PRIVATE_ACCESS, &files, &Boundaries::default()), expected);
}

#[test]
fn only_what_a_package_exports_is_imported_from_elsewhere() {
    let files = [(
        "packages/ai/src/ai/user.py",
        "import shared\nfrom shared import Kit, kit\nfrom shared.kit import Kit as K\nfrom cart import order, Order\n",
    )];
    let messages = |boundaries: &Boundaries| -> Vec<String> {
        let all = found(PUBLIC_INTERFACE, &files, boundaries);
        all.into_iter().filter(|line| line.starts_with("user")).collect()
    };
    let expected = [
        "user.py:2 `shared:kit` is no part of what `shared` exports",
        "user.py:3 `shared.kit:Kit` is no part of what `shared` exports",
        "user.py:4 `cart:order` is no part of what `cart` exports",
        "user.py:4 `cart:Order` is no part of what `cart` exports",
    ];
    assert_eq!(messages(&Boundaries::default()), expected);
    let public = Boundaries { public: patterns(&["cart/**"]), ..Boundaries::default() };
    assert_eq!(messages(&public), expected[..2]);
}

#[test]
fn what_is_imported_is_declared() {
    let files = [
        (
            "packages/ai/src/ai/deps.py",
            "import os, cv2, cart\ntry:\n    import torch\nexcept ImportError:\n    torch = None\n",
        ),
        ("packages/loose/src/loose/__init__.py", "import anything\n"),
    ];
    let usual = Boundaries::default();
    let expected = [
        "deps.py:1 `cv2` comes from `opencv-python`, which `ai` does not declare",
        "deps.py:1 `cart` comes from `cart`, which `ai` does not declare",
        "model.py:2 `yaml` comes from `pyyaml`, which `ai` does not declare",
        "kit.py:2 `cart.order:Order` comes from `cart`, which `shared` does not declare",
    ];
    assert_eq!(found(UNDECLARED_DEPENDENCY, &files, &usual), expected);
    let mapped = [("cv2", "numpy"), ("yaml", "NumPy")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    let mapped = Boundaries { distributions: mapped.into_iter().collect(), ..usual };
    let left = found(UNDECLARED_DEPENDENCY, &files, &mapped);
    assert!(left.iter().all(|line| !line.contains("cv2")), "{left:?}");
}

const ROADMAP: &str = "[workspace]\nmembers = ['packages/*']\n[[exception]]\nrule = 'domain-imports'\nin = 'packages/ai/**'\nimports = 'cart.*'\nowner = 'Ada'\nreason = 'soon'\nexpires = '2026-06-30'\n";

fn audited(file: &str, today: &str) -> Audit {
    let vocabulary = Vocabulary { codemods: &[], metrics: METRICS, rules: RULES };
    let roadmap = Roadmap::parse("repot.toml", ROADMAP, &vocabulary).unwrap();
    let workspace = workspace(&[("packages/ai/src/ai/bad.py", file), ("repot.toml", ROADMAP)]);
    let asked =
        Asked { exceptions: &roadmap.exceptions, today: Some(today.parse().unwrap()), ..Asked::default() };
    crate::audit(&workspace, asked, [], &[BOUNDARY_VIOLATIONS])
}

#[test]
fn an_exception_lets_pass_until_its_day() {
    let audit = audited("import cart.order\n", "2026-06-30");
    assert!(audit.findings.is_empty(), "{:?}", audit.findings);
    assert_eq!(audit.figures[0].value, Some(0.0));
    assert!(audit.figures[0].parts.contains(&("let pass".to_owned(), 1.0)));
    assert!(audit.figures[0].by_package.values().all(|value| *value == 0.0));
    let audit = audited("import cart.order\n", "2026-07-01");
    let rules: Vec<_> = audit.findings.iter().map(|finding| (finding.rule, finding.line)).collect();
    assert_eq!(rules, [("domain-imports", 1), ("expired-exception", 3)]);
    let audit = audited("", "2026-01-01");
    assert!(audit.notes.iter().any(|note| note.message.contains("lets nothing pass")), "{:?}", audit.notes);
}

#[test]
fn a_comment_lets_pass_with_a_rule_that_exists_and_a_reason() {
    let after = "2027-01-01";
    let count = |file: &str, rule: &str| {
        audited(file, after).findings.iter().filter(|finding| finding.rule == rule).count()
    };
    let same = "import cart.order  # repot: allow(domain-imports) until the port exists\n";
    assert_eq!((count(same, "domain-imports"), count(same, "allow")), (0, 0));
    let above = "# repot: allow(domain-imports, layer-order) until the port exists\nimport cart.order\n";
    assert_eq!(count(above, "domain-imports"), 0);
    let inside =
        "from cart.order import (\n    Order,  # repot: allow(domain-imports) until the port exists\n)\n";
    assert_eq!(count(inside, "domain-imports"), 0);
    for wrong in ["allow(domain-imports)", "allow(domain-imprts) why", "allow(domain-imports why"] {
        let file = format!("import cart.order  # repot: {wrong}\n");
        assert_eq!((count(&file, "domain-imports"), count(&file, "allow")), (1, 1), "{wrong}");
    }
    let string = "import cart.order; x = '# repot: allow(domain-imports) no comment'\n";
    assert_eq!(count(string, "domain-imports"), 1);
    let idle = audited("x = 1  # repot: allow(domain-imports) nothing here\n", after);
    assert!(idle.notes.iter().any(|note| note.message.contains("lets nothing pass")));
}
