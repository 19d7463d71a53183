"""Figures of an accounts report, each with its walk back: cells of the maps x area of a cell, then x a density."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from natcap.accounts.cover import Cover
from natcap.accounts.landcover.areas import TableSide
from natcap.accounts.show.change import change_figures
from natcap.accounts.show.levels import level_figures
from natcap.accounts.show.periods import period_figures
from natcap.accounts.show.stock import recalled
from natcap.accounts.show.words import HA, TC, Items, Show
from natcap.accounts.show.zones import semi_natural
from natcap.accounts.stock import StockAccount
from natcap.core.report import Figure, InputRef, Trace
from natcap.core.verification import UNPUBLISHED

__all__ = ["figures", "map_refs"]


def figures(show: Show) -> tuple[Figure, ...]:
    """Every figure, headlines first."""
    found = [*_areas(show), *_semi_natural(show), *_stock(show), *_extent(show, show.classes())]
    found += [*change_figures(show), *period_figures(show), *level_figures(show)]
    habitats = show.habitats()
    if habitats is not None:
        found += _extent(show, habitats)
    return tuple(sorted(found, key=lambda f: not f.headline))


def _figure(show: Show, key: str, label: str, value: float | None, trace: Trace, place: str, **rest: Any) -> Figure:
    given = {"unit": HA, "status": show.status(), "period": show.span, "place": place} | rest
    if show.broken and (key.startswith("extent.changed.") or ".net_change." in key):
        value, given["status"] = None, "missing"
    return Figure(key, label, value, trace=trace, **given)


def _how(show: Show, cells: int, of: str) -> str:
    return f"{cells:,} {show.unit} {of} x {show.counts.cell_area:,.10g} m2 / 10,000"


def _places(show: Show) -> list[tuple[str, str]]:
    return list(zip(show.keys, show.results.names, strict=True))


class _Maps:
    """References to the land cover at both dates, with what was counted in it."""

    def __init__(self, show: Show) -> None:
        inputs = show.results.inputs
        hashes = {shown: sha[:16] for _, _, shown, sha in inputs.files}
        self._unit = show.unit
        self._left = "; after changes left out, see that section" if inputs.change.leaves_out else ""
        self._of: dict[str, tuple[Cover, str]] = {
            "opening": (inputs.opening, hashes[inputs.opening.shown]),
            "closing": (inputs.closing, hashes[inputs.closing.shown]),
        }

    def refs(self, role: str, cells: int, zone: str, code: int | None) -> tuple[InputRef, ...]:
        """As `ref`; in a table of areas, every cell behind a zone and class."""
        land, sha = self._of[role]
        found = land.cells.get((zone, code), ()) if isinstance(land, TableSide) and code is not None else ()
        if isinstance(land, TableSide) and found:
            return tuple(InputRef(land.shown, *place, f"SHA-256 {sha}...") for place in found)
        return (self.ref(role, cells),)

    def ref(self, role: str, cells: int) -> InputRef:
        """The file and the part of it that was read."""
        land, sha = self._of[role]
        note = f"SHA-256 {sha}..." + (self._left if role == "closing" else "")
        sheet = land.sheet if isinstance(land, TableSide) else ""
        return InputRef(land.shown, sheet, land.part, str(cells), self._unit, note)


def map_refs(show: Show, cells: int) -> tuple[InputRef, InputRef]:
    """Both maps, with a number of cells that were counted where they meet."""
    maps = _Maps(show)
    return maps.ref("opening", cells), maps.ref("closing", cells)


def _areas(show: Show) -> Iterator[Figure]:
    """Area accounted and area that changed class."""
    counts, maps = show.counts, _Maps(show)
    kinds = [("area", "Area accounted", "inside the zones", counts.accounted)]
    if not show.net:
        inner = show.matrix.array[:, 1:, 1:]
        differs = "whose class differs between the " + ("maps" if show.unit == "cells" else "dates")
        if show.results.inputs.change.leaves_out:
            differs += ", less the changes left out,"
        kinds.append(
            ("changed", "Area that changed class", differs, inner.sum(axis=(1, 2)) - np.einsum("zii->z", inner))
        )
    for what, label, of, cells in kinds:
        parents = tuple(f"extent.{what}.{key}" for key in show.keys)
        whole = int(cells.sum())
        trace = Trace(_how(show, whole, of), parents=parents)
        yield _figure(show, f"extent.{what}.all", label, counts.ha(whole), trace, "all zones", headline=True)
        for z, ((key, name), number) in enumerate(zip(_places(show), cells.tolist(), strict=True)):
            how = _how(show, number, f"{of}, in {name}")
            if what == "area" and isinstance(show.results.inputs.opening, TableSide):
                trace = Trace(f"{how}; the sum of the classes at the opening", parents=_classes_at_opening(show, z))
            else:
                trace = Trace(how, inputs=(maps.ref("opening", number), maps.ref("closing", number)))
            yield _figure(show, f"extent.{what}.{key}", label, counts.ha(number), trace, name)


def _classes_at_opening(show: Show, zone: int) -> tuple[str, ...]:
    """Ids of the figures that sum to the area of a zone, by its number."""
    account, keys = show.results.extent, show.classes().keys
    here = np.flatnonzero(account.opening[zone] + account.closing[zone])
    return tuple(f"extent.opening.{show.keys[zone]}.{keys[n]}" for n in here)


def _semi_natural(show: Show) -> Iterator[Figure]:
    natural = semi_natural(show)
    if natural is None:
        return
    account, counts, keys = show.results.extent, show.counts, show.classes().keys
    members = [keys[n] for n in np.flatnonzero(natural)]
    net = int(account.net_change[:, natural].sum())
    size = f"{counts.cell_area:,.10g} m2 / 10,000"
    trace = Trace(
        f"net change of {len(members)} semi-natural classes: {net:+,} {counts.unit} x {size}",
        parents=tuple(f"extent.net_change.all.{key}" for key in members if _occurs(account, keys.index(key))),
    )
    yield _figure(
        show, "extent.net_change.all.semi_natural_classes", "Semi-natural habitat, net change", counts.ha(net), trace,
        "all zones", headline=True,
    )  # fmt: skip


def _occurs(account: Any, item: int) -> bool:
    return bool(account.opening[:, item].any() or account.closing[:, item].any())


def _extent(show: Show, items: Items) -> Iterator[Figure]:
    """Opening, closing and net change of every item, in every zone where it occurs and in all of them."""
    maps = _Maps(show)
    for item in (n for n in range(len(items.keys)) if _occurs(items.account, n)):
        yield from _item(show, items, item, maps)


def _item(show: Show, items: Items, item: int, maps: _Maps) -> Iterator[Figure]:
    account, counts = items.account, show.counts
    key, name = items.keys[item], items.names[item]
    code = show.results.classes[item - 1].code if items.kind == "class" and item else None
    judged = items.kind == "habitat" and _judged(show)
    here = [
        (z, *place) for z, place in enumerate(_places(show)) if account.opening[z, item] or account.closing[z, item]
    ]
    for what, when in (("opening", show.opening), ("closing", show.closing)):
        column = account.entry(what)[:, item]
        stem, label = f"{items.prefix}.{what}", f"{name}, {what}"
        whole = int(column.sum())
        trace = Trace(_how(show, whole, f"of {name}"), parents=tuple(f"{stem}.{zone}.{key}" for _, zone, _ in here))
        given: dict[str, Any] = {"period": when, "status": show.status(judged)}
        yield _figure(show, f"{stem}.all.{key}", label, counts.ha(column.sum()), trace, "all zones", **given)
        for z, zone, place in here:
            cells = int(column[z])
            refs = maps.refs(what, cells, counts.zones[z], code)
            trace = Trace(_how(show, cells, f"of {name} in {place}"), inputs=refs)
            yield _figure(show, f"{stem}.{zone}.{key}", label, counts.ha(column[z]), trace, place, **given)
    yield from _changes(show, items, item, here, maps)


def _changes(show: Show, items: Items, item: int, here: list[tuple[int, str, str]], maps: _Maps) -> Iterator[Figure]:
    """Net change of one item, of land known at both dates; what data were gained or lost is a figure of its own."""
    account, key, name = items.account, items.keys[item], items.names[item]
    status = show.status(items.kind == "habitat" and _judged(show))
    net, unseen = account.net_change[:, item], account.reappraisal[:, item]
    rows = [("all", "all zones", net.sum(), unseen.sum()), *((zone, at, net[z], unseen[z]) for z, zone, at in here)]
    for zone, place, cells, gained in rows:
        stem = f"{items.prefix}.{{}}.{zone}.{key}"
        parents = tuple(stem.format(what) for what in ("opening", "closing"))
        how = "closing less opening"
        if unseen.any():
            trace = _seen_once(show, stem, int(gained), maps, [] if zone != "all" else [zone for _, zone, _ in here])
            yield _figure(show, stem.format("reappraisal"), f"{name}, reappraisal", show.counts.ha(gained), trace,
                          place, status=status)  # fmt: skip
            parents, how = (*parents, stem.format("reappraisal")), f"{how} less reappraisal: land known at both dates"
        yield _figure(show, stem.format("net_change"), f"{name}, net change", show.counts.ha(cells),
                      Trace(how, parents=parents), place, status=status)  # fmt: skip


def _seen_once(show: Show, stem: str, cells: int, maps: _Maps, zones: list[str]) -> Trace:
    """The walk back of a reappraisal: the sum of `zones`, or what the two dates hold."""
    if show.broken:
        parents = tuple(stem.format(what) for what in ("opening", "closing"))
        return Trace("closing less opening: the series breaks between the dates", parents=parents)
    how = _how(show, cells, "with data at one date only: gained (+) less lost (-)")
    if zones:
        return Trace(how, parents=tuple(stem.format("reappraisal").replace(".all.", f".{z}.") for z in zones))
    return Trace(how, inputs=(maps.ref("opening", cells), maps.ref("closing", cells)))


def _judged(show: Show) -> bool:
    """The habitats rest on an assignment that nobody published."""
    habitats = show.results.habitats
    return habitats is not None and habitats.verified in UNPUBLISHED


def _stock(show: Show) -> Iterator[Figure]:
    stock, densities = show.results.stock, show.results.densities
    if stock is None or densities is None:
        return
    status = show.status(recalled(densities))
    for what, when in (("opening", show.opening), ("closing", show.closing)):
        yield from _stock_at(show, what, when)
    unseen = "" if not stock.reappraisal.any() else " less what has data at one date only"
    trace = Trace(
        f"closing less opening{unseen}: "
        + (
            "net hectares of each class x its carbon density"
            if show.net
            else "hectares that changed class x the difference of their carbon densities"
        ),
        parents=("carbon_stock.opening.total", "carbon_stock.closing.total"),
        factors=tuple(ref for row in densities.factors for ref in row),
    )
    yield _figure(
        show,
        "carbon_stock.change.total",
        "Carbon stock, change once settled",
        None if show.broken else _grown(stock),
        trace,
        "all zones",
        unit=TC,
        status="missing" if show.broken else status,
    )


def _grown(stock: StockAccount) -> float:
    """Tonnes gained less lost on land that is known at both dates; what data were gained or lost is no change."""
    return float(stock.gains.sum() - stock.losses.sum())


def _stock_at(show: Show, what: str, when: str) -> Iterator[Figure]:
    stock, densities = show.results.stock, show.results.densities
    if stock is None or densities is None:
        return
    at_opening = what == "opening"
    tonnes, ends = (stock.opening, stock.opening_range) if at_opening else (stock.closing, stock.closing_range)
    cells, keys = show.results.extent.entry(what), show.classes().keys
    shared: dict[str, Any] = {"unit": TC, "status": show.status(recalled(densities)), "period": when}
    label = f"Carbon stock at {when}, once settled"
    low, high = (None, None) if ends is None else (float(end.sum()) for end in ends)
    parents = tuple(f"carbon_stock.{what}.{key}" for key in show.keys)
    known = " on land known at both dates" if stock.reappraisal.any() else ""
    grown: dict[str, Any] = (
        {} if at_opening or show.broken else {"change": _grown(stock), "change_from": f"since {show.opening}{known}"}
    )
    yield _figure(
        show, f"carbon_stock.{what}.total", label, float(tonnes.sum()), Trace("sum of the zones", parents=parents),
        "all zones", low=low, high=high, headline=not at_opening, **shared, **grown,
    )  # fmt: skip
    for z, (key, name) in enumerate(_places(show)):
        held = [n for n in range(1, len(keys)) if cells[z, n]]
        trace = Trace(
            f"hectares of each class in {name} x its carbon density in {', '.join(densities.pools)}",
            parents=tuple(f"extent.{what}.{key}.{keys[n]}" for n in held),
            factors=tuple(ref for n in held for ref in (densities.factors[n - 1] if densities.factors else ())),
        )
        low, high = (None, None) if ends is None else (float(end[z]) for end in ends)
        value = float(tonnes[z].sum())
        yield _figure(show, f"carbon_stock.{what}.{key}", label, value, trace, name, low=low, high=high, **shared)
