"""Checks of whole files."""

from __future__ import annotations

import csv
from pathlib import Path

from monorepo.data_quality.rules import RuleType, Severity, severity_of
from monorepo.quality.report import QualityReport

from kernel.clock import utcnow


def check_file(path: Path, columns: list[str]) -> QualityReport:
    """Looks for missing columns and empty cells."""
    report = QualityReport(path.stem, utcnow())
    with path.open(newline="", encoding="utf-8") as source:
        reader = csv.DictReader(source)
        for column in columns:
            if column not in (reader.fieldnames or []):
                report.add(f"{column}: {RuleType.FORMAT.name}")
        for number, row in enumerate(reader, start=2):
            if any(not row.get(column) for column in columns):
                report.add(f"line {number}: {RuleType.NOT_NULL.name}")
    return report


def alarms(rules: list[RuleType]) -> int:
    """How many of the rules raise an alarm when broken."""
    return sum(severity_of(rule) is Severity.ALARM for rule in rules)
