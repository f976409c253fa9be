"""Types that mean the same in every domain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

CorrelationId = NewType("CorrelationId", str)
"""Names one request on its way through every package."""


@dataclass(frozen=True)
class TimeRange:
    """A stretch of time, from ``start`` up to but without ``end``."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("a time range must not end before it begins")

    @property
    def length(self) -> timedelta:
        """Return how long it is."""
        return self.end - self.start

    def holds(self, moment: datetime) -> bool:
        """Return whether ``moment`` lies in it."""
        return self.start <= moment < self.end
