"""Rules for data, and what they find."""

from quality.report import QualityReport
from quality.rules import RuleSet, RuleType

__all__ = ["QualityReport", "RuleSet", "RuleType"]
