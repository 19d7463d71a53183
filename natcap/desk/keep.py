"""Earlier runs are kept: a new run beside an old one never takes its place."""

from __future__ import annotations

from pathlib import Path

from natcap.core.project import hash_file

__all__ = ["free", "keep", "unchanged"]

_EARLIER = "earlier"


def keep(file: Path) -> Path | None:
    """Copy a result that is about to be written anew to `earlier/`, named by its hash; None where there is none.

    The same result is kept once, however often it is built.
    """
    if not file.is_file():
        return None
    kept = file.parent / _EARLIER / f"{file.stem}-{hash_file(file)[:8]}{file.suffix}"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(file.read_bytes())
    return kept


def unchanged(file: Path, kept: Path) -> bool:
    """Whether the new run is the kept one; the copy is then dropped."""
    if hash_file(file) != hash_file(kept):
        return False
    kept.unlink()
    if not any(kept.parent.iterdir()):
        kept.parent.rmdir()
    return True


def free(folder: Path, stem: str) -> Path:
    """`folder`, or the first of `folder-2`, `folder-3` that holds no file of that stem yet."""
    number, found = 1, folder
    while any(found.glob(f"{stem}.*")):
        number += 1
        found = folder.with_name(f"{folder.name}-{number}")
    return found
