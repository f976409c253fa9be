import unittest

from kernel import CustomerId, Money, OrderId
from orders import Address, Order, OrderLine, OrderStatus
from orders.events import announce
from orders.models import total_of


class OrderTest(unittest.TestCase):
    def setUp(self) -> None:
        lines = [OrderLine("R1", 2, Money.of("12.00")), OrderLine("A1", 1, Money.of("4.50"))]
        self.order = Order(OrderId("42"), CustomerId("c7"), lines)

    def test_the_total_counts_every_piece(self) -> None:
        self.assertEqual(total_of(self.order), Money.of("28.50"))

    def test_a_new_order_is_placed(self) -> None:
        self.assertIs(self.order.status, OrderStatus.PLACED)

    def test_an_order_is_announced_by_its_number(self) -> None:
        self.assertEqual(announce(self.order), "Your order 42 has been placed.")


class AddressTest(unittest.TestCase):
    def test_the_country_stands_before_the_city(self) -> None:
        address = Address("Ada", "Quay 1", "411 04 Gothenburg")
        self.assertEqual(address.lines()[-1], "SE-411 04 Gothenburg")


if __name__ == "__main__":
    unittest.main()
