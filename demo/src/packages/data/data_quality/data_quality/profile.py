"""What a column looks like."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class ColumnProfile:
    """The shape of one column."""

    filled: int
    empty: int
    commonest: str


def profile(values: Iterable[str]) -> ColumnProfile:
    """Counts the values of a column."""
    counts = Counter(values)
    empty = counts.pop("", 0)
    commonest = counts.most_common(1)[0][0] if counts else ""
    return ColumnProfile(counts.total(), empty, commonest)
