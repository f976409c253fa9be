"""The command line of the checks: `data-quality FILE...`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Exit status 1 when a file has more failures than it may have."""
    parser = argparse.ArgumentParser(prog="data-quality", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--columns", default="id", help="the columns that must be filled")
    parser.add_argument("--max-failures", type=int, default=0)
    options = parser.parse_args(arguments)

    from monorepo.data_quality.checks import check_file

    failures = 0
    for path in options.files:
        report = check_file(path, options.columns.split(","))
        failures += len(report.findings)
        print("\n".join(f"{path}: {finding}" for finding in report.findings))
    return 1 if failures > options.max_failures else 0


if __name__ == "__main__":
    sys.exit(main())
