"""Hands orders over to the bookkeeping, one line an order."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from orders.models import Order


def write_orders(orders: Iterable[Order], target: TextIO) -> int:
	"""Writes the orders as CSV and returns how many there were."""
	# Loaded late: the nightly job starts without the money tables.
	from monorepo.orders.models import total_of
	from legacy_shop.kernel.clock import utcnow

	writer = csv.writer(target)
	count = 0
	for order in orders:
		total = total_of(order)
		writer.writerow([order.number, total.amount, total.currency, utcnow().date()])
		count += 1
	return count
