"""Pays out what the providers collected."""

from __future__ import annotations

import monorepo.kernel.clock
import monorepo.orders.cart as basket
import monorepo.orders.models

from .fees import fee_for


def settle(orders: list[monorepo.orders.models.Order], method: str) -> dict[str, str]:
    """The sum that each order brings after the fee, by number."""
    fee = fee_for(method)
    result: dict[str, str] = {}
    for order in orders:
        total = monorepo.orders.models.total_of(order)
        result[order.number] = f"{total.amount - fee.of(total).amount}"
    return result


def is_stale(cart: basket.Cart) -> bool:
    """Whether a cart was opened more than a day ago."""
    return (monorepo.kernel.clock.utcnow() - cart.opened).days >= 1
