"""Which products people are asked about."""

from __future__ import annotations

import random
from enum import Enum


class SamplingStrategy(Enum):
    """How the next question is chosen."""

    RANDOM = "random"
    UNCERTAIN = "uncertain"


def pick(scores: dict[str, float], strategy: SamplingStrategy, seed: int = 0) -> str:
    """The product to ask about next; `scores` must not be empty."""
    if strategy is SamplingStrategy.UNCERTAIN:
        return min(sorted(scores), key=lambda sku: abs(scores[sku] - 0.5))
    return random.Random(seed).choice(sorted(scores))
