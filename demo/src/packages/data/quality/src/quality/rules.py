"""What a column of data must hold to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class RuleType(StrEnum):
    """The kinds of rules."""

    COMPLETENESS = "completeness"
    UNIQUENESS = "uniqueness"
    RANGE = "range"


@dataclass
class RuleSet:
    """The rules of one table, by column."""

    table: str
    rules: dict[str, set[RuleType]] = field(default_factory=dict)

    def require(self, column: str, rule: RuleType) -> RuleSet:
        """Adds a rule for a column."""
        self.rules.setdefault(column, set()).add(rule)
        return self

    def __iter__(self) -> Iterator[tuple[str, RuleType]]:
        for column, rules in sorted(self.rules.items()):
            for rule in sorted(rules):
                yield column, rule
