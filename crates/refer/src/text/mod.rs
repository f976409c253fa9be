//! References outside of Python, format by format.

use repot_change::RelPath;

use crate::Renames;
use crate::python::Followed;

/// Follows the references of one file that is not Python; `None` where its
/// format is not known.
pub(crate) fn follow(_path: &RelPath, _bytes: &[u8], _renames: &Renames<'_>) -> Option<Followed> {
    None
}
