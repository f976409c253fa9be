"""When a call to a provider is tried again."""

from __future__ import annotations

from collections.abc import Callable

ATTEMPTS = 3


def retrying(call: Callable[[], str]) -> str:
    """Calls up to three times; only a broken connection is tried again."""
    for _ in range(ATTEMPTS - 1):
        try:
            return call()
        except ConnectionError:
            continue
    return call()
