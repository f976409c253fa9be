follow(OLD)

if not TYPE_CHECKING:

    def __getattr__(name):
        # A thread that waited for this import holds this module, not the new one.
        return getattr(importlib.import_module(NEW), name)
