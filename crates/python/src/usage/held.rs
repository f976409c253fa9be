//! How a thing holds instances: in a list, as the values of a mapping, at a
//! place of a tuple, or in several of these within each other.

/// How many containers within each other are followed.
const DEPTH: usize = 3;

/// The containers around an instance, the outermost first; none when the thing
/// is an instance, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Held {
    layers: [Option<Layer>; DEPTH],
}

/// One container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Layer {
    /// It holds any number of them.
    Elements,
    /// It maps something to them.
    Values,
    /// It is a tuple that has one at this place.
    Place(usize),
}

impl Held {
    /// The thing is an instance.
    pub(super) const ITSELF: Self = Self { layers: [None; DEPTH] };

    /// The same within one more container; `None` where that is too deep.
    pub(super) fn within(self, layer: Layer) -> Option<Self> {
        let [first, second, last] = self.layers;
        last.is_none().then_some(Self { layers: [Some(layer), first, second] })
    }

    /// The outermost container, and how what it holds holds instances.
    pub(super) fn open(self) -> Option<(Layer, Self)> {
        let [first, second, last] = self.layers;
        Some((first?, Self { layers: [second, last, None] }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What is packed comes out again, the last first.
        #[test]
        fn what_is_packed_is_unpacked(places in proptest::collection::vec(0_usize..9, 0..6)) {
            let pack = |held: Option<Held>, at: &usize| held?.within(Layer::Place(*at));
            let packed = places.iter().fold(Some(Held::ITSELF), pack);
            prop_assert_eq!(packed.is_some(), places.len() <= DEPTH);
            let Some(mut held) = packed else { return Ok(()) };
            for at in places.iter().rev() {
                let (layer, inner) = held.open().unwrap();
                prop_assert_eq!(layer, Layer::Place(*at));
                held = inner;
            }
            prop_assert_eq!(held, Held::ITSELF);
            prop_assert_eq!(held.open(), None);
        }
    }
}
