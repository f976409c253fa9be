"""Contracts: what one domain may expect of another, without knowing it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from types import TracebackType
from typing import Protocol


class Clock(Protocol):
    """Tells the time; tests bring their own."""

    def now(self) -> datetime:
        """Return the present moment, with its time zone."""
        ...


class KeyValueStore(Protocol):
    """Keeps bytes under names."""

    def get(self, key: str) -> bytes | None:
        """Return what is kept under ``key``, if anything is."""
        ...

    def put(self, key: str, value: bytes) -> None:
        """Keep ``value`` under ``key``, in place of what was there."""
        ...

    def keys(self, prefix: str = "") -> Iterable[str]:
        """Return the keys that begin with ``prefix``, in order."""
        ...


class UnitOfWork(Protocol):
    """Changes that come about together or not at all."""

    def __enter__(self) -> UnitOfWork:
        """Begin the work."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        """Take back what was not committed."""
        ...

    def commit(self) -> None:
        """Keep what was done."""
        ...


class Metrics(Protocol):
    """Counts what happens."""

    def count(self, name: str, value: int = 1) -> None:
        """Add ``value`` to the counter called ``name``."""
        ...
