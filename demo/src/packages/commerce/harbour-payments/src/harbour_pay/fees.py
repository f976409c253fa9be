"""What the payment providers keep for themselves."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kernel.money import Money


@dataclass(frozen=True)
class Fee:
    """A fixed part and a share of the sum."""

    fixed: Money
    share: Decimal

    def of(self, total: Money) -> Money:
        """What a payment of `total` costs the shop."""
        return self.fixed + total.times(self.share)


FEES: dict[str, Fee] = {
    "card": Fee(Money.of("0.25"), Decimal("0.014")),
    "invoice": Fee(Money.of("0.39"), Decimal("0.029")),
}


def fee_for(method: str) -> Fee:
    """The fee of a payment method; an unknown one costs as much as an invoice."""
    return FEES.get(method, FEES["invoice"])
