"""Catastrophic losses by hand: what they are worth, which entry they leave, and what cannot be told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st

from natcap.accounts.assets_account import AssetChoices
from natcap.accounts.assets_account.changes import CHANGES
from natcap.accounts.assets_account.losses.applied import MOVED, with_losses
from natcap.accounts.assets_account.losses.limits import fallen
from natcap.accounts.assets_account.losses.read import Loss, Losses
from natcap.accounts.land import Land
from natcap.accounts.services.account import ServiceAccount
from natcap.core.problems import InputProblems
from natcap.core.report import Report
from natcap.core.workbook import publish
from tests.accounts.service_account import LAND, account, pairs, row, shown, wing
from tests.conftest import absent
from tests.core import recalc

Z = 29.812545333317846
"""One pound a year for a hundred years, standard schedule, timing start: case DF-3 of the worked cases."""


def lost(*rows: dict[str, Any]) -> Losses:
    """The rows of a workbook, from row 2 on; a storm in the woods of zone A in 2022 unless given."""
    made = []
    for n, one in enumerate(rows, start=2):
        r = {"event": "Storm", "year": 2022, "zone": "A", "type": "Woodland", "service": "", "note": "",
             "evidence": "a survey"} | one  # fmt: skip
        measure = "flow" if "flow" in r else "area"
        amount = float(r.pop("flow", 0.0) or r.pop("hectares", 0.0))
        names = ("event", "year", "zone", "type", "service", "hectares", "flow")
        cells = {f"_cell_{name}": f"{letter}{n}" for name, letter in zip(names, "ABCDEFG", strict=True)}
        cells |= {"_sheet": "Losses", "_row": n}
        made.append(Loss(measure=measure, amount=amount, entered=amount, unit=r.pop("unit", "ha"), row=r | cells, **r))
    return Losses("losses.xlsx", tuple(made))


def woods(opening: float = 100.0, closing: float = 80.0, matrix: bool = True) -> Land:
    """Zone A: a wood that loses what becomes arable; zone b 2 has none of it."""
    cells = np.zeros((2, 4, 4))
    cells[0, 1, 1], cells[0, 1, 2] = closing, opening - closing
    areas = [np.array([[ha, 0.0, 0.0], [0.0, 0.0, 0.0]]) for ha in (opening, closing)]
    areas[1][0, 1] = opening - closing
    return replace(LAND, opening=areas[0], closing=areas[1], matrix=cells if matrix else None)


def of_woods(land: Land | None = None, **given: Any) -> ServiceAccount:
    """Timber of zone A at 5 m3 a hectare and £20 unless given."""
    land = land or woods()
    rows = []
    for date in ("opening", "closing"):
        ha = float(land.area(date)[0, 0])
        told = {"hectares": ha, "flow": 5 * ha, "price": 20.0} | {
            key: value[date] if isinstance(value, dict) else value for key, value in given.items()
        }
        rows.append(row(date, "timber", **told))
    made = account(rows, land=land)
    areas = {d: pd.DataFrame(land.area(d), list(land.zones), list(made.types)) for d in ("opening", "closing")}
    return replace(made, type_area=areas)


def built(given: ServiceAccount, losses: Losses | None) -> Report:
    return shown(wing(given, AssetChoices(losses=losses)))


def entry(report: Report, name: str) -> float | None:
    return report.figure(f"assets.entry.{name}.total").value


def refused(given: ServiceAccount, *rows: dict[str, Any], broken: bool = False) -> list[str]:
    with pytest.raises(InputProblems) as caught:
        with_losses(given, pairs(given, broken), lost(*rows), broken)
    return [str(problem) for problem in caught.value.problems]


def test_a_storm_takes_fifteen_of_twenty_hectares() -> None:
    """100 ha of wood, 80 at the closing; 5 m3 a hectare at £20 and an annuity of 29.8125: £2,981.25 a hectare. Of the
    20 ha that went a storm took 15: 15 x 2,981.25 = 44,718.75 lost, 5 x 2,981.25 = 14,906.25 other reductions."""
    report = built(of_woods(), lost({"hectares": 15.0}))
    assert entry(report, "catastrophic") == pytest.approx(-15 * 100 * Z)
    assert entry(report, "catastrophic") == pytest.approx(-44_718.75, abs=0.1)
    assert entry(report, "reductions") == pytest.approx(-14_906.25, abs=0.1)
    plain = built(of_woods(), None)
    assert entry(plain, "reductions") == pytest.approx(-59_625, abs=0.1)
    same = ("enhancement", "degradation", "additions", "other_volume", "reappraisals", "revaluation")
    assert [entry(report, name) for name in same] == [entry(plain, name) for name in same]
    for key in ("asset_account", "asset_account_by_type"):
        table = report.section(key).table
        assert (table["opening"] + table["net"]).tolist() == pytest.approx(table["closing"].tolist())
        assert table["catastrophic"].tolist() == pytest.approx([-15 * 100 * Z] * 2)


def test_no_workbook_is_no_zero() -> None:
    report = built(of_woods(), None)
    figure = report.figure("assets.entry.catastrophic.total")
    assert (figure.value, figure.status) == (None, "missing")
    assert "none recorded" in figure.trace.how
    for key in ("asset_account", "asset_account_by_type"):
        section = report.section(key)
        assert {section.marks[n, "catastrophic"] for n in range(len(section.table))} == {"[w]"}
        assert "losses in [inputs]" in " ".join(section.notes)
    assert "ha_lost" not in report.section("asset_changes").table


def test_a_wood_that_stays_loses_a_flow() -> None:
    """100 ha at both dates, 500 m3 falls to 400 a year: the fall of 100 m3 at £20 and 29.8125 is 59,625 of degradation.
    Disease took 60 m3 of it: 60 x 20 x 29.8125 = 35,775 lost, 23,850 other degradation."""
    flow = {"opening": 500.0, "closing": 400.0}
    given = of_woods(woods(100.0, 100.0), flow=flow)
    report = built(given, lost({"flow": 60.0, "service": "timber", "unit": "m3"}))
    assert entry(report, "catastrophic") == pytest.approx(-60 * 20 * Z)
    assert entry(report, "catastrophic") == pytest.approx(-35_775, abs=0.1)
    assert entry(report, "degradation") == pytest.approx(-23_850, abs=0.1)
    whole = built(given, lost({"flow": 100.0, "service": "timber"}))
    assert entry(whole, "degradation") == 0.0
    assert entry(whole, "reductions") == 0.0


def test_an_area_and_a_flow_of_one_storm() -> None:
    """100 to 80 ha and 5 to 4 m3 a hectare: 20 ha x (5 + 4)/2 x £20 x 29.8125 = 53,662.5 by extent; the flow fell by
    1 m3 on a mean of 90 ha. The storm took 15 ha and 45 m3: 40,246.88 + 26,831.25; half the rest stays."""
    given = of_woods(flow={"opening": 500.0, "closing": 320.0})
    losses = lost({"hectares": 15.0}, {"flow": 45.0, "service": "timber", "zone": ""})
    report = built(given, losses)
    area, flow = -15 * 4.5 * 20 * Z, -45 * 20 * Z
    assert entry(report, "catastrophic") == pytest.approx(area + flow)
    assert entry(report, "reductions") == pytest.approx(-5 * 4.5 * 20 * Z)
    assert entry(report, "degradation") == pytest.approx(-45 * 20 * Z)
    assert report.figure("assets.loss.storm.A.wood.all.area").value == pytest.approx(area)
    assert report.figure("assets.loss.storm.all.wood.timber.flow").value == pytest.approx(flow)
    total = report.figure("assets.loss.storm.total")
    assert total.value == pytest.approx(area + flow)
    assert report.figure("assets.entry.catastrophic.total").trace.parents == (total.id,)
    flows = {f"services.flow.{date}.A.timber" for date in ("opening", "closing")}
    assert {parent for f in report.figures for parent in f.trace.parents} <= {f.id for f in report.figures} | flows
    (cell,) = report.figure("assets.loss.storm.A.wood.all.area").trace.inputs
    assert (cell.file, cell.sheet, cell.cell, cell.value, cell.unit) == ("losses.xlsx", "Losses", "F2", "15", "ha")
    table = report.section("asset_losses").table
    assert table["value"].tolist() == pytest.approx([area, flow, area + flow])
    assert report.section("asset_losses").number == "9b"
    assert "all in one event: Storm" in report.section("asset_losses").summary
    assert "Catastrophic losses between the dates took £67.1 thousand" in report.section("asset_account").summary


def test_a_flow_that_is_not_per_hectare() -> None:
    """1,000 visits fall to 700 at £1.085: 300 x 1.085 x 29.8125 of other changes; a flood took 200 of them."""
    whole = {"zone": "all", "kind": "not_by_type", "price": 1.085}
    rows = [row(d, "recreation", flow=f, **whole) for d, f in (("opening", 1000.0), ("closing", 700.0))]
    flood = {"event": "Flood", "service": "recreation", "flow": 200.0, "type": "", "zone": ""}
    report = built(account(rows), lost(flood))
    assert entry(report, "catastrophic") == pytest.approx(-200 * 1.085 * Z)
    assert entry(report, "other_volume") == pytest.approx(-100 * 1.085 * Z)
    in_zone = built(account(rows), lost(flood | {"zone": "Zone A", "type": "Arable"}))
    assert entry(in_zone, "catastrophic") == pytest.approx(-200 * 1.085 * Z)


def test_every_service_of_the_land_that_can_be_told() -> None:
    """Timber and air of the wood of zone A, 100 to 110 ha of which 5 went: 3 ha of a storm. Recreation is not divided
    by hectares, fish has no value: both are named, neither moves."""
    rows = [row(d, s, flow=flow, price=price) for d in ("opening", "closing")
            for s, flow, price in (("timber", 100.0 + 10 * (d == "closing"), 1.0), ("fish", 1.0, np.nan))]  # fmt: skip
    rows += [row(d, "recreation", hectares=np.nan, flow=5.0, price=1.0) for d in ("opening", "closing")]
    report = built(account(rows), lost({"hectares": 3.0}))
    assert entry(report, "catastrophic") == pytest.approx(-3 * Z)
    assert entry(report, "reductions") == pytest.approx(-2 * Z)
    (said,) = [text for text in report.run.fallbacks if text.startswith("Catastrophic losses")]
    assert "Fish has no asset value" in said
    assert "Recreation is no flow per hectare" in said
    marks = report.section("asset_account").marks
    items = report.section("asset_account").table["item"].tolist()
    assert marks[items.index("Recreation"), "catastrophic"] == "[w]"
    assert marks[items.index("Fish"), "catastrophic"] == "[z]"
    changed = report.section("asset_changes")
    assert "[w]" in {changed.marks.get((n, "catastrophic")) for n in range(len(changed.table))}


def test_more_than_the_account_shows_is_refused_with_the_limit() -> None:
    (said,) = refused(of_woods(), {"hectares": 20.5})
    assert "losses.xlsx, sheet Losses, cell F2" in said
    assert "20.5 ha of Woodland in A lost" in said
    assert "at most 20 ha" in said
    assert "change matrix" in said
    (both,) = refused(of_woods(), {"hectares": 15.0}, {"hectares": 6.0, "event": "Fire", "service": "timber"})
    assert "cell F3" in both
    assert "21 ha together with F2" in both
    (net,) = refused(of_woods(woods(matrix=False)), {"hectares": 21.0})
    assert "net: no change matrix tells more" in net
    flow = {"opening": 500.0, "closing": 320.0}
    said, more = refused(of_woods(flow=flow), {"flow": 91.0, "service": "timber", "zone": "Zone A"},
                         {"flow": 1.0, "service": "timber", "event": "Fire"})  # fmt: skip
    assert "cell G2" in said
    assert "at most 90 m3_overbark, by which the expected flow of Timber fell by itself" in said
    assert "mean of up to five years" in said
    assert "cell G3" in more
    (rose,) = refused(of_woods(woods(100.0, 100.0), flow={"opening": 400.0, "closing": 500.0}),
                      {"flow": 1.0, "service": "timber"})  # fmt: skip
    assert "at most 0 m3_overbark" in rose
    assert not refused_all(of_woods(), {"hectares": 15.0}, {"hectares": 5.0, "event": "Fire"})


def refused_all(given: ServiceAccount, *rows: dict[str, Any]) -> bool:
    after, _ = with_losses(given, pairs(given), lost(*rows), False)
    return bool(after["reductions"].sum() != 0)


def test_the_zone_must_be_told_where_several_lost_land() -> None:
    """Woods leave 5 ha in A; in b 2 all 40 ha stay. Arable leaves 15 ha in A and 10 in b 2."""
    rows = [row(d, "timber", z, k, flow=float(LAND.area(d)[n, m]), price=1.0) for d in ("opening", "closing")
            for n, z in enumerate(LAND.zones) for m, k in enumerate(("wood", "arable"))]  # fmt: skip
    given = account(rows)
    after, _ = with_losses(given, pairs(given), lost({"hectares": 4.0, "zone": "all"}), False)
    assert after.loc[after["ha_lost"].notna(), "zone"].tolist() == ["A"]
    (said,) = refused(given, {"hectares": 4.0, "zone": "", "type": "arable"})
    assert "cell C2" in said
    assert "one of A Zone A, b 2 Zone B" in said
    whole, _ = with_losses(given, pairs(given), lost({"hectares": 25.0, "zone": "", "type": "Arable"}), False)
    assert sorted(whole["ha_lost"].dropna()) == pytest.approx([10.0, 15.0])
    named, _ = with_losses(given, pairs(given), lost({"hectares": 9.0, "zone": "b_2", "type": "Arable"}), False)
    assert named["catastrophic"].sum() == pytest.approx(-9 * Z)


def test_what_cannot_be_told_is_refused_with_a_reason() -> None:
    given = of_woods()
    zone, kind = refused(given, {"hectares": 1.0, "zone": "Zone C"}, {"hectares": 1.0, "type": "Woodlands"})
    assert "cell C2" in zone
    assert "one of A Zone A, b 2 Zone B, or blank" in zone
    assert "cell D3" in kind
    assert "Did you mean 'Woodland'?" in kind
    maps = refused(given, {"hectares": 1.0}, {"flow": 1.0, "service": "timber"}, broken=True)
    assert "maps that do not compare" in maps[0]
    assert "maps that do not compare" in maps[1]
    (missing,) = refused(given, {"hectares": 1.0, "service": "air"})
    assert "cell E2" in missing
    assert "Air pollutant removal is not supplied by this type there" in missing
    late = account([row("closing", "timber", flow=1.0, price=1.0)])
    (apart,) = refused(late, {"hectares": 1.0})
    assert "Timber does not compare between the dates" in apart
    other = of_woods(woods(100.0, 100.0), flow={"opening": 500.0, "closing": 400.0},
                     origin={"opening": "model", "closing": "reading"})  # fmt: skip
    (method,) = refused(other, {"flow": 1.0, "service": "timber"})
    assert "another source or factor at each date" in method
    money = of_woods(flow=np.nan, price=np.nan, value={"opening": 500.0, "closing": 100.0})
    (worth,) = refused(money, {"flow": 1.0, "service": "timber"})
    assert "valued by its yearly value, without a flow" in worth
    after, _ = with_losses(money, pairs(money), lost({"hectares": 1.0}), False)
    assert after["catastrophic"].sum() < 0
    named = replace(given, land=replace(given.land, names=("Vale", "Vale")))
    (same,) = refused(named, {"hectares": 1.0, "zone": "Vale"})
    assert "a name of 2 zones" in same


@hypothesis.given(
    rates=st.tuples(*[st.floats(0.1, 50)] * 2), prices=st.tuples(*[st.floats(-5, 200)] * 2),
    areas=st.tuples(*[st.floats(1, 1e4)] * 2), parts=st.tuples(*[st.floats(0.001, 1.0)] * 2),
)  # fmt: skip
@hypothesis.settings(max_examples=25, deadline=None)
def test_losses_only_move_what_the_account_shows(
    rates: tuple[float, float], prices: tuple[float, float], areas: tuple[float, float], parts: tuple[float, float]
) -> None:
    """Whatever part of the fall of area and flow is lost: the account closes, and other entries stay to the bit."""
    high, low = max(areas), min(areas)
    dates = ("opening", "closing")
    flow = {d: r * ha for d, r, ha in zip(dates, rates, (high, low), strict=True)}
    given = of_woods(woods(high, low), flow=flow, price=dict(zip(dates, prices, strict=True)))
    before = pairs(given)
    rows: list[dict[str, Any]] = []
    if before["ha_out"].iloc[0] > 0:
        rows.append({"hectares": before["ha_out"].iloc[0] * parts[0]})
    if fallen(before).iloc[0] > 1e-6:
        rows.append({"flow": float(fallen(before).iloc[0]) * parts[1], "service": "timber"})
    if not rows:
        return
    after, _ = with_losses(given, before, lost(*rows), False)
    size = before[["opening", *CHANGES, "closing"]].abs().sum(axis=1).iloc[0] + 1e-6
    step = after["closing"] - after["opening"]
    assert abs(after[list(CHANGES)].sum(axis=1) - step).iloc[0] <= 1e-9 * size
    assert abs(after[list(MOVED)].sum(axis=1) - before[list(MOVED)].sum(axis=1)).iloc[0] <= 1e-9 * size
    kept = [name for name in (*CHANGES, "opening", "closing") if name not in MOVED]
    pd.testing.assert_frame_equal(after[kept], before[kept])


@pytest.mark.office
def test_the_workbook_recalculates(tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice (soffice)")
    given = of_woods(flow={"opening": 500.0, "closing": 320.0})
    losses = lost({"hectares": 15.0}, {"flow": 45.0, "service": "timber"}, {"hectares": 5.0, "event": "Fire"},
                  {"flow": 10.0, "service": "timber", "event": "Fire"})  # fmt: skip
    publish(built(given, losses), tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert count > 500
    assert wrong == []
