"""What the providers grant to large shops."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kernel.money import Money


@dataclass(frozen=True)
class Discount:
    """A sum that is taken off every fee, down to zero."""

    amount: Decimal

    def apply(self, fee: Money) -> Money:
        """What is left of `fee`."""
        return Money(max(fee.amount - self.amount, Decimal("0.00")), fee.currency)
