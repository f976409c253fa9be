"""How many of each product lie in the warehouse."""

from __future__ import annotations

from collections import Counter

from monorepo.catalog.models import Sku
from monorepo.kernel.errors import Conflict, NotFound


class Inventory:
    """A count for each product, never below zero."""

    def __init__(self) -> None:
        self._counts: Counter[Sku] = Counter()

    def receive(self, sku: Sku, count: int) -> None:
        """Adds what a supplier delivered."""
        self._counts[sku] += count

    def reserve(self, sku: Sku, count: int) -> None:
        """Sets `count` pieces aside for an order."""
        if sku not in self._counts:
            raise NotFound("product", sku)
        if self._counts[sku] < count:
            raise Conflict(f"only {self._counts[sku]} of {sku} are left")
        self._counts[sku] -= count
