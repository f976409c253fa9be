"""Asks people about the products that the model is least sure of."""

from __future__ import annotations

from kernel.clock import utcnow
from monorepo.quality.report import QualityReport
from monorepo.recommend.sampling import SamplingStrategy, pick


def next_question(scores: dict[str, float], round_number: int) -> str:
    """A random product first, then the ones near the border."""
    if round_number == 0:
        return pick(scores, SamplingStrategy.RANDOM)
    return pick(scores, SamplingStrategy.MARGIN)


def report_on(answers: dict[str, bool]) -> QualityReport:
    """What the answers say about the model."""
    report = QualityReport("answers", utcnow(), severity="note")
    for sku, right in sorted(answers.items()):
        if not right:
            report.add(f"{sku}: the model was wrong")
    return report
