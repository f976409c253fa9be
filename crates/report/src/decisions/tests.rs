//! How decisions look, and that their lines are lines of a roadmap.

use super::*;
use crate::sample;

#[test]
fn each_choice_shows_what_there_is_and_what_to_paste() {
    insta::assert_snapshot!(decisions(&sample::plan(), Style::PLAIN, None), @r#"
    ambiguous: several targets are equally good (1 choice, 2 places)

    1. mono.cart:Twin [several candidates are equally good]
         1  shop.cart   defines it  suffix 2  same domain  shop   src/shop/cart.py
         2  store.cart  defines it  suffix 2  same domain  store  src/store/cart.py
         src/c.py:1
         src/d.py:7

         [[decide]]
         symbol = "mono.cart:Twin"
         # target = "shop.cart"
         # target = "store.cart"

    unimportable: no statement can name the target (1 choice, 1 place)

    2. mono.odd:Odd [several candidates are equally good]
         1  shop.cart  defines it  suffix 2  same domain  shop  src/shop/cart.py
            cannot be imported: `my odd` is no name; rename the folder to `my_odd`
         src/c.py:4

         [[decide]]
         symbol = "mono.odd:Odd"
         strategy = "keep"  # or rename the target, which settles it without this entry

    undefined: defined nowhere in the workspace (1 choice, 1 place)

    3. mono.gone:Ghost [several candidates are equally good]
         src/c.py:3

         [[decide]]
         symbol = "mono.gone:Ghost"
         strategy = "keep"  # or `target = "package.module"`, where it really is
    "#);
}

#[test]
fn a_limit_says_what_it_leaves_out() {
    let text = decisions(&sample::plan(), Style::PLAIN, Some(1));
    assert!(text.contains("mono.cart:Twin") && !text.contains("mono.odd:Odd"), "{text}");
    assert!(text.ends_with("… and 2 more\n"), "{text}");
    assert_eq!(decisions(&Plan::default(), Style::PLAIN, Some(1)), "No decision is open.\n");
}

#[test]
fn a_place_that_waits_in_two_phases_waits_once() {
    let mut plan = sample::plan();
    plan.phases.push(plan.phases[0].clone());
    assert_eq!(decisions(&plan, Style::PLAIN, None), decisions(&sample::plan(), Style::PLAIN, None));
}
