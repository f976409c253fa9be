"""The time, and a way to set it in tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Anything that can tell the time."""

    def now(self) -> datetime: ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        return utcnow()


def utcnow() -> datetime:
    """The present instant, with its time zone."""
    return datetime.now(UTC)
