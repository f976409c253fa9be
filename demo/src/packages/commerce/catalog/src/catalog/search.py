"""Finds products by the words of their titles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from monorepo.catalog.models import (
    Product,  # what is found
    Sku,
)


class SearchIndex:
    """An index from words to products."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._products: dict[Sku, Product] = {}
        self._words: defaultdict[str, set[Sku]] = defaultdict(set)
        for product in products:
            self.add(product)

    def __len__(self) -> int:
        return len(self._products)

    def add(self, product: Product) -> None:
        """Adds a product, or replaces the one with the same number."""
        self._products[product.sku] = product
        for word in product.title.casefold().split():
            self._words[word].add(product.sku)

    def find(self, query: str) -> list[Product]:
        """The products whose titles hold every word of `query`, by number."""
        words = query.casefold().split()
        if not words:
            return []
        found = set.intersection(*(self._words.get(word, set()) for word in words))
        return [self._products[sku] for sku in sorted(found)]
