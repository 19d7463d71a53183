"""Sections of plots: baseline, created and enhanced, each a row with its factors and live products; gain sites."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from natcap.accounts.habitats_account.account import HabitatAccount
from natcap.accounts.show.words import number, text
from natcap.core.report import Column, Section
from natcap.core.words import plural

__all__ = ["parcel_sections", "place_words"]

_SIZE = "Size (hectares, or kilometres of hedgerow or watercourse)"
_NOTE_COUNTED = (
    "Irreplaceable habitat generates units only where it is enhanced, and habitat of very high distinctiveness whose "
    "loss has agreed bespoke compensation only where it stays; everything else counts whole."
)
_NOTE_GAIN = "Time and difficulty multiply the gain of an enhancement only, never what was there before."
_NOTE_RISK = "Spatial risk multiplies the net gain of a gain site; it is 1 on site and for a site with a net loss."
_NOTE_LOST = "What of a parcel is neither retained nor enhanced is lost; below a billionth of it, it is rounding and 0."
_GONE = "IF([counted]-[kept]-[improved]>1E-9*[counted],[counted]-[kept]-[improved],0)"
_MULTIPLIERS = "[d]*[c]*[s]*[w]*[r]"


def place_words(on_site: bool) -> str:
    return "on site" if on_site else "off site"


def _number(name: str, label: str, formula: str | None = None, decimals: int = 4) -> Column:
    return replace(number(name, label, "", formula, decimals))


def _who() -> tuple[Column, ...]:
    return (
        text("label", "Parcel"), text("sheet", "Sheet of the input"), Column("row", "Row of the input", "", "integer"),
        text("kind", "Kind of unit"), text("on_site", "Place"), text("site", "Gain site"),
    )  # fmt: skip


def _factors() -> tuple[Column, ...]:
    return (
        _number("d", "Distinctiveness score", decimals=1), _number("c", "Condition score", decimals=1),
        _number("s", "Strategic significance", decimals=2), _number("w", "Channel encroachment multiplier", decimals=2),
        _number("r", "Bank encroachment multiplier", decimals=2),
    )  # fmt: skip


def _risks() -> tuple[Column, ...]:
    return (
        text("years", "Years to target condition"), _number("t", "Time multiplier", decimals=10),
        text("band", "Difficulty"), _number("f", "Difficulty multiplier", decimals=2),
    )  # fmt: skip


def _origin(table: pd.DataFrame) -> tuple[Column, ...]:
    return (text("origin", "Where its table cells were read"),) if "origin" in table else ()


def _units(name: str, label: str, formula: str) -> Column:
    return number(name, label, "units", formula, 6)


def parcel_sections(account: HabitatAccount, cited: str, origins: Sequence[str] = ()) -> Iterator[Section]:
    """`origins` say for each plot where the table cells it rests on were read; none where all are of one workbook."""
    plots = account.plots.assign(on_site=[place_words(bool(b)) for b in account.plots["on_site"]])
    if origins:
        plots = plots.assign(origin=list(origins))
    for step, make in (("baseline", _baseline), ("created", _created), ("enhanced", _enhanced)):
        mine = plots[plots["step"] == step].reset_index(drop=True)
        if len(mine):
            yield make(mine, cited)
    if len(account.sites):
        yield _sites(account.sites, cited)


def _on_site(table: pd.DataFrame) -> dict[tuple[int, str], str]:
    """A parcel on site belongs to no gain site."""
    return {(row, "site"): "[z]" for row, site in enumerate(table["site"]) if not site}


def _baseline(table: pd.DataFrame, cited: str) -> Section:
    product = f"{_MULTIPLIERS}*[risk]"
    columns = (
        *_who(), text("habitat", "Habitat"), text("condition", "Condition"), _number("size", _SIZE, decimals=6),
        _number("counted", "Size that counts", decimals=6), _number("kept", "Of it retained", decimals=6),
        _number("improved", "Of it enhanced", decimals=6),
        _number("gone", "Of it lost", _GONE, 6), *_factors(),
        _number("risk", "Spatial risk applied", decimals=2), _units("baseline", "Units before", f"[counted]*{product}"),
        _units("retained", "Units retained", f"[kept]*{product}"), _units("lost", "Units lost", f"[gone]*{product}"),
    )  # fmt: skip
    lost = int((table["gone"] > 0).sum())
    return Section(
        "biodiversity_baseline", "Parcels before the plan", table, columns,
        summary=f"{len(table)} {'parcel stands' if len(table) == 1 else 'parcels stand'} before the plan; "
        f"{lost} of them {'loses' if lost == 1 else 'lose'} something.",
        notes=(_NOTE_COUNTED, _NOTE_LOST, _NOTE_RISK), sources=(cited,), marks=_on_site(table),
    )  # fmt: skip


def _counted(table: pd.DataFrame, word: str) -> str:
    """How many parcels, and the units that are on them after the plan."""
    many = "1 parcel is" if len(table) == 1 else f"{len(table)} parcels are"
    kinds = table.groupby("kind", sort=False)[word].sum()
    return f"{many} {word}, with {' and '.join(f'{value:,.2f} {kind} units' for kind, value in kinds.items())}."


def _created(table: pd.DataFrame, cited: str) -> Section:
    columns = (
        *_who(), text("habitat", "Habitat"), text("condition", "Target condition"), _number("size", _SIZE, decimals=6),
        *_factors(), *_risks(), _number("risk", "Spatial risk applied", decimals=2),
        _units("created", "Units created", f"[size]*{_MULTIPLIERS}*[t]*[f]*[risk]"), *_origin(table),
    )  # fmt: skip
    return Section(
        "biodiversity_created", "Parcels created", table, columns,
        summary=_counted(table, "created"), notes=(_NOTE_RISK,), sources=(cited,), marks=_on_site(table),
    )  # fmt: skip


def _enhanced(table: pd.DataFrame, cited: str) -> Section:
    gain = "(([size]*[d]*[c]-[base])*[f]*[t]+[base])*[s]*[w]*[r]*[risk]"
    columns = (
        *_who(), text("before", "Habitat before"), text("start", "Condition before"), text("habitat", "Habitat"),
        text("condition", "Target condition"), _number("size", _SIZE, decimals=6),
        _number("base", "Size x distinctiveness x condition, before", decimals=6), *_factors(), *_risks(),
        _number("risk", "Spatial risk applied", decimals=2), _units("enhanced", "Units after enhancement", gain),
        *_origin(table),
    )  # fmt: skip
    return Section(
        "biodiversity_enhanced", "Parcels enhanced", table, columns,
        summary=_counted(table, "enhanced"), notes=(_NOTE_GAIN, _NOTE_RISK), sources=(cited,),
        marks=_on_site(table),
    )  # fmt: skip


def _sites(sites: pd.DataFrame, cited: str) -> Section:
    units = {"baseline": "Units before", "retained": "Units retained", "created": "Units created",
             "enhanced": "Units after enhancement"}  # fmt: skip
    columns = (
        text("kind", "Kind of unit"), text("site", "Gain site"), text("stated", "Spatial risk"),
        *(number(name, f"{label}, before spatial risk", "units", decimals=4) for name, label in units.items()),
        number("before", "Net change, before spatial risk", "units", "[retained]+[created]+[enhanced]-[baseline]", 4),
        _number("multiplier", "Spatial risk multiplier", decimals=2),
        _number("applied", "Multiplier applied", "IF([before]>0,[multiplier],1)", 2),
        number("after", "Net change, after spatial risk", "units", "[before]*[applied]", 4),
    )  # fmt: skip
    held = int((sites["before"] <= 0).sum())
    told = f"; {held} of them have no net gain, so that no spatial risk is applied" if held else ""
    return Section(
        "biodiversity_sites", "Gain sites and their spatial risk", sites, columns,
        summary=f"{plural(len(sites), 'gain site')} off site change{'s' if len(sites) == 1 else ''} by "
        f"{', '.join(f'{v:+,.2f}' for v in np.asarray(sites['after'], dtype=float))} units{told}.",
        notes=(_NOTE_RISK,), sources=(cited,),
    )  # fmt: skip
