"""The review page in a real browser, for `tests/page`."""
