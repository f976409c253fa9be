"""Turns events of the shop into messages."""

from __future__ import annotations

from interfaces.events import OrderPlaced

from .mailer import Mailer


def on_order_placed(event: OrderPlaced, mailer: Mailer) -> None:
    """Thanks the customer for an order."""
    mailer.send(event.customer, "placed", number=event.number)
