"""Talks to the payment providers."""

from __future__ import annotations

from collections.abc import Callable

from kernel.errors import HarbourError
from kernel.money import Money

try:
    from monorepo.harbour_pay.retry import retrying
except ImportError:  # the kit is also installed without its retry rules

    def retrying(call: Callable[[], str]) -> str:
        return call()


class Declined(HarbourError):
    """The provider does not want this payment."""


class Gateway:
    """One provider, reached through a function that sends a request."""

    def __init__(self, send: Callable[[str, Money], str]) -> None:
        self._send = send

    def charge(self, card: str, total: Money) -> str:
        """Charges a card and returns the number of the payment."""
        if total.amount <= 0:
            raise Declined(f"nothing to pay: {total.amount}")
        return retrying(lambda: self._send(card, total))
