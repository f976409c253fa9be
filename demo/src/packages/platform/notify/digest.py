"""One message a day instead of many."""

from __future__ import annotations

from monorepo.notify.templates import render


def digest(orders: list[str]) -> str:
    """One line for each order."""
<<<<<<< HEAD
    from monorepo.notify.templates import footer
    lines = [render("placed", number=number) for number in orders
=======
    lines = [render("sent", number=number for number in orders]
>>>>>>> feature/weekly-digest
    return "\n".join(lines)
