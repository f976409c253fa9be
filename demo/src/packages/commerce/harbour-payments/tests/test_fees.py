import unittest

from harbour_pay import Declined, Gateway, fee_for
from kernel import Money


class FeeTest(unittest.TestCase):
    def test_a_card_costs_a_fixed_part_and_a_share(self) -> None:
        self.assertEqual(fee_for("card").of(Money.of("100.00")), Money.of("1.65"))

    def test_an_unknown_method_costs_as_much_as_an_invoice(self) -> None:
        self.assertEqual(fee_for("cheque"), fee_for("invoice"))


class GatewayTest(unittest.TestCase):
    def test_a_charge_returns_the_number_of_the_payment(self) -> None:
        gateway = Gateway(lambda card, total: f"{card}-{total.amount}")
        self.assertEqual(gateway.charge("4111", Money.of("2.00")), "4111-2.00")

    def test_nothing_is_not_charged(self) -> None:
        with self.assertRaises(Declined):
            Gateway(lambda card, total: "").charge("4111", Money.of("0.00"))


if __name__ == "__main__":
    unittest.main()
