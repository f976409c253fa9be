"""What happens behind the button."""

from __future__ import annotations

from orders.receipts import Receipts


def confirm(customer: str, number: str) -> str:
    """Sends the receipt of an order, and gives its text."""
    return Receipts("Harbour").send(customer, number)
