"""What every package may rely on: money, identifiers and errors."""

from .errors import *
from .identifiers import CustomerId, OrderId, new_id
from .money import Currency, Money

__all__ = [
    "Conflict",
    "Currency",
    "CustomerId",
    "HarbourError",
    "Money",
    "NotFound",
    "OrderId",
    "new_id",
]
