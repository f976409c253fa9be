"""Errors that every domain may raise and every boundary may catch."""

from __future__ import annotations


class SharedError(Exception):
    """An error with a stable code for machines and a message for people."""

    code = "error"

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def as_dict(self) -> dict[str, object]:
        """Return what an API or a log line shows of the error."""
        return {
            "code": self.code,
            "message": self.message,
            "details": self.details,
        }


class NotFoundError(SharedError):
    """What was asked for does not exist."""

    code = "not_found"


class ConflictError(SharedError):
    """The change does not fit the present state."""

    code = "conflict"


class InvalidValueError(SharedError):
    """A value breaks a rule that the caller can see."""

    code = "invalid_value"
