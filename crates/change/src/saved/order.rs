//! Whether a plan says what it does: each delta begins with what the one before
//! it left, no path is written twice at one time, and none is off limits.

use std::collections::{BTreeMap, BTreeSet};

use crate::change_set::check_limits;
use crate::{Content, FileDelta, Plan, RelPath};

/// What is known to stand at a path.
type Known<'a> = BTreeMap<&'a RelPath, Option<&'a Content>>;

/// Checks `plan`; the error says what is wrong and where.
pub fn check(plan: &Plan) -> Result<(), String> {
    let mut known = Known::new();
    let steps = plan.phases.iter().flat_map(|phase| &phase.steps);
    for part in steps.flat_map(|step| &step.parts) {
        follow(&mut known, &part.deltas)?;
    }
    match plan.relies_on.iter().find(|file| known.contains_key(&file.path)) {
        None => Ok(()),
        Some(file) => Err(format!("{}: is changed, and said not to be", file.path)),
    }
}

fn follow<'a>(known: &mut Known<'a>, part: &'a [FileDelta]) -> Result<(), String> {
    let mut left = BTreeSet::new();
    for (path, content) in part.iter().filter_map(|delta| delta.old.as_ref()) {
        let before = known.insert(path, None);
        let fits = before.is_none_or(|before| before == Some(content));
        if !fits || !left.insert(path) {
            return Err(format!("{path}: is not what the change before it leaves"));
        }
    }
    for (path, content) in part.iter().filter_map(|delta| delta.new.as_ref()) {
        check_limits(path).map_err(|error| error.to_string())?;
        if known.insert(path, Some(content)).flatten().is_some() {
            return Err(format!("{path}: is written over a file that is there"));
        }
    }
    let mut old = part.iter().filter_map(|delta| delta.old.as_ref());
    old.try_for_each(|(path, _)| check_limits(path)).map_err(|error| error.to_string())
}
