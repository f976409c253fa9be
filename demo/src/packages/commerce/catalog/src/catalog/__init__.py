"""Products and their prices."""

from .models import Product, Sku
from .models import Product as CatalogItem
from .pricing import *

__all__ = ["CatalogItem", "Discount", "PriceList", "Product", "Sku"]
