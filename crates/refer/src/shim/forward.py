

def __getattr__(name: str) -> Any:
    """Give what the module defines that stood here."""
    value = getattr(importlib.import_module(NEW), name)
    warnings.warn(MESSAGE, DeprecationWarning, stacklevel=2)
    return value
