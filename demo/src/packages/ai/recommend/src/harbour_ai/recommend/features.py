"""What a model sees of a product."""

from __future__ import annotations

from catalog.models import Product

KNOWN_TAGS = ("deck", "cabin", "galley", "safety")


def feature_vector(product: Product) -> list[float]:
    """One number for each known tag, then the price in tens."""
    tags = [1.0 if product.is_tagged(tag) else 0.0 for tag in KNOWN_TAGS]
    return [*tags, float(product.price.amount) / 10]
