"""@about@"""

from __future__ import annotations

import sys
@first@
import importlib.abc
import importlib.machinery
import importlib.util
import warnings
from typing import TYPE_CHECKING, Any

# flake8: noqa
if TYPE_CHECKING:
    from @new@ import *

OLD, NEW = __name__, "@new@"
MESSAGE = f"`{OLD}` has moved to `{NEW}`; the old name @goes@"


class Moved(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Makes each module below the new name the module below the old one."""

    old = OLD

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if not fullname.startswith(f"{OLD}.")@except_new@:
            return None
        spec = importlib.util.find_spec(renamed(fullname))
        if spec is None:
            return None
        is_package = spec.submodule_search_locations is not None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=is_package)

    def exec_module(self, module: Any) -> None:
        name = module.__name__
        follow(name)
        # A thread that waited for this import holds this module, not the new one.
        vars(module).update(vars(sys.modules[name]))

    def get_code(self, fullname: str) -> Any:
        """Return what `python -m` runs."""
        spec: Any = importlib.util.find_spec(renamed(fullname))
        return spec.loader.get_code(spec.name)


def renamed(old: str) -> str:
    return NEW + old[len(OLD) :]


def follow(old: str) -> None:
    """Let `old` be the module that is now called otherwise."""
    warnings.warn(MESSAGE, DeprecationWarning, stacklevel=3)
    # Whoever asks again while the module loads gets that, not an empty one.
    sys.modules.pop(old, None)
    sys.modules[old] = importlib.import_module(renamed(old))
    # A package may use the name of a module below it for something else, as in
    # `from .index import index`; to import that module again would undo this.
    for name, module in list(sys.modules.items()):
        parent, _, child = name.rpartition(".")
        inside = name.startswith(f"{NEW}.") and parent in sys.modules
        if inside and getattr(sys.modules[parent], child, module) is not module:
            sys.modules.setdefault(OLD + name[len(NEW) :], module)


if not any(getattr(finder, "old", None) == OLD for finder in sys.meta_path):
    sys.meta_path.insert(0, Moved())
