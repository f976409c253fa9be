//! How the evidence of a line looks.

use super::*;
use crate::sample::{rewritten, waiting};

#[test]
fn a_rewritten_name_shows_why_the_others_lost() {
    let mut item = rewritten("src/a.py", 3, "mono.cart:add");
    let mut blocked = item.candidates[0].clone();
    blocked.obstacle = Some("`my cart` is no name".to_owned());
    let mut far = item.candidates[0].clone();
    far.reach = "may be imported".to_owned();
    let mut second_hand = item.candidates[0].clone();
    second_hand.how = "re-exports it".to_owned();
    item.candidates.extend([blocked, far, second_hand]);
    item.warnings.push("`add` takes no keyword `many`".to_owned());
    insta::assert_snapshot!(explain(&[&item], Style::PLAIN), @"
    src/a.py:3  mono.cart:add
      outcome   rewritten to `shop.cart:add` (certain)
      rule      longest matching suffix
      package   catalog

      Candidates
      1  shop.cart   defines it     suffix 2  same domain      shop   src/shop/cart.py
         the winner
      2  store.cart  defines it     suffix 1  same domain      store  src/store/cart.py
         lost: matches 1 component from the end, the best one 2
      3  shop.cart   defines it     suffix 2  same domain      shop   src/shop/cart.py
         cannot be imported: `my cart` is no name
         lost: no statement can name it
      4  shop.cart   defines it     suffix 2  may be imported  shop   src/shop/cart.py
         lost: may be imported, the best one: same domain
      5  shop.cart   re-exports it  suffix 2  same domain      shop   src/shop/cart.py
         lost: re-exports it, the best one defines it

      warning: `add` takes no keyword `many`

      What to do
      Nothing: `repot apply` rewrites it.
    ");
}

#[test]
fn what_is_gone_shows_how_it_was() {
    let mut item = waiting("src/c.py", 1, "mono.cart:Gone", DecisionKind::Undefined);
    item.candidates.truncate(1);
    item.candidates[0].how = "defined it until 1a2b3c4d5e6f of 2025-06-02".to_owned();
    item.candidates[0].reach = "gone".to_owned();
    item.candidates[0].obstacle =
        Some("it is gone; `git show 1a2b3c4d5e6f^:src/shop/cart.py` prints it".to_owned());
    insta::assert_snapshot!(explain(&[&item], Style::PLAIN), @r#"
    src/c.py:1  mono.cart:Gone
      outcome   awaits a decision, undefined: defined nowhere in the workspace
      rule      several candidates are equally good
      package   catalog

      Candidates
      1  shop.cart  defined it until 1a2b3c4d5e6f of 2025-06-02  suffix 2  gone  shop  src/shop/cart.py
         cannot be imported: it is gone; `git show 1a2b3c4d5e6f^:src/shop/cart.py` prints it
         equally good

      What to do
      Bring it back, or choose in the roadmap (remove one `#`):

      [[decide]]
      symbol = "mono.cart:Gone"
      in = "src/c.py"
      # strategy = "contract"  # it is owed until somebody writes it
      # strategy = "keep"      # or bring it back, which settles it without this entry
    "#);
}

#[test]
fn an_open_decision_shows_the_lines_that_settle_it() {
    let item = waiting("src/c.py", 1, "mono.cart:Twin", DecisionKind::Ambiguous);
    insta::assert_snapshot!(explain(&[&item], Style::PLAIN), @r#"
    src/c.py:1  mono.cart:Twin
      outcome   awaits a decision, ambiguous: several targets are equally good
      rule      several candidates are equally good
      package   catalog

      Candidates
      1  shop.cart   defines it  suffix 2  same domain  shop   src/shop/cart.py
         equally good
      2  store.cart  defines it  suffix 2  same domain  store  src/store/cart.py
         equally good

      What to do
      Choose one in the roadmap (remove one `#`):

      [[decide]]
      symbol = "mono.cart:Twin"
      in = "src/c.py"
      # target = "shop.cart"
      # target = "store.cart"
    "#);
}

#[test]
fn a_line_that_nobody_looked_at_says_so() {
    assert!(explain(&[], Style::PLAIN).starts_with("Nothing is known"));
}

#[test]
fn only_what_is_no_import_says_its_class() {
    let mut item = rewritten("src/a.py", 3, "mono.cart:add");
    let card = |item: &Evidence| explain(&[item], Style::PLAIN);
    assert!(!card(&item).contains("  class"));
    item.class = Class::Strings;
    assert!(card(&item).contains("\n  class     strings\n"), "{}", card(&item));
}

#[test]
fn what_is_offered_says_who_would_make_it() {
    let mut item = rewritten("pyproject.toml", 3, "`store` in `project.dependencies`");
    item.outcome = Outcome::Rewritten { to: "nothing".to_owned(), applicability: Applicability::Offered };
    let advice = |class: Class| {
        let text = explain(&[&Evidence { class, ..item.clone() }], Style::PLAIN);
        text.lines().last().unwrap_or_default().trim().to_owned()
    };
    assert_eq!(advice(Class::Prose), "It is rewritten only when it is asked for by name.");
    assert_eq!(advice(Class::Config), "Take it out by hand, unless something else speaks for it.");
}
