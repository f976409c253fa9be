"""Measures a model against what was really bought."""

from __future__ import annotations

from packages.data.quality.rules import RuleType

from .metrics import recall_at
from .model import Recommender

CHECKS = [RuleType.COMPLETENESS, RuleType.UNIQUENESS]


def evaluate(recommender: Recommender, baskets: list[tuple[str, set[str]]]) -> float:
    """The mean recall of the first five suggestions."""
    recalls = [recall_at(5, recommender.scores(tags), sku) for sku, tags in baskets]
    return sum(recalls) / len(recalls)
