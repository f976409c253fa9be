import unittest
from decimal import Decimal

from kernel import Currency, Money, NotFound


class MoneyTest(unittest.TestCase):
    def test_amounts_of_one_currency_add_up(self) -> None:
        self.assertEqual(Money.of("1.10") + Money.of("2.20"), Money.of("3.30"))

    def test_amounts_of_two_currencies_do_not(self) -> None:
        with self.assertRaises(ValueError):
            Money.of("1") + Money.of("1", Currency.GBP)

    def test_half_a_cent_goes_to_the_even_neighbour(self) -> None:
        self.assertEqual(Money.of("0.05").times(Decimal("0.5")), Money.of("0.02"))


class ErrorsTest(unittest.TestCase):
    def test_not_found_names_the_key(self) -> None:
        self.assertEqual(str(NotFound("order", "17")), "no order with the key '17'")


if __name__ == "__main__":
    unittest.main()
