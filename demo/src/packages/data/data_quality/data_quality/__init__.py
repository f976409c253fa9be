"""The first generation of data checks."""

from data_quality.rules import RuleType, Severity

__all__ = ["RuleType", "Severity"]
