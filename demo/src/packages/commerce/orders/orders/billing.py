"""Writes invoices."""

from __future__ import annotations

from datetime import date

from monorepo.orders.entities.invoice import Invoice
from monorepo.quality.rules import RuleType

from orders.models import Order, total_of

CHECKED: frozenset[RuleType] = frozenset({RuleType.COMPLETENESS, RuleType.RANGE})


def invoice_for(order: Order, today: date) -> Invoice:
    """The invoice of an order, issued today."""
    return Invoice(f"{today:%Y}-{order.number[:8]}", total_of(order), today)


def is_checked(rule: RuleType) -> bool:
    """Whether invoices are checked by `rule` before they leave."""
    return rule in CHECKED
