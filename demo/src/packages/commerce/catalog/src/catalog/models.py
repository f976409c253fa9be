"""What the shop sells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NewType

from kernel.money import Money

Sku = NewType("Sku", str)


@dataclass(frozen=True)
class Product:
    """One thing on one shelf."""

    sku: Sku
    title: str
    price: Money
    tags: frozenset[str] = field(default_factory=frozenset)

    def is_tagged(self, tag: str) -> bool:
        """Whether the product carries `tag`, in any case."""
        return tag.casefold() in self.tags
