"""Sends messages to customers."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import EmailMessage

from kernel.identifiers import CustomerId
from legacy_shop.notify.templates import footer, render

SENDER = "team@monorepo.example"


@dataclass
class Mailer:
    """Keeps what it sends until somebody collects it."""

    outbox: list[EmailMessage] = field(default_factory=list)

    def send(self, customer: CustomerId, template: str, **values: str) -> None:
        """Writes one message from a template."""
        message = EmailMessage()
        message["From"] = SENDER
        message["To"] = f"{customer}@customers.harbour.example"
        message.set_content(f"{render(template, **values)}\n\n{footer()}")
        self.outbox.append(message)
