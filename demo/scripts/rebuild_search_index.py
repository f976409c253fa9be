"""Rebuilds the search index from a product feed; run by hand after an import."""

from __future__ import annotations

import sys
from pathlib import Path

from legacy_shop.catalog.feed import read_feed
from monorepo.catalog.search import SearchIndex


def main(feed: Path) -> int:
    """Prints how many products the index holds."""
    index = SearchIndex(read_feed(feed.read_text(encoding="utf-8")))
    print(f"{len(index)} products indexed")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
