"""Find the data that travels with the program: published factors, example data, dashboards."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["root"]

_HERE = Path(__file__).resolve().parent.parent


def root(name: str) -> Path:
    """Return the folder `name` ("factors", "data" or "dashboards").

    An environment variable `NATCAP_FACTORS` (or `NATCAP_DATA`, ...) wins, then the copy inside an installed
    wheel, then the checkout. Raises FileNotFoundError when none of them exists.
    """
    override = os.environ.get(f"NATCAP_{name.upper()}")
    candidates = [Path(override)] if override else [_HERE / "_bundled" / name, _HERE.parent / name]
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the folder {name!r} is missing; looked in {', '.join(str(c) for c in candidates)}")
