"""Composition: the one place that builds the parts and takes them down again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field


@dataclass
class Application:
    """The parts of a running process; ``resources`` closes them, the last first."""

    name: str
    resources: ExitStack = field(default_factory=ExitStack)


@contextmanager
def compose(name: str) -> Iterator[Application]:
    """Build an application, and close whatever it has opened when the block ends."""
    with ExitStack() as resources:
        yield Application(name=name, resources=resources)
