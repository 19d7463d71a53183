"""Figures of the parcels, their totals, net gain, trading and the credit memorandum, each with its walk back."""

from __future__ import annotations

from collections.abc import Iterator

from natcap.accounts.biodiversity.credits import credits_per_unit, price_of
from natcap.accounts.biodiversity.refs import multiplier_ref, unit_refs
from natcap.accounts.habitats_account.account import PARTS, HabitatAccount
from natcap.accounts.habitats_account.parcels import place_words
from natcap.accounts.habitats_account.plots import Plot, compute
from natcap.accounts.habitats_account.read import HabitatInput
from natcap.accounts.habitats_account.results import PART_WORDS, credit_table
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
    yield from maker.gain()
    yield from maker.totals()
    yield from maker.parcels()
    yield from maker.trading()
    yield from maker.credits()


class _Maker:
    def __init__(self, setting: Setting, given: HabitatInput, account: HabitatAccount) -> None:
        self.setting, self.given, self.account = setting, given, account
        names = [f"{plot.kind}_{plot.step}_{plot.label}" for plot in given.plots]
        keys = zone_keys([name.casefold().replace(" ", "_") for name in names])
        self.keys = [f"biodiversity.{plot.kind}.parcel.{key}" for plot, key in zip(given.plots, keys, strict=True)]

    def figure(self, key: str, label: str, value: float, unit: str, trace: Trace, place: str = "",
               headline: bool = False) -> Figure:  # fmt: skip
        missing = value != value
        return Figure(key, label, None if missing else float(value), unit, trace, place=place, headline=headline,
                      status="missing" if missing else self.setting.status(), period=self.setting.span)  # fmt: skip

    def parcels(self) -> Iterator[Figure]:
        e = self.given.edition
        rows = self.account.plots.to_dict("records")
        for key, plot, row in zip(self.keys, self.given.plots, rows, strict=True):
            wet = plot.kind == "watercourse"
            words = {"strategic_significance": plot.significance, "tree": plot.tree,
                     "watercourse_encroachment": plot.encroachment, "riparian_encroachment": plot.riparian,
                     ("watercourse_spatial_risk" if wet else "spatial_risk"): plot.risk}  # fmt: skip
            factors = tuple(unit_refs(e, plot.kind, plot.habitat, plot.condition, compute(e, plot), words))
            trace = Trace(f"{_HOW[plot.step]} x encroachment x spatial risk applied ({row['risk']:g}); metric {e.name}",
                          inputs=tuple(self.inputs(plot)), factors=factors)  # fmt: skip
            label = f"{PART_WORDS[plot.step]}: {plot.habitat}, parcel {plot.label}"
            yield self.figure(key, label, row[plot.step], f"{plot.kind} units", trace, place_words(plot.on_site))

    def inputs(self, plot: Plot) -> Iterator[InputRef]:
        for name in _FIELDS:
            value = getattr(plot, name, "")
            if plot.cells.get(name) and value not in ("", 0):
                unit = ("km" if plot.kind != "area" else "ha") if name in ("size", "retained", "enhanced") else ""
                yield InputRef(self.given.shown, plot.sheet, plot.cells[name], f"{value}", unit, name)

    def members(self, kind: str, on_site: bool, step: str) -> tuple[str, ...]:
        rows = zip(self.keys, self.given.plots, strict=True)
        return tuple(k for k, p in rows if p.kind == kind and p.on_site == on_site and p.step == step)

    def totals(self) -> Iterator[Figure]:
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
                    trace = Trace(f"{how}{share}", parents=self.members(kind, on_site, step))
                label = f"{PART_WORDS[part]}, {kind}, {place_words(on_site)}"
                yield self.figure(f"biodiversity.{kind}.{part}.{end}", label, row[part], f"{kind} units", trace,
                                  place_words(on_site))  # fmt: skip

    def gain(self) -> Iterator[Figure]:
        places: dict[str, list[str]] = {str(r["kind"]): [] for r in self.account.totals.to_dict("records")}
        for row in self.account.totals.to_dict("records"):
            places[str(row["kind"])].append(place_words(bool(row["on_site"])).replace(" ", "_"))
        target = multiplier_ref(self.given.edition, "net_gain_target", "all")
        for row in self.account.gain.to_dict("records"):
            kind = str(row["kind"])
            stem = f"biodiversity.{kind}"
            sums = Trace("net change on site + net change off site after spatial risk",
                         parents=tuple(f"{stem}.net.{end}" for end in places[kind]))  # fmt: skip
            yield self.figure(f"{stem}.net.project", f"Net change in {kind} units", row["net"], f"{kind} units", sums)
            before = (f"{stem}.baseline.on_site",) if "on_site" in places[kind] else ()
            share = Trace("net change of the project / units on site before; none without units before",
                          parents=(f"{stem}.net.project", *before))  # fmt: skip
            label = f"Net change in {kind} units against the units on site before"
            yield self.figure(f"{stem}.percent.project", label, row["percent"], "fraction", share,
                              headline=row["percent"] == row["percent"])  # fmt: skip
            short = Trace("units on site before x required gain - net change, not below 0",
                          parents=(f"{stem}.net.project", *before), factors=(target,))  # fmt: skip
            label = f"{kind.capitalize()} units short of the required net gain"
            yield self.figure(f"{stem}.short.project", label, row["short"], f"{kind} units", short)

    def trading(self) -> Iterator[Figure]:
        for kind, deals in self.account.deals.items():
            trace = Trace(f"losses of {len(deals)} habitats that the trading rules leave without an offset",
                          parents=(f"biodiversity.{kind}.net.project",))  # fmt: skip
            unmet = sum(deal.unmet for deal in deals if not deal.passed)
            label = f"{kind.capitalize()} units lost that nothing offsets"
            yield self.figure(f"biodiversity.{kind}.unmet.project", label, unmet, f"{kind} units", trace)

    def credits(self) -> Iterator[Figure]:
        for row, item in zip(credit_table(self.account.shortfalls).to_dict("records"), self.account.shortfalls,
                             strict=True):  # fmt: skip
            found = price_of(item.tier)
            stem = f"biodiversity.{item.kind}"
            parents = (f"{stem}.unmet.project", f"{stem}.short.project")
            trace = Trace("shortfall x credits for each unit x price; a memorandum, in no total of the accounts",
                          parents=parents, factors=(credits_per_unit(), *((found[0],) if found else ())))  # fmt: skip
            tier = item.tier.lower() or "none"
            label = f"Memorandum: cost of statutory credits, tier {item.tier or 'none sold'}, price of {row['date']}"
            yield self.figure(f"{stem}.credits.{tier}", label, row["cost"], "GBP_2023", trace)
