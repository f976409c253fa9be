"""What a customer owes."""

from dataclasses import dataclass
from datetime import date, timedelta

from kernel.money import Money


@dataclass(frozen=True)
class Invoice:
    """A sum and the day by which it is due."""

    number: str
    total: Money
    issued: date

    @property
    def due(self) -> date:
        """Thirty days after the invoice was issued."""
        return self.issued + timedelta(days=30)
