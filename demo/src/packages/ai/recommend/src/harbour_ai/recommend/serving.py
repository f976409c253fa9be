"""Answers the shop's questions."""

from __future__ import annotations

from legacy_shop.models import Order
from monorepo.crm.loyalty import LoyaltyTier
from monorepo.recommend.model import Recommender
from monorepo.rules import RuleType

REQUIRED = [RuleType.COMPLETENESS]


def suggest(recommender: Recommender, order: Order, tier: LoyaltyTier) -> list[str]:
    """The products for the page after the checkout; gold sees more of them."""
    scores = recommender.scores({line.sku for line in order.lines})
    limit = 6 if tier is LoyaltyTier.GOLD else 3
    return sorted(scores, key=scores.__getitem__, reverse=True)[:limit]
