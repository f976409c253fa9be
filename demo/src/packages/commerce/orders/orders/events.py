"""What the shop tells the rest of the house."""

from __future__ import annotations

from notify.templates import render

from orders.models import Order, OrderStatus

SUBJECTS: dict[OrderStatus, str] = {
    OrderStatus.PLACED: "placed",
    OrderStatus.PAID: "paid",
    OrderStatus.SENT: "sent",
}


def announce(order: Order) -> str:
    """The text that tells the customer where the order stands."""
    return render(SUBJECTS[order.status], number=order.number)
