"""Payment by invoice."""

from __future__ import annotations

from monorepo.models import (
    Order,  # what is paid for
    OrderLine as Line,
    Product,  # noqa: F401 - the admin pages import it from here
    total_of,
)
from monorepo.orders import (Address, OrderStatus)

from .fees import fee_for


def reminder(order: Order, address: Address) -> list[str]:
    """The lines of a reminder; a paid order needs none."""
    if order.status is not OrderStatus.PLACED:
        return []
    owed = total_of(order) + fee_for("invoice").of(total_of(order))
    return [*address.lines(), f"Please pay {owed.amount} {owed.currency}."]


def heaviest(lines: list[Line]) -> Line:
    """The line that costs most."""
    return max(lines, key=lambda line: line.total)
