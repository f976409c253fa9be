import unittest
from decimal import Decimal

from catalog import CatalogItem, Discount, PriceList, Product, Sku
from catalog.suggestions import also_bought
from kernel import Money

ROPE = Product(Sku("R1"), "Rope, 10 m", Money.of("12.00"), frozenset({"deck"}))


class PriceListTest(unittest.TestCase):
    def test_a_discount_is_taken_off(self) -> None:
        prices = PriceList({ROPE.sku: Discount(Decimal("0.25"))})
        self.assertEqual(prices.price_of(ROPE), Money.of("9.00"))

    def test_without_a_discount_the_list_price_holds(self) -> None:
        self.assertEqual(PriceList({}).price_of(ROPE), ROPE.price)


class ProductTest(unittest.TestCase):
    def test_the_old_name_is_the_same_class(self) -> None:
        self.assertIs(CatalogItem, Product)

    def test_tags_ignore_case(self) -> None:
        self.assertTrue(ROPE.is_tagged("Deck"))


class SuggestionsTest(unittest.TestCase):
    def test_the_product_itself_is_not_suggested(self) -> None:
        class Fixed:
            def scores(self, tags: frozenset[str]) -> dict[str, float]:
                return {"R1": 1.0, "A2": 0.4, "B3": 0.4, "C4": 0.9}

        self.assertEqual(also_bought(ROPE, Fixed(), limit=2), ["C4", "A2"])


if __name__ == "__main__":
    unittest.main()
