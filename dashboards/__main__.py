"""Start the pages: `python -m dashboards`, or `python FOLDER/dashboards` from a checkout or an installed wheel."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    # Run by its path, Python puts this folder itself first; its modules would then hide others of the same name.
    sys.path[:] = [str(here.parent), *(p for p in sys.path if Path(p or ".").resolve() != here)]
    from dashboards.command import main

    sys.exit(main())
