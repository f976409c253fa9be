//! A plan by classes: how much each of them changes, and whether a reader has
//! to tell them apart at all.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Applicability, Class, Evidence, FileDelta, Outcome, Plan, PlannedStep, RelPath};

use crate::stat::stat;
use crate::style::{Role, Style};
use crate::words::count;

/// What the edits of one class come to.
#[derive(Debug, Default)]
pub(crate) struct ClassTally<'a> {
    /// The deltas, in the order in which they follow each other.
    pub deltas: Vec<&'a FileDelta>,
    /// Names that are rewritten, those to review among them.
    pub rewritten: usize,
    /// Rewritten names that deserve a look.
    pub review: usize,
    /// Names for which a change is offered and not made.
    pub offered: usize,
}

impl ClassTally<'_> {
    /// How many files change; one that several steps change counts once.
    pub(crate) fn files(&self) -> usize {
        self.deltas.iter().filter_map(|delta| delta.path()).collect::<BTreeSet<&RelPath>>().len()
    }

    fn count(&mut self, evidence: &Evidence) {
        let Outcome::Rewritten { applicability, .. } = evidence.outcome else { return };
        match applicability {
            Applicability::Offered => self.offered += 1,
            Applicability::Review => self.review += 1,
            Applicability::Certain => {}
        }
        self.rewritten += usize::from(applicability > Applicability::Offered);
    }

    /// `strings · 12 files · to review`
    pub(crate) fn heading(&self, class: Class, style: Style) -> String {
        let review = match (self.review, self.rewritten) {
            (0, _) => String::new(),
            (review, all) if review == all => " · to review".to_owned(),
            (review, all) => format!(" · {review} of {} to review", count(all, "name")),
        };
        format!("{} · {}{review}", style.paint(Role::Strong, class.name()), count(self.files(), "file"))
    }
}

/// The classes that `steps` change or offer to change. None when there is
/// nothing but imports: then there is nothing for a reader to tell apart.
pub(crate) fn classes<'a>(
    steps: impl IntoIterator<Item = &'a PlannedStep>,
) -> BTreeMap<Class, ClassTally<'a>> {
    let all = every_class(steps);
    if all.keys().all(|class| *class == Class::Imports) { BTreeMap::new() } else { all }
}

/// The classes that `steps` change or offer to change.
pub(crate) fn every_class<'a>(
    steps: impl IntoIterator<Item = &'a PlannedStep>,
) -> BTreeMap<Class, ClassTally<'a>> {
    let mut all: BTreeMap<Class, ClassTally<'a>> = BTreeMap::new();
    for step in steps {
        for part in &step.parts {
            all.entry(part.class).or_default().deltas.extend(&part.deltas);
        }
        for item in &step.evidence {
            all.entry(item.class).or_default().count(item);
        }
    }
    all.retain(|_, tally| !tally.deltas.is_empty() || tally.rewritten + tally.offered > 0);
    all
}

/// How much changes in each file, as `git diff --stat` prints it on a terminal
/// of `width` columns; under a heading for each class where there are several.
#[must_use]
pub fn plan_stat(plan: &Plan, style: Style, width: usize) -> String {
    let steps = || plan.phases.iter().flat_map(|phase| &phase.steps);
    let changed = classes(steps()).into_iter().filter(|(_, tally)| !tally.deltas.is_empty());
    let blocks: Vec<String> = changed
        .map(|(class, tally)| {
            let deltas = tally.deltas.iter().copied();
            format!("{}\n{}", tally.heading(class, style), stat(deltas, style, width))
        })
        .collect();
    if blocks.is_empty() {
        return stat(steps().flat_map(PlannedStep::deltas), style, width);
    }
    blocks.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::{git, git_diff, write};
    use crate::plan::{plan_concise, plan_full, plan_json, plan_markdown};
    use crate::sample;

    #[test]
    fn every_class_stands_under_its_heading() {
        let text = String::from_utf8(plan_full(&sample::classes(), Style::PLAIN)).unwrap();
        insta::assert_snapshot!(text, @r#"
        Phase boundaries: Emergency fixes: domain boundaries

        Step: retarget-imports (2 files)

        imports · 1 file

        diff --git a/src/shop/core/cart.py b/src/shop/cart.py
        similarity index 69%
        rename from src/shop/core/cart.py
        rename to src/shop/cart.py
        --- a/src/shop/core/cart.py
        +++ b/src/shop/cart.py
        @@ -1,4 +1,4 @@
        -import shop.core.tax
        +import shop.tax
         
         NAME = "shop.core.cart"
         

        strings · 1 file · to review

        diff --git a/src/shop/cart.py b/src/shop/cart.py
        --- a/src/shop/cart.py
        +++ b/src/shop/cart.py
        @@ -1,6 +1,6 @@
         import shop.tax
         
        -NAME = "shop.core.cart"
        +NAME = "shop.cart"
         
         
         def add():

        docs · 1 file · 1 of 2 names to review

        diff --git a/docs/cart.md b/docs/cart.md
        --- a/docs/cart.md
        +++ b/docs/cart.md
        @@ -1 +1 @@
        -See `shop.core.cart`.
        +See `shop.cart`.

        Phase boundaries: Emergency fixes: domain boundaries
          2 files change (1 edited, 1 moved), 4 names rewritten (2 to review), 1 offered
          Rewritten: 4 by “names a module that moves”

          By class
                     files  rewritten  to review  offered
            imports      1          1          0        0
            strings      1          1          1        0
            docs         1          2          1        0
            prose        0          0          0        1

          By package
                     files  rewritten  awaiting
            catalog      2          4         0

          Verified
            ✓ no new syntax error (1 Python files)
        "#);
    }

    #[test]
    fn statistics_are_grouped_by_class() {
        insta::assert_snapshot!(plan_stat(&sample::classes(), Style::PLAIN, 80), @"
        imports · 1 file
         src/shop/{core => }/cart.py | 2 +-
         1 file changed, 1 insertion(+), 1 deletion(-)

        strings · 1 file · to review
         src/shop/cart.py | 2 +-
         1 file changed, 1 insertion(+), 1 deletion(-)

        docs · 1 file · 1 of 2 names to review
         docs/cart.md | 2 +-
         1 file changed, 1 insertion(+), 1 deletion(-)
        ");
    }

    #[test]
    fn one_line_says_its_class_unless_it_is_an_import() {
        insta::assert_snapshot!(plan_concise(&sample::classes(), Style::PLAIN), @"
        docs/cart.md:3: shop.core.cart -> shop.cart [docs: names a module that moves]
        docs/cart.md:3: shop.core.cart -> shop.cart [docs: names a module that moves]
        src/shop/core/cart.py:3: shop.core.cart -> shop.cart [names a module that moves]
        src/shop/core/cart.py:3: shop.core.cart -> shop.cart [strings: names a module that moves]
        src/shop/core/cart.py:3: shop.core.cart -> shop.cart [prose: names a module that moves]
        ");
    }

    #[test]
    fn a_comment_has_a_heading_for_each_class() {
        insta::assert_snapshot!(plan_markdown(&sample::classes()), @"
        ## Repot plan

        Every check of the plan passed.

        | Phase | Files | Names rewritten | To review | Await a decision | Skipped | Checks |
        | --- | ---: | ---: | ---: | ---: | ---: | --- |
        | Emergency fixes: domain boundaries | 2 | 4 | 2 | 0 | 0 | ✓ 1 passed |

        ### imports · 1 file

        <details><summary>1 file changed, 1 insertion(+), 1 deletion(-)</summary>

        ```text
         src/shop/{core => }/cart.py | 2 +-
        ```

        </details>

        ### strings · 1 file · to review

        <details><summary>1 file changed, 1 insertion(+), 1 deletion(-)</summary>

        ```text
         src/shop/cart.py | 2 +-
        ```

        </details>

        ### docs · 1 file · 1 of 2 names to review

        <details><summary>1 file changed, 1 insertion(+), 1 deletion(-)</summary>

        ```text
         docs/cart.md | 2 +-
        ```

        </details>
        ");
    }

    #[test]
    fn a_file_of_several_classes_occurs_once_for_each() {
        let json = plan_json(&sample::classes());
        let files = json["phases"][0]["steps"][0]["files"].as_array().unwrap();
        let short: Vec<_> =
            files.iter().map(|file| [&file["class"], &file["change"], &file["new_path"]]).collect();
        assert_eq!(
            short,
            [
                ["imports", "move", "src/shop/cart.py"],
                ["strings", "edit", "src/shop/cart.py"],
                ["docs", "edit", "docs/cart.md"]
            ]
        );
        assert_eq!(files[0]["new_hash"], files[1]["old_hash"], "each starts from the one before it");
    }

    #[test]
    fn imports_alone_have_no_heading() {
        assert!(classes(&sample::plan().phases[0].steps).is_empty());
        let mut plan = sample::plan();
        let step = &mut plan.phases[0].steps[0];
        step.evidence[0].class = Class::Strings;
        assert_eq!(classes([&*step]).len(), 2, "a class that only speaks in the evidence counts");
        assert_eq!(classes([&*step])[&Class::Strings].files(), 0);
    }

    #[test]
    fn git_applies_all_classes_of_a_printed_plan() {
        let plan = sample::classes();
        let deltas: Vec<&FileDelta> = plan.phases[0].steps[0].deltas().collect();
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("tree");
        std::fs::create_dir(&folder).unwrap();
        git(&folder, &["init", "-q"]);
        write(&folder, deltas[0].old.as_ref().unwrap());
        write(&folder, deltas[2].old.as_ref().unwrap());
        let patch = scratch.path().join("patch");
        std::fs::write(&patch, plan_full(&plan, Style::PLAIN)).unwrap();
        let applied = git(&folder, &["apply", patch.to_str().unwrap()]);
        assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
        for (path, content) in deltas[1..].iter().filter_map(|delta| delta.new.as_ref()) {
            assert_eq!(std::fs::read(folder.join(path.as_str())).unwrap(), &*content.bytes, "{path}");
        }
        assert!(!folder.join("src/shop/core").exists());
    }

    #[test]
    fn a_moved_file_looks_as_in_git() {
        let plan = sample::classes();
        let deltas = plan.phases[0].steps[0].parts[0].deltas.clone();
        let theirs = git_diff(&deltas, &["--stat=80"]);
        assert_eq!(stat(&deltas, Style::PLAIN, 80), String::from_utf8(theirs).unwrap());
        assert!(stat(&deltas, Style::PLAIN, 80).starts_with(" src/shop/{core => }/cart.py | 2 +-\n"));
        assert_eq!(crate::diff(&deltas[0], Style::PLAIN), git_diff(&deltas, &[]));
    }
}
