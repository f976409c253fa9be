"""Runs the tests of every package, or of the packages named on the command line.

A test that needs a module nobody ships any more is counted as waiting, not as
failed: it tells how far the move away from the old packages has come.
"""

from __future__ import annotations

import sys
import unittest
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "src" / "packages"


class WaitingResult(unittest.TextTestResult):
    """A result that sets tests with a missing module aside."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.waiting: list[unittest.TestCase] = []

    def addError(self, test, err):  # noqa: N802 - the name is unittest's
        if isinstance(err[1], ModuleNotFoundError) or "ModuleNotFoundError: " in str(err[1]):
            self.waiting.append(test)
        else:
            super().addError(test, err)


def package_folders() -> list[Path]:
    """Every package folder, in a fixed order."""
    return sorted(path for path in PACKAGES.glob("*/*") if path.is_dir())


def import_roots() -> Iterator[Path]:
    """The folders that must be on the path for every package to be found."""
    for package in package_folders():
        if (package / "src").is_dir():
            yield package / "src"
        elif (package / "__init__.py").is_file():
            yield package.parent
        else:
            yield package


def suite_of(package: Path) -> unittest.TestSuite:
    """The tests of one package, loaded by file so that equal names do not clash."""
    suite = unittest.TestSuite()
    for path in sorted((package / "tests").glob("test_*.py")):
        loader = unittest.TestLoader()
        sys.path.insert(0, str(path.parent))
        try:
            suite.addTests(loader.discover(str(path.parent), pattern=path.name))
        finally:
            sys.path.remove(str(path.parent))
            sys.modules.pop(path.stem, None)
    return suite


def main(arguments: list[str]) -> int:
    """Exit status 0 when nothing failed, 1 otherwise."""
    sys.dont_write_bytecode = True
    sys.path[:0] = [str(root) for root in dict.fromkeys(import_roots())]
    chosen = [Path(name).resolve() for name in arguments] or package_folders()
    suite = unittest.TestSuite(suite_of(package) for package in chosen)
    result = unittest.TextTestRunner(resultclass=WaitingResult, verbosity=1).run(suite)
    failed = len(result.failures) + len(result.errors)
    waiting = len(result.waiting)
    print(f"{result.testsRun - failed - waiting} passed, {failed} failed, {waiting} waiting")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
