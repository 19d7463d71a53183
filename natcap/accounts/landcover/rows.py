"""Rows of a table of areas: those of the level and the zones that natcap.toml asks for, and no land twice."""

from __future__ import annotations

from collections.abc import Mapping

from natcap.accounts.landcover.job import Job
from natcap.accounts.landcover.levels import levels_of
from natcap.core.problems import did_you_mean
from natcap.core.project import FILE

__all__ = ["chosen_rows", "judge_levels"]

_ONLY = 'Set table_zones in [choices] to the zones of the account, such as table_zones = ["{}"]'
_SHOWN = 6


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def chosen_rows(job: Job) -> list[int]:
    """The rows of the table that are read. Rows that are left out are told, and a choice that meets none is refused."""
    rows = job.table.body()
    if "level" in job.table.columns or job.choices.level:
        rows = _of_level(job, rows)
    return _of_zones(job, rows) if job.choices.zones else rows


def _of_level(job: Job, rows: list[int]) -> list[int]:
    table, wanted = job.table, job.choices.level
    if "level" not in table.columns:
        job.table.problems.add(FILE, f"the level {wanted!r}", "a table with a column level",
                               f"{table.shown} has no column level. " + _ONLY.format("E10000018"),
                               cell="choices.table_level")  # fmt: skip
        return rows
    found: dict[str, int] = {}
    for row in rows:
        found[table.text(row, "level")] = found.get(table.text(row, "level"), 0) + 1
    said = ", ".join(f"{level or 'empty'} ({count} rows)" for level, count in found.items())
    keep = [row for row in rows if _plain(table.text(row, "level")) == _plain(wanted)]
    if wanted and not keep:
        job.table.problems.add(FILE, f"the level {wanted!r}", f"a level of {table.shown}: {said}",
                               did_you_mean(wanted, found), cell="choices.table_level")  # fmt: skip
        return rows
    if wanted:
        if len(keep) < len(rows):
            job.told.append(f"{table.shown}: {len(rows) - len(keep)} rows of other levels than {wanted} were not read")
        return keep
    if len(found) > 1 and not job.choices.zones:
        where = table.cell(table.header, table.columns["level"])
        table.tell(where, f"the levels {said}", "zones of one level: land counts once",
                   "Set table_level in [choices] to one of them. " + _ONLY.format("E10000018"))  # fmt: skip
    return rows


def _of_zones(job: Job, rows: list[int]) -> list[int]:
    table = job.table
    fields = [name for name in ("zone", "zone_name") if name in table.columns]
    wanted = {_plain(text): text for text in job.choices.zones}
    met: set[str] = set()
    keep = []
    for row in rows:
        here = {_plain(table.text(row, name)) for name in fields} & wanted.keys()
        met |= here
        if here:
            keep.append(row)
    known = sorted({table.text(row, name) for row in rows for name in fields})
    for text in [text for key, text in wanted.items() if key not in met]:
        remedy = f"{did_you_mean(text, known)} The table has {', '.join(known[:_SHOWN]) or 'no zones'}".strip()
        table.problems.add(FILE, f"the zone {text!r}", f"a zone of {table.shown}, by its code or name", remedy,
                           cell="choices.table_zones")  # fmt: skip
    if len(keep) < len(rows):
        job.told.append(
            f"{table.shown}: {len(rows) - len(keep)} rows of other zones were not read, as table_zones says"
        )
    return keep


def judge_levels(job: Job, zones: Mapping[str, str]) -> None:
    """Refuse zones (id: name) of which some lie in others, with the levels found."""
    levels = levels_of(zones)
    if not levels:
        return
    said = "; ".join(
        f"{len(some)} {level}{'' if len(some) == 1 else ' zones'} ({', '.join(some[:3])}{', ...' if some[3:] else ''})"
        for level, some in levels.items()
    )
    example = next(iter(list(levels.values())[-1])).split(" ")[0]
    table = job.table
    column = table.columns.get("zone", table.columns.get("zone_name", 0))
    table.tell(table.cell(table.header, column), f"the levels {said}", "zones of one level: land counts once",
               _ONLY.format(example))  # fmt: skip
