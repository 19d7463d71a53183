"""Figures of the parcels and their totals, each with its walk back to cells and rows of the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from natcap.accounts.biodiversity.figures import figure, outcome_figures
from natcap.accounts.biodiversity.refs import unit_refs
from natcap.accounts.biodiversity.stamp import mark
from natcap.accounts.habitats_account.account import PARTS, HabitatAccount
from natcap.accounts.habitats_account.parcels import place_words
from natcap.accounts.habitats_account.plots import Plot, compute
from natcap.accounts.habitats_account.read import HabitatInput
from natcap.accounts.habitats_account.results import PART_WORDS
from natcap.accounts.habitats_account.uses import use
from natcap.accounts.show.words import zone_keys
from natcap.accounts.wings import Setting
from natcap.core.report import Figure, InputRef, Trace

__all__ = ["habitat_figures"]

_FIELDS = ("habitat", "size", "count", "tree", "condition", "significance", "retained", "enhanced", "kept", "risk",
           "parcel", "advance", "delay", "encroachment", "riparian")  # fmt: skip
_HOW = {
    "baseline": "size that counts x distinctiveness x condition x strategic significance",
    "created": "size x distinctiveness x condition x strategic significance x time x difficulty",
    "enhanced": "((size x distinctiveness x condition - before) x time x difficulty + before) x strategic significance",
}


def habitat_figures(setting: Setting, given: HabitatInput, account: HabitatAccount) -> Iterator[Figure]:
    maker = _Maker(setting, given, account)
    e = given.edition
    kinds = {plot.kind for plot in given.plots}
    marks: dict[str, str] = {kind: mark(e, (use(e, p) for p in given.plots if p.kind == kind)) for kind in kinds}
    yield from outcome_figures(setting, e, account.outcome, account.totals, marks)
    yield from maker.totals(marks)
    yield from maker.parcels()


class _Maker:
    def __init__(self, setting: Setting, given: HabitatInput, account: HabitatAccount) -> None:
        self.setting, self.given, self.account = setting, given, account
        names = [f"{plot.kind}_{plot.step}_{plot.label}" for plot in given.plots]
        keys = zone_keys([name.casefold().replace(" ", "_") for name in names])
        self.keys = [f"biodiversity.{plot.kind}.parcel.{key}" for plot, key in zip(given.plots, keys, strict=True)]

    def parcels(self) -> Iterator[Figure]:
        e = self.given.edition
        rows = self.account.plots.to_dict("records")
        for key, plot, row in zip(self.keys, self.given.plots, rows, strict=True):
            wet = plot.kind == "watercourse"
            words = {"strategic_significance": plot.significance, "tree": plot.tree,
                     "watercourse_encroachment": plot.encroachment, "riparian_encroachment": plot.riparian,
                     ("watercourse_spatial_risk" if wet else "spatial_risk"): plot.risk}  # fmt: skip
            mine = use(e, plot)
            units = compute(e, plot)
            factors = tuple(unit_refs(e, plot.kind, plot.habitat, plot.condition, units, words, mine.cells))
            trace = Trace(f"{_HOW[plot.step]} x encroachment x spatial risk applied ({row['risk']:g}); metric {e.name}",
                          inputs=tuple(self.inputs(plot)), factors=factors)  # fmt: skip
            label = f"{PART_WORDS[plot.step]}: {plot.habitat}, parcel {plot.label}{mark(e, (mine,))}"
            yield figure(
                self.setting, key, label, row[plot.step], f"{plot.kind} units", trace, place_words(plot.on_site)
            )

    def inputs(self, plot: Plot) -> Iterator[InputRef]:
        for name in _FIELDS:
            value = getattr(plot, name, "")
            if plot.cells.get(name) and value not in ("", 0):
                unit = ("km" if plot.kind != "area" else "ha") if name in ("size", "retained", "enhanced") else ""
                yield InputRef(self.given.shown, plot.sheet, plot.cells[name], f"{value}", unit, name)

    def members(self, kind: str, on_site: bool, step: str) -> tuple[str, ...]:
        rows = zip(self.keys, self.given.plots, strict=True)
        return tuple(k for k, p in rows if p.kind == kind and p.on_site == on_site and p.step == step)

    def totals(self, marks: Mapping[str, str]) -> Iterator[Figure]:
        for row in self.account.totals.to_dict("records"):
            kind, on_site = str(row["kind"]), bool(row["on_site"])
            end = place_words(on_site).replace(" ", "_")
            for part in PARTS:
                if part == "net":
                    parents = tuple(f"biodiversity.{kind}.{p}.{end}" for p in
                                    ("retained", "created", "enhanced", "baseline"))  # fmt: skip
                    trace = Trace("retained + created + enhanced - before", parents=parents)
                else:
                    step = part if part in ("created", "enhanced") else "baseline"
                    how = f"sum over its parcels; metric {self.given.edition.name}"
                    share = "" if part == step else f", the part that is {part}"
                    parents = self.members(kind, on_site, step)
                    none = (
                        ()
                        if parents
                        else (InputRef(self.given.shown, note=f"no {step} parcel {place_words(on_site)}"),)
                    )
                    trace = Trace(f"{how}{share}", parents=parents, inputs=none)
                said = marks[kind] if part in ("enhanced", "created", "net") else ""
                label = f"{PART_WORDS[part]}, {kind}, {place_words(on_site)}{said}"
                key = f"biodiversity.{kind}.{part}.{end}"
                yield figure(self.setting, key, label, row[part], f"{kind} units", trace,
                                  place_words(on_site))  # fmt: skip
