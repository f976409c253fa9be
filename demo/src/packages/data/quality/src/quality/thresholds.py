"""How many failures a table may have before somebody is woken up."""

DEFAULT = 0.01
PER_TABLE: dict[str, float] = {"orders": 0.0, "feeds": 0.05}


def threshold(table: str) -> float:
    """The share of rows that may fail."""
    return PER_TABLE.get(table, DEFAULT)
