"""Section 13 from the project's own parcels: net gain, units, trading, and every parcel with its factors."""

from __future__ import annotations

from collections.abc import Iterator

from natcap.accounts.biodiversity import stamp
from natcap.accounts.biodiversity.beside import beside, same
from natcap.accounts.biodiversity.resting import tell
from natcap.accounts.biodiversity.sections import MEMO
from natcap.accounts.habitats_account.account import HabitatAccount, habitat_account
from natcap.accounts.habitats_account.figures import habitat_figures
from natcap.accounts.habitats_account.parcels import parcel_sections, place_words
from natcap.accounts.habitats_account.read import HabitatInput
from natcap.accounts.habitats_account.results import result_sections
from natcap.accounts.habitats_account.uses import parcels
from natcap.accounts.wings import Setting, Wing
from natcap.core.problems import Problems
from natcap.core.report import Check

__all__ = ["show"]


def show(setting: Setting, given: HabitatInput) -> Wing:
    """The wing of the parcel template."""
    account, e = habitat_account(given), given.edition
    cited, mine = stamp.cites(e)[0], parcels(given)
    sections = stamp.stamped(
        e, (*result_sections(setting, account, cited), *parcel_sections(account, cited, stamp.origins(e, mine.uses)))
    )
    problems = Problems()
    tell(e, given.shown, mine.uses, problems)
    alike = same(e, mine)
    return Wing(
        tuple((13, section) for section in (*sections, *beside(e, mine))),
        tuple(habitat_figures(setting, given, account)),
        tuple(_checks(account)),
        banners=stamp.banners(e, mine.uses),
        notes=(*stamp.notes(e), *((alike,) if alike else ()), *((MEMO,) if account.outcome.shortfalls else ())),
        editions=(f"biodiversity metric {e.name}",),
        choices={"metric_edition": e.name},
        controls={"biodiversity parcels": str(len(given.plots))},
        warnings=problems.warnings,
        product=account,
    )


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
