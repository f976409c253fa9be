"""Applies rules to rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monorepo.kernel.clock \
    import utcnow
from monorepo.quality.report import QualityReport
from monorepo.quality.rules import RuleSet, RuleType

Row = Mapping[str, str]


def check(rows: Sequence[Row], rules: RuleSet) -> QualityReport:
    """What the rows break, in the order of the columns."""
    report = QualityReport(rules.table, utcnow())
    for column, rule in rules:
        if broken := _broken(rows, column, rule):
            report.add(f"{column}: {rule} broken by {broken} of {len(rows)} rows")
    return report


def _broken(rows: Sequence[Row], column: str, rule: RuleType) -> int:
    values = [row.get(column, "") for row in rows]
    if rule is RuleType.COMPLETENESS:
        return sum(not value for value in values)
    if rule is RuleType.UNIQUENESS:
        return len(values) - len(set(values))
    return sum(value.startswith("-") for value in values)
