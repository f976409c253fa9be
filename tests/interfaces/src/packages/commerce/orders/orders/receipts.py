"""Receipts for what was ordered."""

from __future__ import annotations

from notify.mailer import Mailer
from notify.templates import render


class Receipts:
    """Sends receipts."""

    def __init__(self, shop: str) -> None:
        self._shop = shop
        self._mailer = Mailer()

    def send(self, customer: str, number: str) -> str:
        """Sends the receipt of an order, and gives its text."""
        self._mailer.send(customer, "placed", number=number)
        return f"{self._shop}: {render('placed', number=number)}"


def sent(mailer: Mailer) -> int:
    """How many messages wait for somebody to collect them."""
    return len(mailer.outbox)
