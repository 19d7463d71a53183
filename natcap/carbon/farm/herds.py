"""Herds, their manure and their feeding, as read: checked, with a factor for each row."""

from __future__ import annotations

import pandas as pd

from natcap.carbon.farm.ask import Missing, ask
from natcap.carbon.farm.book import Book, Pick, user_pick
from natcap.carbon.farm.choices import Choices
from natcap.carbon.farm.tell import Row, Teller, blank, rows_of
from natcap.carbon.farm.words import fold, vocabulary

__all__ = ["read_feeding", "read_herds", "read_manure"]

_SET = "ipcc2019"
_HEAVIEST = 2000.0


def read_herds(
    frame: pd.DataFrame, tell: Teller, book: Book, choices: Choices, days: int, missing: Missing
) -> pd.DataFrame:
    """One row per herd: population (animals x days present / days of the year), mass, rates, enteric factor."""
    words = vocabulary("categories")
    seen: dict[str, str] = {}
    found = []
    for row in rows_of(frame):
        key = tell.word(row, "category", words)
        name = str(row["herd"])
        if fold(name) in seen and name:
            tell.at(row, "herd", name, "a name for each herd that no other row has")
        seen[fold(name)] = name
        fits = tell.within(row, "head", 0, 10_000_000, "a number of animals") & tell.within(
            row, "days", 0, days, "days"
        )
        if key and fits and not blank(row["head"]):
            found.append(_herd(row, key, tell, book, choices, days, missing))
    return pd.DataFrame(found)


def _herd(
    row: Row, key: str, tell: Teller, book: Book, choices: Choices, days: int, missing: Missing
) -> dict[str, object]:
    kind = vocabulary("categories").row(key)
    present = float(days) if blank(row["days"]) else float(row["days"])
    picks = {
        "pick_mass": _mass(row, kind["mass"], tell, book),
        "pick_vs_rate": ask(tell, row, "category", book, "VS_rate", (_SET, kind["vs_rate"])),
        "pick_n_rate": ask(tell, row, "category", book, "N_rate", (_SET, kind["n_rate"])),
        "pick_enteric": _enteric(row, kind["enteric"], kind["label"], tell, book, choices, missing),
    }
    return {
        "herd": str(row["herd"]),
        "category": key,
        "label": kind["label"],
        "losses": kind["losses"],
        "ef_ch4": kind["ef_ch4"],
        "energy": kind["energy"],
        "grazing": kind["grazing"],
        "enterprise": str(row["enterprise"] or kind["enterprise"]),
        "head": float(row["head"]),
        "days": present,
        "population": float(row["head"]) * present / days,
        "tier": "Tier 1",
        "_sheet": row["_sheet"],
        "_row": row["_row"],
        "_cell": row["_cell_head"],
        **picks,
    }


def _mass(row: Row, category: str, tell: Teller, book: Book) -> Pick | None:
    given = row["weight_kg"]
    if not blank(given):
        if not tell.within(row, "weight_kg", 0.01, _HEAVIEST, "a live weight in kg"):
            return None
        where = f"{row['_sheet']} {row['_cell_weight_kg']}"
        return user_pick(f"user:{where}", "animal_mass", float(given), "kg/head", where)
    if category:
        return ask(tell, row, "category", book, "animal_mass", (_SET, category))
    remedy = "No typical weight is published for this class: give the average live weight."
    tell.at(row, "weight_kg", "an empty cell", "a live weight in kg", remedy)
    return None


def _enteric(
    row: Row, category: str, label: str, tell: Teller, book: Book, choices: Choices, missing: Missing
) -> Pick | None:
    given = row["enteric_ef"]
    if not blank(given):
        if not tell.within(row, "enteric_ef", 0, 500, "kg CH4 per head and year"):
            return None
        where = f"{row['_sheet']} {row['_cell_enteric_ef']}"
        note = str(row["enteric_source"] or "no source given")
        return user_pick(f"user:{where}", "EF_enteric", float(given), "kg CH4/head/year", where, note)
    if not category:
        missing.append(("Enteric fermentation", label, "IPCC prints no factor for this animal"))
        return None
    rows = {"sheep": "high_productivity", "swine": "high_productivity", "goat": "high_productivity", "horse": ""}
    sub = "developed" if choices.enteric_set == "ipcc2006" else rows.get(category, "western_europe")
    remedy = "give your own factor in the column 'Own enteric factor'"
    return ask(tell, row, "category", book, "EF_enteric", (choices.enteric_set, category, sub), remedy)


def read_manure(
    frame: pd.DataFrame, herds: pd.DataFrame, names: list[str], tell: Teller, book: Book, choices: Choices
) -> pd.DataFrame:
    """One row per herd and manure system with its share (per cent) and factors. The shares of a herd add up to 100."""
    known = {fold(name): name for name in names}
    usable = {str(herd["herd"]): herd for herd in rows_of(herds)}
    found: list[dict[str, object]] = []
    lists: list[tuple[str, float, Row]] = []
    for row in rows_of(frame):
        system = tell.word(row, "system", vocabulary("systems"))
        herd = tell.name_of(row, "herd", known)
        fits = tell.within(row, "percent", 0, 100, "a share in per cent") & tell.within(
            row, "exported_pct", 0, 100, "a share in per cent"
        )
        fits &= tell.within(row, "bedding_n_kg", 0, 10_000_000, "kg of nitrogen")
        if not blank(row["percent"]) and herd:
            lists.append((herd, float(row["percent"]), row))
        if system and herd in usable and fits and not blank(row["percent"]):
            record = _handling(row, system, usable[herd], tell, book, choices)
            if record:
                found.append({"herd": herd, **record})
    _check_shares(lists, herds, tell)
    return pd.DataFrame(found)


def _handling(row: Row, system: str, herd: Row, tell: Teller, book: Book, choices: Choices) -> dict[str, object] | None:
    kind, losses = str(herd["ef_ch4"]), str(herd["losses"])
    options = _systems(book, kind, losses)
    if system not in options:
        names = ", ".join(sorted(options))
        tell.at(row, "system", system, f"a system with published factors for {herd['label']}: {names}")
        return None
    picks: dict[str, Pick | None] = {
        "pick_ef_ch4": ask(tell, row, "system", book, "EF_CH4", (_SET, kind, system, choices.climate))
    }
    grazing = system == "pasture"
    for name, parameter, category in (
        ("pick_ef3", "EF3", "all"),
        ("pick_gas", "FracGasMS", losses),
        ("pick_leach", "FracLeachMS", losses),
    ):
        picks[name] = None if grazing else ask(tell, row, "system", book, parameter, (_SET, category, system))
    picks["pick_r_n2"] = None if grazing else book.pick("R_N2", _SET, "all")
    exported = 0.0 if blank(row["exported_pct"]) else float(row["exported_pct"])
    bedding = 0.0 if blank(row["bedding_n_kg"]) else float(row["bedding_n_kg"])
    if grazing and (exported or bedding):
        field = "exported_pct" if exported else "bedding_n_kg"
        tell.at(row, field, f"{exported or bedding:g}", "nothing: dung on pasture is neither bedded nor carted off")
    return {
        "system": system,
        "system_label": vocabulary("systems").row(system)["label"],
        "percent": float(row["percent"]),
        "exported_pct": exported,
        "bedding_n": bedding,
        "_sheet": row["_sheet"],
        "_row": row["_row"],
        "_cell": row["_cell_percent"],
        **picks,
    }


def _systems(book: Book, kind: str, losses: str) -> set[str]:
    """Systems for which every factor is published for an animal."""
    methane = book.subcategories("EF_CH4", kind)
    nitrogen = (
        book.subcategories("EF3", "all")
        & book.subcategories("FracGasMS", losses)
        & book.subcategories("FracLeachMS", losses)
    )
    return methane & (nitrogen | {"pasture"})


def _check_shares(lists: list[tuple[str, float, Row]], herds: pd.DataFrame, tell: Teller) -> None:
    for herd in herds.to_dict("records"):
        rows = [(share, row) for name, share, row in lists if name == herd["herd"]]
        if not rows:
            remedy = "Say on the sheet Manure where its manure goes, grazing included."
            at = {"_sheet": herd["_sheet"], "_row": herd["_row"], "_cell_herd": f"row {herd['_row']}"}
            tell.at(
                at, "herd", f"the herd {herd['herd']!r} without manure systems", "shares that add up to 100", remedy
            )
            continue
        total = sum(share for share, _ in rows)
        if abs(total - 100) > 0.05:
            fraction = "They look like fractions: write per cent." if abs(total - 1) < 0.01 else ""
            tell.at(
                rows[-1][1],
                "percent",
                f"the shares of {herd['herd']!r}, which add up to {total:g}",
                "100 per cent",
                fraction,
            )


def read_feeding(herds: pd.DataFrame, frame: pd.DataFrame, tell: Teller, book: Book, choices: Choices) -> pd.DataFrame:
    """Add what Tier 2 wants to the cattle that have a row on the sheet Feeding; the others stay Tier 1."""
    from natcap.carbon.farm.feeding import feeding_row, worked_rates

    known = {fold(name): name for name in herds.get("herd", pd.Series(dtype=str))}
    usable = {str(herd["herd"]): herd for herd in rows_of(herds)}
    extra: dict[str, dict[str, object]] = {}
    manure = choices.manure == "tier2"
    for row in rows_of(frame):
        herd = tell.name_of(row, "herd", known)
        if not herd:
            continue
        if herd in extra:
            tell.at(row, "herd", herd, "one row for each herd")
        record = feeding_row(row, usable[herd], tell, book, manure) if herd in usable else None
        if record is not None:
            extra[herd] = record
    if not extra:
        return herds
    added = pd.DataFrame.from_dict(extra, orient="index").rename_axis("herd").reset_index()
    merged = herds.merge(added, on="herd", how="left", validate="1:1")
    merged["tier"] = ["Tier 2" if name in extra else "Tier 1" for name in merged["herd"]]
    whole = all(record["pick_ym"] is not None for record in extra.values()) and merged["pick_mass"].notna().all()
    return worked_rates(merged) if manure and whole else merged
