"""Carts, checkout and orders."""

from orders.address import Address
from orders.models import Order, OrderLine, OrderStatus

__all__ = ["Address", "Order", "OrderLine", "OrderStatus"]
