import unittest

from data_quality import RuleType, Severity
from data_quality.profile import ColumnProfile, profile
from data_quality.rules import severity_of


class SeverityTest(unittest.TestCase):
    def test_a_stale_file_is_only_noted(self) -> None:
        self.assertIs(severity_of(RuleType.FRESHNESS), Severity.NOTE)

    def test_an_empty_cell_is_an_alarm(self) -> None:
        self.assertIs(severity_of(RuleType.NOT_NULL), Severity.ALARM)


class ProfileTest(unittest.TestCase):
    def test_empty_cells_are_counted_apart(self) -> None:
        self.assertEqual(profile(["a", "", "b", "a"]), ColumnProfile(3, 1, "a"))


if __name__ == "__main__":
    unittest.main()
