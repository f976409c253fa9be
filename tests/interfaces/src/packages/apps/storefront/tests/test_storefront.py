import unittest
from unittest import mock

from storefront.main import confirm


class ConfirmTest(unittest.TestCase):
    def test_the_customer_gets_the_text(self):
        self.assertEqual(confirm("c-1", "7"), "Harbour: Your order 7 has been placed.")

    def test_the_shop_asks_for_receipts_here(self):
        with mock.patch("storefront.main.Receipts") as receipts:
            confirm("c-1", "7")
        receipts.return_value.send.assert_called_once_with("c-1", "7")
