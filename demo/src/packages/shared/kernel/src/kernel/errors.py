"""The exceptions that cross package borders."""

__all__ = ["Conflict", "HarbourError", "NotFound"]


class HarbourError(Exception):
    """The base of every error that Harbour raises on purpose."""


class NotFound(HarbourError):
    """Something was asked for by a key that nobody knows."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"no {kind} with the key {key!r}")
        self.kind = kind
        self.key = key


class Conflict(HarbourError):
    """Somebody else changed the same thing first."""
