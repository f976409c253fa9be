"""Everything that makes an order cheaper."""

from __future__ import annotations

from monorepo.crm.loyalty import LoyaltyError, LoyaltyTier
from monorepo.kernel.money import Money
from monorepo.pricing import Discount
from monorepo.shop.basket import GiftCard


def tier_of(points: int) -> LoyaltyTier:
    """The tier that a customer has reached."""
    if points < 0:
        raise LoyaltyError(f"{points} points")
    return LoyaltyTier.GOLD if points >= 1_000 else LoyaltyTier.BASIC


def best_price(price: Money, discounts: list[Discount]) -> Money:
    """The lowest price that one of the discounts gives; they do not add up."""
    return min((discount.apply(price) for discount in discounts), default=price)


def pay_with_card(cents: int, card: GiftCard) -> int:
    """What is left to pay after `card` was redeemed."""
    return cents - card.redeem(cents)
