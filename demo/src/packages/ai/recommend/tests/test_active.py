import unittest

from harbour_ai.recommend.active import next_question
from harbour_ai.recommend.compat import TAGS


class ActiveTest(unittest.TestCase):
    def test_the_first_question_is_one_of_the_products(self) -> None:
        self.assertIn(next_question({"A": 0.2, "B": 0.9}, 0), {"A", "B"})


class CompatTest(unittest.TestCase):
    def test_the_notebooks_see_the_tags(self) -> None:
        self.assertIn("deck", TAGS)


if __name__ == "__main__":
    unittest.main()
