import unittest
from datetime import UTC, datetime

from quality import QualityReport, RuleSet, RuleType
from quality.thresholds import threshold


class RuleSetTest(unittest.TestCase):
    def test_rules_come_sorted_by_column(self) -> None:
        rules = RuleSet("orders").require("sum", RuleType.RANGE).require("id", RuleType.UNIQUENESS)
        self.assertEqual(list(rules), [("id", RuleType.UNIQUENESS), ("sum", RuleType.RANGE)])


class ReportTest(unittest.TestCase):
    def test_a_finding_makes_a_report_unclean(self) -> None:
        report = QualityReport("orders", datetime(2024, 5, 1, tzinfo=UTC))
        self.assertTrue(report.is_clean)
        report.add("sum: range broken by 1 of 3 rows")
        self.assertFalse(report.is_clean)


class ThresholdTest(unittest.TestCase):
    def test_orders_may_not_fail_at_all(self) -> None:
        self.assertEqual(threshold("orders"), 0.0)


if __name__ == "__main__":
    unittest.main()
