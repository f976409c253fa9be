"""Data that crosses a boundary: plain, frozen, without behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class PageRequest:
    """Which part of a list is asked for."""

    offset: int = 0
    limit: int = 50

    def __post_init__(self) -> None:
        if self.offset < 0 or self.limit < 1:
            raise ValueError("a page begins at 0 and holds at least one item")


@dataclass(frozen=True)
class Problem:
    """What went wrong, as another domain is told (after RFC 9457)."""

    code: str
    title: str
    details: dict[str, str] = field(default_factory=dict)
