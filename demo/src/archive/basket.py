"""The basket of the first shop, kept for reference. Nothing may import it."""

from dataclasses import dataclass


@dataclass
class GiftCard:
    """A voucher with a remaining balance in cents."""

    code: str
    balance: int

    def redeem(self, cents: int) -> int:
        """Takes up to `cents` from the card and returns what was taken."""
        taken = min(cents, self.balance)
        self.balance -= taken
        return taken


@dataclass
class Cart:
    """What `orders.cart.Cart` replaced."""

    items: list[str]
