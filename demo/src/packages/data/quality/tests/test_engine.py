import unittest

from quality import RuleSet, RuleType
from quality.engine import check

ROWS = [{"id": "1", "sum": "3"}, {"id": "1", "sum": "-2"}, {"id": "2", "sum": ""}]


class CheckTest(unittest.TestCase):
    def test_each_broken_rule_is_one_finding(self) -> None:
        rules = RuleSet("orders").require("id", RuleType.UNIQUENESS).require("sum", RuleType.RANGE)
        self.assertEqual(
            check(ROWS, rules).findings,
            ["id: uniqueness broken by 1 of 3 rows", "sum: range broken by 1 of 3 rows"],
        )


if __name__ == "__main__":
    unittest.main()
