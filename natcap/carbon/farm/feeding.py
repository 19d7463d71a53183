"""Feeding of cattle, as read, for the Tier 2 energy model; and the model applied to herds."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from natcap.carbon.farm.ask import ask
from natcap.carbon.farm.book import Book, Pick, user_pick
from natcap.carbon.farm.chemistry import PERCENT, THOUSAND
from natcap.carbon.farm.methods import energy
from natcap.carbon.farm.tell import Row, Teller, blank

__all__ = ["WORKED", "coefficients", "energy_table", "feeding_row", "worked_rates"]

_SET = "ipcc2019"
WORKED = "worked from feeding"
"""Factor set of a rate that the energy model gave."""


@lru_cache(maxsize=1)
def coefficients() -> energy.Coefficients:
    """The figures that the energy equations print, from factors/farm/tier2.csv."""
    book = Book(allow_unverified=True)
    return energy.Coefficients(**{name: book.pick(f"eq_{name}", _SET).value for name in energy.Coefficients.names()})


def feeding_row(row: Row, herd: Row, tell: Teller, book: Book, manure: bool) -> dict[str, object] | None:
    """What the energy model wants of one herd, or None with the problems told. `manure` wants protein as well."""
    kind = str(herd["energy"])
    if not kind:
        tell.at(
            row,
            "herd",
            herd["herd"],
            "a herd of cattle over one year",
            "Tier 2 is not offered for this class; delete the row.",
        )
        return None
    fits = [tell.share(row, name, what) for name, what in _SHARES.items()]
    fits += [tell.within(row, name, 0, most, what) for name, (most, what) in _AMOUNTS.items()]
    fits.append(tell.within(row, "de_pct", 45, 85, "digestibility in per cent") if all(fits) else False)
    fits.append(_complete(row, tell, manure))
    if herd["pick_enteric"] is not None and herd["pick_enteric"].source == "user":
        tell.at(row, "herd", herd["herd"], "either an own enteric factor or a row on this sheet", "Delete one of them.")
        fits.append(False)
    if not all(fits):
        return None
    milk = _value(row, "milk_kg_day")
    return {
        "de_pct": float(row["de_pct"]),
        "gain": _value(row, "gain_kg_day"),
        "milk": milk,
        "fat_pct": _value(row, "milk_fat_pct"),
        "milk_protein_pct": _value(row, "milk_protein_pct"),
        "protein_pct": _value(row, "protein_pct"),
        "pregnant_pct": _value(row, "pregnant_pct"),
        "mature": _value(row, "mature_kg"),
        "pick_ym": _ym(row, kind, tell, book),
        "pick_cfi": book.pick("Cfi", _SET, "cattle-dairy" if milk else _maintenance(kind)),
        "pick_ca": book.pick("Ca_cattle", _SET, str(row["activity"])),
        "pick_c_growth": book.pick("C_growth", _SET, kind),
        "pick_c_preg": book.pick("C_pregnancy", _SET, "cattle"),
        "_feeding": f"{row['_sheet']} row {row['_row']}",
    }


_SHARES = {
    "de_pct": "digestibility",
    "ym_pct": "Ym",
    "milk_fat_pct": "milk fat",
    "milk_protein_pct": "milk protein",
    "protein_pct": "crude protein",
    "pregnant_pct": "pregnant animals",
}
_AMOUNTS = {
    "mature_kg": (2000.0, "a mature weight in kg"),
    "gain_kg_day": (3.0, "a gain in kg per day"),
    "milk_kg_day": (80.0, "milk in kg per cow and day"),
}


def _value(row: Row, name: str) -> float:
    return 0.0 if blank(row[name]) else float(row[name])


def _complete(row: Row, tell: Teller, manure: bool) -> bool:
    """Whether what depends on another cell is there: fat with milk, mature weight with gain, protein for manure."""
    whole = not blank(row["de_pct"])
    wanted = {"protein_pct": manure, "milk_protein_pct": manure and _value(row, "milk_kg_day") > 0}
    for name in [name for name, needed in wanted.items() if needed and blank(row[name])]:
        tell.at(row, name, "an empty cell", f"{_SHARES[name]} in per cent, since manure = 'tier2' was chosen")
        whole = False
    if _value(row, "milk_kg_day") > 0 and blank(row["milk_fat_pct"]):
        tell.at(row, "milk_fat_pct", "an empty cell", "milk fat in per cent, since there is milk")
        whole = False
    if _value(row, "gain_kg_day") > 0 and _value(row, "mature_kg") <= 0:
        tell.at(row, "mature_kg", "an empty cell", "a mature weight in kg, since the animals grow")
        whole = False
    return whole


def _maintenance(kind: str) -> str:
    return kind if kind == "cattle-other_mature-mal" else "cattle-dairy" if kind == "cattle-dairy" else "cattle-other"


def _ym(row: Row, kind: str, tell: Teller, book: Book) -> Pick | None:
    """Ym in per cent: the user's, or the published one of dairy cows. For other cattle it must be given."""
    if not blank(row["ym_pct"]):
        where = f"{row['_sheet']} {row['_cell_ym_pct']}"
        return user_pick(f"user:{where}", "Ym", float(row["ym_pct"]), "% of gross energy", where)
    if kind != "cattle-dairy":
        tell.at(
            row,
            "ym_pct",
            "an empty cell",
            "Ym in per cent",
            "For cattle other than dairy cows it depends on the diet (Table 10.12).",
        )
        return None
    return ask(tell, row, "ym_pct", book, "Ym", (_SET, kind))


def energy_table(herds: pd.DataFrame) -> pd.DataFrame:
    """The energy model of the Tier 2 herds: every net energy (MJ/day), GE, and kg CH4 per head and year."""
    tier2 = herds[herds["tier"] == "Tier 2"]
    c = coefficients()

    def number(name: str) -> np.ndarray:
        return np.array([p.value for p in tier2[f"pick_{name}"]], dtype=np.float64)

    mass, de = number("mass"), tier2["de_pct"].to_numpy(np.float64)
    ym = np.array([p.value if p.source == "user" else p.value * PERCENT for p in tier2["pick_ym"]], dtype=np.float64)
    grown = tier2["mature"].to_numpy(np.float64)
    out = pd.DataFrame({"herd": tier2["herd"].to_numpy(), "mass": mass, "de_pct": de, "ym_pct": ym})
    out["ne_maintenance"] = energy.maintenance(mass, number("cfi"), c)
    out["ne_activity"] = number("ca") * out["ne_maintenance"]
    out["ne_lactation"] = energy.lactation(tier2["milk"].to_numpy(np.float64), tier2["fat_pct"].to_numpy(np.float64), c)
    out["ne_pregnancy"] = (
        number("c_preg") * tier2["pregnant_pct"].to_numpy(np.float64) / PERCENT * out["ne_maintenance"]
    )
    # A herd that does not grow needs no mature weight; its own mass then stands in and the gain of zero makes NEg zero.
    out["ne_growth"] = energy.growth(
        mass, np.where(grown > 0, grown, mass), tier2["gain"].to_numpy(np.float64), number("c_growth"), c
    )
    out["rem"], out["reg"] = energy.rem(de, c), energy.reg(de, c)
    upkeep = (out["ne_maintenance"] + out["ne_activity"] + out["ne_lactation"] + out["ne_pregnancy"]).to_numpy(
        np.float64
    )
    out["gross_energy"] = energy.gross_energy(
        upkeep,
        out["ne_growth"].to_numpy(np.float64),
        out["rem"].to_numpy(np.float64),
        out["reg"].to_numpy(np.float64),
        de,
    )
    out["ef"] = energy.enteric_factor(out["gross_energy"].to_numpy(np.float64), ym, c)
    return out


def worked_rates(herds: pd.DataFrame) -> pd.DataFrame:
    """The herds with volatile solids (Eq 10.24) and nitrogen (Eqs 10.31A to 10.33) of the energy model.

    They are given as the rates of Tables 10.13A and 10.19 (kg per 1000 kg animal mass and day) that would say the
    same, so that everything after goes one way for both tiers.
    """
    table, c = energy_table(herds).set_index("herd"), coefficients()
    fed = herds.set_index("herd").loc[table.index]
    gross, mass = table["gross_energy"].to_numpy(np.float64), table["mass"].to_numpy(np.float64)
    solids = energy.volatile_solids_per_day(gross, table["de_pct"].to_numpy(np.float64), c)
    intake = energy.nitrogen_intake(gross, fed["protein_pct"].to_numpy(np.float64), c)
    kept = energy.nitrogen_retention(
        fed["milk"].to_numpy(np.float64),
        fed["milk_protein_pct"].to_numpy(np.float64),
        fed["gain"].to_numpy(np.float64),
        table["ne_growth"].to_numpy(np.float64),
        c,
    )
    rates = {
        "pick_vs_rate": ("VS_rate", "Eq 10.24", solids / mass * THOUSAND),
        "pick_n_rate": ("N_rate", "Eqs 10.31A to 10.33", (intake - kept) / mass * THOUSAND),
    }
    worked = herds.copy()
    for column, (parameter, page, values) in rates.items():
        new = {name: _worked(parameter, page, name, value) for name, value in zip(table.index, values, strict=True)}
        picks = [new.get(name, old) for name, old in zip(herds["herd"], herds[column], strict=True)]
        worked[column] = pd.Series(picks, index=herds.index, dtype=object)
    return worked


def _worked(parameter: str, page: str, herd: str, value: float) -> Pick:
    nan, unit = float("nan"), f"kg {'VS' if parameter == 'VS_rate' else 'N'}/1000 kg animal mass/day"
    key = f"worked:{parameter}:{herd}"
    return Pick(
        key, parameter, WORKED, float(value), nan, nan, unit, "ipcc_2019_v4", page, "derived", "from the sheet Feeding"
    )
