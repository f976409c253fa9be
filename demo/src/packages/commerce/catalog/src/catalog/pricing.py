"""Prices for groups of customers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kernel.money import Money

from .models import Product, Sku

__all__ = ["Discount", "PriceList"]


@dataclass(frozen=True)
class Discount:
    """A share of the list price, `0` to `1`, that a customer does not pay."""

    share: Decimal

    def apply(self, price: Money) -> Money:
        """What is left of `price`."""
        return price.times(Decimal(1) - self.share)


@dataclass
class PriceList:
    """List prices with the discounts of single products."""

    discounts: dict[Sku, Discount]

    def price_of(self, product: Product) -> Money:
        """The price that is asked for `product`."""
        discount = self.discounts.get(product.sku)
        return discount.apply(product.price) if discount else product.price
