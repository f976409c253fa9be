"""Amounts of money, exact to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum


class Currency(StrEnum):
    """The currencies in which the shop sells."""

    EUR = "EUR"
    GBP = "GBP"
    SEK = "SEK"


@dataclass(frozen=True, order=True)
class Money:
    """An amount in one currency; amounts of two currencies do not add up."""

    amount: Decimal
    currency: Currency = Currency.EUR

    @classmethod
    def of(cls, amount: str, currency: Currency = Currency.EUR) -> Money:
        """Reads an amount such as `"12.50"`."""
        return cls(Decimal(amount), currency)

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount + other.amount, self.currency)

    def times(self, factor: Decimal | int) -> Money:
        """The amount times `factor`, rounded half to even."""
        amount = (self.amount * factor).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
        return Money(amount, self.currency)
