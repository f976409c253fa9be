//! Where a composition root has its parts from.

/// A framework for dependency injection, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Di {
    /// Keywords of `Root`, in plain Python.
    #[default]
    Plain,
    /// A `Provider` for [dishka](https://dishka.readthedocs.io).
    Dishka,
    /// A `Registry` for [svcs](https://svcs.hynek.me).
    Svcs,
}

impl Di {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Plain, Self::Dishka, Self::Svcs];

    /// What a roadmap calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Dishka => "dishka",
            Self::Svcs => "svcs",
        }
    }

    /// The one that a roadmap calls `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// The distribution that has to be installed for it.
    #[must_use]
    pub const fn distribution(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Dishka | Self::Svcs => Some(self.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_known_by_its_name() {
        assert!(Di::ALL.into_iter().all(|one| Di::named(one.name()) == Some(one)));
        assert_eq!(Di::named("spring"), None);
    }
}
