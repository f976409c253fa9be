import unittest
from datetime import UTC, datetime
from types import SimpleNamespace

from harbour_pay.invoicing import reminder
from harbour_pay.settlement import is_stale, settle
from kernel import CustomerId, Money, OrderId
from orders import Address, Order, OrderLine

ORDER = Order(OrderId("42"), CustomerId("c7"), [OrderLine("R1", 10, Money.of("10.00"))])


class SettlementTest(unittest.TestCase):
    def test_the_fee_is_taken_off(self) -> None:
        self.assertEqual(settle([ORDER], "card"), {"42": "98.35"})

    def test_an_old_cart_is_stale(self) -> None:
        self.assertTrue(is_stale(SimpleNamespace(opened=datetime(2001, 1, 1, tzinfo=UTC))))


class ReminderTest(unittest.TestCase):
    def test_a_placed_order_is_reminded_with_the_fee(self) -> None:
        lines = reminder(ORDER, Address("Ada", "Quay 1", "411 04 Gothenburg"))
        self.assertEqual(lines[-1], "Please pay 103.29 EUR.")


if __name__ == "__main__":
    unittest.main()
