"""Configuration: read from the environment once, then handed on as a value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off", ""})


class ConfigError(ValueError):
    """A variable of the environment holds something that it must not."""


@dataclass(frozen=True)
class Config:
    """What the process was told when it started."""

    environment: str = "development"
    log_level: str = "INFO"
    debug: bool = False

    @classmethod
    def from_environment(
        cls,
        variables: Mapping[str, str] | None = None,
        prefix: str = "APP_",
    ) -> Config:
        """Read the variables that begin with ``prefix``; the rest have defaults."""
        source = os.environ if variables is None else variables
        return cls(
            environment=source.get(f"{prefix}ENVIRONMENT", cls.environment),
            log_level=source.get(f"{prefix}LOG_LEVEL", cls.log_level).upper(),
            debug=_flag(f"{prefix}DEBUG", source.get(f"{prefix}DEBUG", "")),
        )


def _flag(name: str, text: str) -> bool:
    word = text.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ConfigError(f"{name} must be true or false, not {text!r}")
