"""From a cart to an order."""

from __future__ import annotations

from kernel.errors import NotFound
from kernel.identifiers import CustomerId, OrderId, new_id
from monorepo.kernel.errors import NotFound
from monorepo.notify.mailer import Mailer
from monorepo.orders.cart import Cart
from monorepo.orders.entities.address import Address

from orders.errors import EmptyCart
from orders.models import Order


class Checkout:
    """Turns carts into orders and tells the customer."""

    def __init__(self, addresses: dict[CustomerId, Address]) -> None:
        self._addresses = addresses
        self._mailer = Mailer()

    def place(self, cart: Cart, customer: CustomerId) -> Order:
        """Places the order; an empty cart and an unknown customer are refused."""
        if not cart.lines():
            raise EmptyCart()
        if customer not in self._addresses:
            raise NotFound("customer", customer)
        order = Order(OrderId(new_id()), customer, cart.lines())
        self._mailer.send(customer, "placed", number=order.number)
        return order
