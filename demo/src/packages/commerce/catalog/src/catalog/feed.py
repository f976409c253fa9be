# -*- coding: latin-1 -*-
"""Reads the product feed of the wholesaler, Café & Söhne."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from kernel.money import Money
from legacy_shop.catalog.models import Product, Sku

SUPPLIER = "Café & Söhne"


def read_feed(text: str) -> Iterator[Product]:
    """The products of a feed with the columns `sku`, `title` and `price`."""
    for row in csv.DictReader(io.StringIO(text), delimiter=";"):
        title = row["title"].removeprefix("§")
        yield Product(Sku(row["sku"]), title, Money.of(row["price"]), frozenset({"wholesale"}))
