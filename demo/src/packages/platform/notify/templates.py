"""The texts of our messages."""

from __future__ import annotations

from string import Template

TEXTS: dict[str, Template] = {
    "placed": Template("Your order $number has been placed."),
    "paid": Template("Thank you, order $number is paid."),
    "sent": Template("Order $number is on its way."),
}


def render(name: str, **values: str) -> str:
    """The text `name` with its values; an unknown name is a KeyError."""
    return TEXTS[name].substitute(values)


def footer() -> str:
    """The line below every message."""
    from monorepo.kernel.clock import utcnow

    return f"Harbour, {utcnow():%Y} – reply to this message at any time"
