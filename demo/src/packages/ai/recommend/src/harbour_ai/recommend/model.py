"""A model that counts what is bought together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable


class Recommender:
    """Scores products by the tags of what a customer looks at."""

    def __init__(self) -> None:
        self._seen: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def learn(self, sku: str, tags: Iterable[str]) -> None:
        """Remembers that `sku` was bought with products of these tags."""
        for tag in tags:
            self._seen[tag][sku] += 1

    def scores(self, tags: Iterable[str]) -> dict[str, float]:
        """How well each product fits the tags, from 0 to 1."""
        total: Counter[str] = Counter()
        for tag in tags:
            total.update(self._seen.get(tag, Counter()))
        highest = max(total.values(), default=1)
        return {sku: count / highest for sku, count in total.items()}
