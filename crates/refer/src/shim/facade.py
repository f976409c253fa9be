"""@about@"""

import importlib
import warnings
from typing import TYPE_CHECKING, Any

# flake8: noqa
if TYPE_CHECKING:
    from @new@ import *

NEW = "@new@"
MESSAGE = f"`{__name__}` has moved to `{NEW}`; the old name @goes@"
