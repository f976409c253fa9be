"""What else a customer may like."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monorepo.catalog.models import Product
    from monorepo.recommend.model import Recommender


def also_bought(product: Product, recommender: Recommender, limit: int = 3) -> list[str]:
    """Up to `limit` product numbers that fit `product`, best first."""
    scores = recommender.scores(product.tags)
    scores.pop(product.sku, None)
    return sorted(scores, key=lambda sku: (-scores[sku], sku))[:limit]
