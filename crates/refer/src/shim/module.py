"""@about@"""

import importlib
import runpy
import sys
import warnings
from typing import TYPE_CHECKING

# flake8: noqa
if TYPE_CHECKING:
    from @new@ import *

NEW = "@new@"
OLD = getattr(__spec__, "name", __file__)

warnings.warn(
    f"`{OLD}` has moved to `{NEW}`; the old name @goes@",
    DeprecationWarning,
    stacklevel=2,
)
if __name__ == "__main__":
    runpy.run_module(NEW, run_name="__main__", alter_sys=True)
else:
    # Whoever asks again while the module loads gets that, not this file.
    sys.modules.pop(__name__, None)
    module = importlib.import_module(NEW)
    sys.modules[__name__] = module
    # A thread that waited for this import holds this module, not the new one.
    globals().update(vars(module))
