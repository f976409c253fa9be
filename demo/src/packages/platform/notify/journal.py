"""Writes down who did what. The log keeps the name under which it is collected."""

from __future__ import annotations

import logging

from monorepo.kernel.identifiers import CustomerId
from monorepo.notify.templates import render

LOGGER = logging.getLogger("monorepo.audit")
SENDER = "monorepo.notify.mailer:Mailer"


def record(customer: CustomerId, template: str, **values: str) -> None:
    """Logs a message that was sent to a customer."""
    LOGGER.info("%s: %s", customer, render(template, **values))
