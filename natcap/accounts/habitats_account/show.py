"""Section 13 from the project's own parcels: net gain, units, trading, and every parcel with its factors."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from natcap.accounts.biodiversity.edition import MetricError
from natcap.accounts.biodiversity.sections import MEMO
from natcap.accounts.habitats_account.account import HabitatAccount, habitat_account
from natcap.accounts.habitats_account.figures import habitat_figures
from natcap.accounts.habitats_account.parcels import parcel_sections, place_words
from natcap.accounts.habitats_account.plots import enhancement_key
from natcap.accounts.habitats_account.read import HabitatInput
from natcap.accounts.habitats_account.results import result_sections
from natcap.accounts.wings import Setting, Wing
from natcap.core.problems import Problems
from natcap.core.report import Check
from natcap.core.resources import root
from natcap.core.sources import source

__all__ = ["show"]


def show(setting: Setting, given: HabitatInput) -> Wing:
    """The wing of the parcel template."""
    account = habitat_account(given)
    cited = source(given.edition.source).cite()
    sections = (*result_sections(setting, account, cited), *parcel_sections(account, cited))
    return Wing(
        tuple((13, section) for section in sections),
        tuple(habitat_figures(setting, given, account)),
        tuple(_checks(account)),
        notes=(MEMO,) if account.outcome.shortfalls else (),
        editions=(f"biodiversity metric {given.edition.name}",),
        choices={"metric_edition": given.edition.name},
        controls={"biodiversity parcels": str(len(given.plots))},
        warnings=_doubts(given).warnings,
        product=account,
    )


def _doubts(given: HabitatInput) -> Problems:
    """Parcels that rest on a cell of the tables in which another published transcription differs."""
    problems = Problems()
    folder = root("factors") / "biodiversity" / f"metric_{given.edition.name.replace('.', '_')}"
    seen = pd.read_csv(folder / "differences_seen.csv", dtype=str, keep_default_na=False)
    known = {(row["habitat"], row["parameter"]): row for row in seen.to_dict("records")}
    for plot in given.plots:
        if plot.kind != "area" or plot.step != "enhanced":
            continue
        try:
            key = enhancement_key(given.edition, plot)
        except MetricError:
            continue
        for parameter in (f"years_to_target_enhancement: {key}", "difficulty_enhancement"):
            row = known.get((plot.habitat, parameter))
            if row is not None:
                here, there = row["metric_4_1"], row["other_copy"]
                found = f"the {parameter.replace('_', ' ')} of {plot.habitat}, {here} in metric {given.edition.name}"
                problems.add(given.shown, found, f"one value in every copy; another transcription has {there}",
                             "Compare with the edition that the consenting body uses", sheet=plot.sheet,
                             cell=plot.cells.get("condition", ""), warning=True)  # fmt: skip
    return problems


def _checks(account: HabitatAccount) -> Iterator[Check]:
    plots = account.plots
    before = plots[plots["step"] == "baseline"]
    for row in account.totals.to_dict("records"):
        mine = before[(before["kind"] == row["kind"]) & (before["on_site"] == row["on_site"])]
        place = place_words(bool(row["on_site"]))
        product = mine["improved"] * mine["d"] * mine["c"] * mine["s"] * mine["w"] * mine["r"] * mine["risk"]
        improved = float(product.sum()) if len(mine) else 0.0
        right = float(row["retained"]) + float(row["lost"]) + improved
        stem = f"biodiversity.{row['kind']}.{place.replace(' ', '_')}"
        yield Check(stem, f"Biodiversity, {row['kind']} units {place}: before = retained + lost + to be enhanced",
                    float(row["baseline"]), right, 1e-9 * max(1.0, abs(right)), f"{row['kind']} units")  # fmt: skip
    for row in account.outcome.gain.to_dict("records"):
        changes = account.outcome.changes[account.outcome.changes["kind"] == row["kind"]]
        left, right = float(row["net"]), float(changes["net"].sum())
        title = f"Biodiversity, {row['kind']} units: net change of the project = changes of its habitats"
        tolerance = 1e-9 * max(1.0, float(row["baseline"]), abs(right))
        yield Check(f"biodiversity.{row['kind']}.trading", title, left, right, tolerance, f"{row['kind']} units")
