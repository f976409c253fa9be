import unittest
from datetime import UTC, datetime
from unittest import mock

from catalog import Product, Sku
from kernel import Money
from monorepo.orders.cart import Cart

ROPE = Product(Sku("R1"), "Rope, 10 m", Money.of("12.00"))
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


class CartTest(unittest.TestCase):
    def test_the_same_product_is_one_line(self) -> None:
        cart = Cart()
        cart.add(ROPE)
        cart.add(ROPE, 2)
        self.assertEqual([line.count for line in cart.lines()], [3])
        self.assertEqual(cart.total(), Money.of("36.00"))

    def test_a_cart_knows_when_it_was_opened(self) -> None:
        with mock.patch("monorepo.orders.cart.utcnow", return_value=NOON):
            self.assertEqual(Cart().opened, NOON)


if __name__ == "__main__":
    unittest.main()
