"""Changes left out: what the maps show, what counts, and what was put back as a small patch or as rotation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from natcap.accounts.change import Sifted, differs
from natcap.accounts.counts import Counts
from natcap.accounts.margins import Margins
from natcap.accounts.show.words import HA, Show, amount, number, text
from natcap.core.problems import Problem
from natcap.core.report import Check, Column, Figure, InputRef, Section, Trace

__all__ = [
    "change_banners",
    "change_checks",
    "change_controls",
    "change_fallbacks",
    "change_figures",
    "change_sections",
    "change_warnings",
]

_PARTS = {
    "raw": "On the maps",
    "patch": "Left out as small patches",
    "rotation": "Left out as rotation",
    "kept": "Kept",
}
_FIGURES = {
    "raw": ("changed_on_maps", "Area whose class differs between the maps"),
    "patch": ("left_out_patch", "Change left out, small patches"),
    "rotation": ("left_out_rotation", "Change left out, rotation"),
}


def _raw(show: Show) -> Counts:
    """The cells of the maps as they are; TypeError where land cover does not come in maps."""
    if isinstance(show.results.raw, Margins):
        raise TypeError("no change matrix is known")
    return show.results.raw


def _raw_change(show: Show) -> np.ndarray:
    """Cells of the maps that changed class, shape as the counts; none on the diagonal and none without data."""
    raw = _raw(show).array
    cells: np.ndarray = raw * ~np.eye(raw.shape[1], dtype=bool)
    cells[:, 0, :] = cells[:, :, 0] = 0
    return cells


def _parts(show: Show, sifted: Sifted) -> dict[str, np.ndarray]:
    return {"raw": _raw_change(show), "patch": sifted.patch, "rotation": sifted.rotation, "kept": sifted.kept}


def _rules(show: Show) -> tuple[str, ...]:
    """The rules as they were applied, in words."""
    change, sifted, said = show.results.inputs.change, show.results.sifted, []
    if change.rotation_years and sifted is not None:
        names = " and ".join(c.name for c in show.results.inputs.classes.pick(change.rotational))
        said.append(
            f"Rotation: a change between {names} counts once the maps show that it has lasted {change.rotation_years} "
            f"years up to the closing. It is left out where the maps show that it has not (maps of "
            f"{', '.join(map(str, change.years))})."
        )
        said.append(
            "Where the maps lie too far apart to say, the rule is not applied and the change is kept: "
            f"{amount(show.counts.ha(int(sifted.undecided.sum())))}. Which classes rotate is judged "
            "(factors/landcover/rotation.csv) or given in natcap.toml."
        )
    if change.patch_ha:
        least = change.least_cells(show.counts.cell_area)
        said.append(
            f"Small patches: connected cells of one transition below {change.patch_ha:g} ha (fewer than {least} cells) "
            "are left out; cells that meet at an edge or a corner are connected, also across the borders of zones. "
            "Rotation is taken out first."
        )
    return tuple(said)


def change_sections(show: Show) -> tuple[Section, ...]:
    """What was left out, all zones together and by zone; nothing where no rule leaves anything out."""
    sifted = show.results.sifted
    if sifted is None or not show.results.inputs.change.leaves_out:
        return ()
    return _by_transition(show, sifted), _by_zone(show, sifted)


def _columns(show: Show) -> tuple[Column, ...]:
    size = show.counts.cell_area
    cells = [
        Column(name, f"{label}, cells", "", "integer", formula="[raw]-[patch]-[rotation]" if name == "kept" else None)
        for name, label in _PARTS.items()
    ]
    area = [number(f"{name}_ha", label, HA, f"[{name}]*{size!r}/10000") for name, label in _PARTS.items()]
    return (*cells, *area)


def _with_area(show: Show, table: pd.DataFrame) -> pd.DataFrame:
    for name in _PARTS:
        table[f"{name}_ha"] = show.counts.area(table[name].to_numpy())
    return table


def _finding(show: Show, parts: dict[str, np.ndarray]) -> str:
    sums = {name: amount(show.counts.ha(int(cells.sum()))) for name, cells in parts.items()}
    change = show.results.inputs.change
    out = [f"{sums['patch']} lie in small patches"] if change.patch_ha else []
    out += [f"{sums['rotation']} are rotation"] if change.rotation_years else []
    whole = f"Of {sums['raw']} that differ between the maps {sums['kept']} count as change"
    return f"{whole}: {' and '.join(out)}, {show.span}"


def _by_transition(show: Show, sifted: Sifted) -> Section:
    parts, names = _parts(show, sifted), np.array(show.classes().names, dtype=object)
    whole = {name: cells.sum(axis=0) for name, cells in parts.items()}
    first, second = np.nonzero(whole["raw"])
    order = np.argsort(-whole["raw"][first, second], kind="stable")
    first, second = first[order], second[order]
    table = pd.DataFrame({"from": names[first], "to": names[second]})
    for name, cells in whole.items():
        table[name] = cells[first, second]
    table["undecided"] = sifted.undecided.sum(axis=0)[first, second]
    last = len(table)
    table.loc[last] = {"from": "All", "to": "all", **{n: int(c.sum()) for n, c in whole.items()},
                       "undecided": int(sifted.undecided.sum())}  # fmt: skip
    table = table.astype(dict.fromkeys((*_PARTS, "undecided"), "int64"))
    title = _finding(show, parts)
    undecided = Column("undecided", "Kept, yet may be rotation, cells", "", "integer")
    return Section(
        "changes_left_out",
        "Changes left out",
        _with_area(show, table),
        (text("from", "From"), text("to", "To"), *_columns(show), undecided),
        summary=f"{title}.",
        notes=_rules(show),
        total_rows=(last,),
        cells={(last, name): f"SUM({{{name}}})" for name in ("raw", "patch", "rotation", "undecided")} if last else {},
        figures={(last, f"{name}_ha"): f"extent.{key}.all" for name, (key, _) in _FIGURES.items()}
        | {(last, "kept_ha"): "extent.changed.all"},
    )


def _by_zone(show: Show, sifted: Sifted) -> Section:
    parts = _parts(show, sifted)
    table = pd.DataFrame({"zone_id": list(show.counts.zones), "zone": list(show.results.names)})
    for name, cells in parts.items():
        table[name] = cells.sum(axis=(1, 2))
    return Section(
        "changes_left_out_by_zone",
        "Changes left out by zone",
        _with_area(show, table),
        (text("zone_id", "Zone code"), text("zone", "Zone"), *_columns(show)),
        summary="What differs between the maps in each zone, what was left out, and what counts.",
        notes=_rules(show),
        figures={
            (row, f"{name}_ha"): f"extent.{key}.{zone}"
            for row, zone in enumerate(show.keys)
            for name, (key, _) in _FIGURES.items()
        },
        group="working",
    )


def change_figures(show: Show) -> Iterator[Figure]:
    """What the maps show and what was left out, in each zone and in all of them."""
    sifted, inputs = show.results.sifted, show.results.inputs
    if sifted is None or not inputs.change.leaves_out:
        return
    refs = tuple(
        InputRef(shown, note=f"{role}, SHA-256 {sha[:16]}...")
        for role, _, shown, sha in inputs.files if role in ("opening", "closing") or role.startswith("between")
    )  # fmt: skip
    parts, size = _parts(show, sifted), f"{show.counts.cell_area:,.10g} m2 / 10,000"
    for name, (key, label) in _FIGURES.items():
        cells = parts[name].sum(axis=(1, 2))
        parents = tuple(f"extent.{key}.{zone}" for zone in show.keys)
        whole = int(cells.sum())
        yield Figure(
            f"extent.{key}.all",
            label,
            show.counts.ha(whole),
            HA,
            Trace(f"{whole:,} cells x {size}, all zones", parents=parents),
            status=show.status(),
            period=show.span,
            place="all zones",
        )
        for zone, place, mine in zip(show.keys, show.results.names, cells.tolist(), strict=True):
            trace = Trace(f"{mine:,} cells x {size}, in {place}", inputs=refs)
            yield Figure(f"extent.{key}.{zone}", label, show.counts.ha(mine), HA, trace, status=show.status(),
                         period=show.span, place=place)  # fmt: skip


def change_checks(show: Show) -> Iterator[Check]:
    """Everything that differs is kept or left out, cell by cell of the matrix; and periods chain exactly."""
    sifted, periods = show.results.sifted, show.results.periods
    if sifted is None and not periods:
        return
    raw = _raw(show).array
    if sifted is not None:
        parts = _parts(show, sifted)
        sides = parts["kept"] + parts["patch"] + parts["rotation"]
        title = "Change on the maps = kept + small patches + rotation"
        yield Check("change.whole", title, float(parts["raw"].sum()), float(sides.sum()), 0, "cells")
        off = np.abs(parts["raw"] - sides).sum()
        yield Check(
            "change.everywhere", f"{title}, in every zone and transition, cells off", float(off), 0.0, 0, "cells"
        )
        opening = np.abs(raw.sum(axis=2) - show.counts.opening).sum()
        yield Check("change.opening", "Leaving changes out alters no opening extent, cells off", float(opening), 0.0, 0,
                    "cells")  # fmt: skip
    if periods:
        title = "Closing of each period = opening of the next, in every zone and class, cells off"
        yield Check("periods.chain", title, float(differs(periods)), 0.0, 0, "cells")
        for what, period, axis in (("opening", periods[0], 2), ("closing", periods[-1], 1)):
            codes = [0, *(period.counts.codes.index(code) + 1 for code in _raw(show).codes)]
            off = np.abs(period.counts.array.sum(axis=axis)[:, codes] - raw.sum(axis=axis)).sum()
            yield Check(
                f"periods.{what}",
                f"Periods: the {what} of the series = the {what} of the whole span, cells off",
                float(off),
                0.0,
                0,
                "cells",
            )


def change_banners(show: Show) -> tuple[str, ...]:
    change = show.results.inputs.change
    broken = [f"{p.start} to {p.end}" for p in show.results.periods if p.broken] or [show.span]
    if not change.breaks:
        return ()
    return (
        f"BREAK IN SERIES ({', '.join(broken)}): the maps are not comparable. The difference between opening and "
        "closing is a reappraisal and not a change on the ground.",
    )


def change_controls(show: Show) -> dict[str, str]:
    """Counts for the record of the run."""
    change, sifted = show.results.inputs.change, show.results.sifted
    found: dict[str, str] = {}
    if sifted is None:
        return found
    if change.patch_ha:
        found["changed patches kept"] = str(sifted.patches[1])
        found["changed patches left out"] = str(sifted.patches[0])
        found["cells are connected by"] = "8 neighbours"
    if change.rotation_years:
        found["changed cells left out as rotation"] = str(int(sifted.rotation.sum()))
        found["changed cells that may be rotation"] = str(int(sifted.undecided.sum()))
    if change.areas is not None:
        found["changed cells in managed areas"] = str(int(sifted.inside.sum()))
    return found


def change_fallbacks(show: Show) -> tuple[str, ...]:
    change = show.results.inputs.change
    asked = {
        "minimum_patch_ha": change.patch_ha,
        "rotation_years": change.rotation_years,
        "managed_areas": change.areas,
    }
    named = [name for name, value in asked.items() if value]
    if not change.breaks or not named:
        return ()
    return (
        f"{', '.join(named)} not applied: the series breaks between opening and closing, so nothing counts as change",
    )


def change_warnings(show: Show) -> tuple[Problem, ...]:
    """Change that may be rotation and was kept, because the maps cannot say."""
    sifted, change = show.results.sifted, show.results.inputs.change
    if sifted is None or not sifted.undecided.any():
        return ()
    area = amount(show.counts.ha(int(sifted.undecided.sum())))
    return (
        Problem(
            "natcap.toml", f"an area of {area} that may have changed in rotation",
            f"maps that show whether a class has lasted {change.rotation_years} years",
            "The rule was not applied there and the change is kept; name maps between in [inputs]",
            cell="choices.rotation_years", severity="warning",
        ),
    )  # fmt: skip
