import unittest

from notify.templates import TEXTS, footer, render


class TemplatesTest(unittest.TestCase):
    def test_every_text_names_the_order(self) -> None:
        for name in TEXTS:
            self.assertIn("42", render(name, number="42"))

    def test_an_unknown_text_is_an_error(self) -> None:
        with self.assertRaises(KeyError):
            render("refunded", number="42")

    def test_the_footer_is_signed(self) -> None:
        self.assertTrue(footer().startswith("Harbour, "))


if __name__ == "__main__":
    unittest.main()
