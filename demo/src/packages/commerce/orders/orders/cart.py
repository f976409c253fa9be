"""The cart of a visitor."""

from __future__ import annotations

from datetime import datetime

from monorepo.catalog import CatalogItem
from monorepo.kernel.clock import utcnow; from monorepo.kernel.money import Money

from orders.models import OrderLine


class Cart:
    """Products that somebody is about to order."""

    def __init__(self) -> None:
        self.opened: datetime = utcnow()
        self._lines: dict[str, OrderLine] = {}

    def add(self, item: CatalogItem, count: int = 1) -> None:
        """Puts `count` more pieces of `item` into the cart."""
        held = self._lines.get(item.sku)
        total = count + (held.count if held else 0)
        self._lines[item.sku] = OrderLine(item.sku, total, item.price)

    def lines(self) -> list[OrderLine]:
        """What is in the cart, in the order in which it was added."""
        return list(self._lines.values())

    def total(self) -> Money:
        """The price of everything in the cart."""
        return sum((line.total for line in self.lines()), start=Money.of("0.00"))
