//! Where a text spells old names, as dotted names or as paths.
