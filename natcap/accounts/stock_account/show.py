"""The carbon account put together: sections of sheet 12, figures, checks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from natcap.accounts.stock_account.depths import depth_section
from natcap.accounts.stock_account.figures import carbon_figures
from natcap.accounts.stock_account.flux import flux_of, flux_section
from natcap.accounts.stock_account.gases import gases_section
from natcap.accounts.stock_account.invest import compare
from natcap.accounts.stock_account.read import StockInput
from natcap.accounts.stock_account.reconcile import Reconciled, reconciled
from natcap.accounts.stock_account.reconcile_figures import reconciled_checks, reconciled_figures
from natcap.accounts.stock_account.reconcile_sheets import bridge_section, type_sections
from natcap.accounts.stock_account.sheets import account_section, class_section, zone_section
from natcap.accounts.stock_account.sure import rated_sections
from natcap.accounts.stock_account.told import residual_section, residual_warning
from natcap.accounts.stock_account.view import View, view_of
from natcap.accounts.stock_account.words import BANNER
from natcap.accounts.stock_account.working import come_section, movements_section, path_section
from natcap.accounts.wings import Setting, Wing
from natcap.core.problems import Problems
from natcap.core.report import Check, Section

__all__ = ["show"]

SHEET = 12
_NET_ONLY = (
    "There is no carbon account by cause: the land cover gives areas at each date, and not what became what. The "
    "carbon stock stands for each date alone"
)


def show(setting: Setting, given: StockInput) -> Wing:
    """The carbon account; nothing without densities or without a change matrix. Raises InputProblems."""
    view = view_of(setting, given)
    if setting.show is None or setting.show.results.densities is None:
        return Wing()
    if view is None:
        return Wing(fallbacks=(_NET_ONLY,) if setting.show.results.classes else ())
    flux = flux_of(view)
    told = compare(view, setting.show.results.inputs)
    problems = Problems()
    found = reconciled(view, problems)
    problems.raise_if_any()
    sections = list(rated_sections(view, found, (
        account_section(view), class_section(view), zone_section(view), come_section(view), flux_section(view, flux),
        *_reconciliation(view, found), depth_section(view, setting.show.results.inputs.classes),
    )))  # fmt: skip
    sections += [*movements_section(view), *told.sections]
    if view.converts:
        sections.append(path_section(view))
    depth = view.densities.depth_cm
    return Wing(
        tuple((SHEET, section) for section in sections),
        (*carbon_figures(view, flux), *reconciled_figures(view, found)),
        (*_checks(view), *reconciled_checks(found, flux)),
        banners=(BANNER,) if view.recalled else (),
        editions=("carbon_stock/transition", "carbon_stock/growth") if view.yearly else (),
        choices={
            "carbon_change": "years" if view.yearly else "settled",
            **({"carbon_timing": given.timing} if view.yearly else {}),
            **({"carbon_gwp": given.gwp} if len(found.rows) else {}),
            "soil_depth_cm": str(depth) if depth else "not stated",
        },
        controls={"carbon movements": str(len(view.movements)), "other gases": str(len(found.rows)), **told.controls},
        fallbacks=(view.fallback,) if view.fallback else (),
        warnings=(*told.warnings, *residual_warning(found, given.gwp)),
        product=view.account,
    )


def _reconciliation(view: View, found: Reconciled) -> tuple[Section, ...]:
    """The account beside the service, then by type, then the gases that were given."""
    by_type = type_sections(view, found)
    if np.isnan(found.service.whole_mean) and found.rows.empty and (found.service.compared == "no").all():
        by_type = by_type[:1]
    more = (residual_section(found, view.given.gwp),) if len(by_type) > 1 else ()
    gases = gases_section(found.rows, view.given.shown, found.types, view.given.gwp)
    return (bridge_section(view, found), *by_type, *more, *gases)


def _checks(view: View) -> Iterator[Check]:
    account = view.account
    size = 1e-9 * max(float(np.abs(account.opening).sum()), float(np.abs(account.closing).sum()), 1.0)
    given = np.nan_to_num(account.entries["growth"]) - np.nan_to_num(account.entries["harvest"])
    given = given - np.nan_to_num(account.entries["disturbance"]) + _reappraised(view)
    expected = account.settled - account.to_come + given
    worst = np.unravel_index(np.abs(expected - account.closing).argmax(), expected.shape)
    title = "Carbon account: closing = area at closing x density - yet to come + movements"
    yield Check("carbon_account.closes", title, float(account.closing.sum()), float(expected.sum()), size, "t C")
    yield Check("carbon_account.closes_everywhere", "The same in the zone, class and pool where it fits worst",
                float(account.closing[worst]), float(expected[worst]), size, "t C")  # fmt: skip
    carried = account.entries["carried_in"].sum(axis=1), account.entries["carried_out"].sum(axis=1)
    off = float(np.abs(carried[0] - carried[1]).max())
    title = "Carbon account: what land carries into classes = what it carries out, in every zone and pool"
    yield Check("carbon_account.carried", title, off, 0.0, size, "t C")


def _reappraised(view: View) -> np.ndarray:
    """Reappraisals that were given, by zone, class and pool."""
    found = np.zeros_like(view.account.opening)
    rows = view.movements
    if not rows.empty:
        mine = rows[rows["kind"] == "reappraisal"]
        np.add.at(found, tuple(mine[n].to_numpy(dtype=int) for n in "zcp"), mine["tonnes"].to_numpy(dtype=float))
    return found
