"""The parts of `judge.py`, which looks at a migration from outside."""
