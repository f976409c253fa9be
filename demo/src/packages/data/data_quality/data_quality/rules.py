"""What a file of data must hold to."""

from enum import Enum


class RuleType(Enum):
    """The kinds of rules, by the numbers that the nightly job writes."""

    NOT_NULL = 1
    FORMAT = 2
    FRESHNESS = 3


class Severity(Enum):
    """How bad a broken rule is."""

    NOTE = "note"
    ALARM = "alarm"


def severity_of(rule: RuleType) -> Severity:
    """Stale files are noted; everything else is an alarm."""
    return Severity.NOTE if rule is RuleType.FRESHNESS else Severity.ALARM
