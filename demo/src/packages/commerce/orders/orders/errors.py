"""What can go wrong between a cart and a parcel."""

from monorepo.kernel.errors import *


class EmptyCart(HarbourError):
    """Somebody tried to order nothing."""


class AlreadySent(Conflict):
    """The order has left the house and cannot be changed."""
