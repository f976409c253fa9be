"""Identifiers that are not mistaken for each other."""

from typing import NewType
from uuid import uuid4

CustomerId = NewType("CustomerId", str)
OrderId = NewType("OrderId", str)


def new_id() -> str:
    """A fresh identifier: 32 hexadecimal digits."""
    return uuid4().hex
