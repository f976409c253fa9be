import unittest

from catalog.models import Product, Sku
from catalog.search import SearchIndex
from kernel.money import Money


class SearchIndexTest(unittest.TestCase):
    def setUp(self) -> None:
        price = Money.of("4.50")
        self.index = SearchIndex(
            [
                Product(Sku("A1"), "Brass anchor", price),
                Product(Sku("A2"), "Small brass bell", price),
            ]
        )

    def test_every_word_must_be_in_the_title(self) -> None:
        self.assertEqual([found.sku for found in self.index.find("BRASS bell")], ["A2"])

    def test_no_words_find_nothing(self) -> None:
        self.assertEqual(self.index.find("  "), [])


if __name__ == "__main__":
    unittest.main()
