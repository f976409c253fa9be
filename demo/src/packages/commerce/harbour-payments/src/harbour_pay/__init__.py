"""Payments: fees, gateways, settlement."""

from .fees import Fee, fee_for
from .gateway import Declined, Gateway

__all__ = ["Declined", "Fee", "Gateway", "fee_for"]
