"""Orders and their states."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from kernel.identifiers import CustomerId, OrderId
from kernel.money import Money


class OrderStatus(Enum):
    """Where an order stands."""

    PLACED = "placed"
    PAID = "paid"
    SENT = "sent"


@dataclass(frozen=True)
class OrderLine:
    """One product in one order."""

    sku: str
    count: int
    price: Money

    @property
    def total(self) -> Money:
        """The price of all pieces."""
        return self.price.times(self.count)


@dataclass
class Order:
    """What one customer bought at one time."""

    number: OrderId
    customer: CustomerId
    lines: list[OrderLine] = field(default_factory=list)
    status: OrderStatus = OrderStatus.PLACED


def total_of(order: Order) -> Money:
    """The sum of all lines; an order without lines costs nothing."""
    total = Money.of("0.00")
    for line in order.lines:
        total = total + line.total
    return total
