

# These names moved away; @they_go@.
if TYPE_CHECKING:
@imports@
@names@else:
    _MOVED = {
@table@    }

    def __getattr__(name):
        import importlib
        import warnings

        if name not in _MOVED:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module, moved = _MOVED[name]
        value = getattr(importlib.import_module(module), moved)
        warnings.warn(
            f"`{__name__}.{name}` has moved to `{module}.{moved}`; "
            "the old name @goes@",
            DeprecationWarning,
            stacklevel=2,
        )
        return value
