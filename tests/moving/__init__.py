"""The parts of `prove-laws`, which judges `repot move` by what CPython says."""
