"""Projections of flows in asset values, V = sum of F g(k) p(t + k) DF(k): by hand, as identities, what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.accounts.asset_value import present_value, present_value_of_carbon
from natcap.accounts.assets_account import AssetChoices
from natcap.accounts.assets_account.changes import CHANGES, EFFECTS, pairs_of
from natcap.accounts.assets_account.projection_read import given_projections
from natcap.accounts.assets_account.rows import valued_rows
from natcap.accounts.assets_account.unit_values import unit_values
from natcap.core.money import Timing, carbon_values
from natcap.core.problems import InputProblems, Problems
from natcap.core.report import Report
from natcap.core.workbook import publish
from tests.accounts.projections import chosen, factors_of, projection, table
from tests.accounts.service_account import AWKWARD, KINDS, account, row, shown, wing
from tests.conftest import absent
from tests.core import recalc

DF = factors_of(100)
CLOSING = "assets.value.closing.total"
FALL = {2020: 110.0, 2023: 100.0, 2032: 100.0, 2033: 50.0}
"""Timber: flat to the ninth year after 2023, then half."""
SINK = {2020: 130.0, 2023: 100.0, 2043: 0.0, 2060: -20.0}
"""A woodland sink that fails and turns into a source."""


def total(report: Report, key: str = CLOSING) -> float:
    found = report.figure(key).value
    assert found is not None
    return found


def timber(*dates: str, **given_: Any) -> Any:
    return account([row(d, "timber", **({"flow": 100.0, "price": 27.0} | given_)) for d in dates or ("closing",)])


def test_timber_that_halves_after_ten_years_by_hand() -> None:
    """100 m3 a year at 27 GBP: whole in the ten years 0 to 9, half in the ninety years 10 to 99. Factors at 3.5 %:
    sum of years 0 to 9 8.60769, of years 0 to 99 29.81255, so that V = 2700 x (8.60769 + 21.20486 / 2) = 51,867."""
    assert DF[:10].sum() == pytest.approx((1 - 1.035**-10) / 0.035 * 1.035, rel=1e-12)
    wanted = 2700 * (DF[:10].sum() + DF[10:100].sum() / 2)
    assert wanted == pytest.approx(51_867, abs=1)
    report = shown(wing(timber(), chosen(projection(FALL), between="linear", after="last")))
    assert total(report) == pytest.approx(wanted, rel=1e-12)
    growth = np.where(np.arange(100) < 10, 1.0, 0.5)
    assert float(present_value(2700.0, "standard", 100, growth=growth)) == pytest.approx(wanted, rel=1e-12)
    share = report.figure("assets.projection.closing.timber")
    assert (share.value, share.unit) == (pytest.approx(0.55), "fraction")
    assert [i.cell for i in share.trace.inputs] == ["D3", "D4", "D5"]
    assert {f.id for f in share.trace.factors} == {f"projection.timber.{y}" for y in (2023, 2032, 2033)}
    leaf = report.figure("assets.value.closing.A.timber.wood")
    flow = "services.flow.closing.A.timber"
    assert leaf.trace.parents == (flow, "assets.projection.closing.timber", "assets.unit.closing.timber")
    assert report.figure("assets.unit.closing.timber").trace.parents == ("assets.projection.closing.timber",)
    assert "projected annuity" in leaf.trace.how
    assert {p for f in report.figures for p in f.trace.parents} <= {flow, *(f.id for f in report.figures)}


def test_flows_at_the_end_and_in_the_middle_of_the_year() -> None:
    """End: the flows of 2024 to 2123, over that of 2023: nine whole, 91 half; middle: the root of DF(k) DF(k + 1)."""
    by: dict[Timing, float] = {
        "end": 2700 * (DF[1:10].sum() + DF[10:101].sum() / 2),
        "mid": 2700 * (np.sqrt(DF[:10] * DF[1:11]).sum() + np.sqrt(DF[10:100] * DF[11:101]).sum() / 2),
    }
    for timing, wanted in by.items():
        given_ = chosen(projection(FALL), between="linear", after="last", timing=timing)
        assert total(shown(wing(timber(), given_))) == pytest.approx(wanted, rel=1e-12)


def test_a_sink_that_declines_to_nothing_against_the_carbon_values() -> None:
    """1 t CO2e in 2024, less by a twentieth each year, nothing from 2044 on: sum over k = 0 to 19 of
    (1 - k / 20) x carbon value of 2024 + k x DF(k)."""
    growth = np.maximum(1 - np.arange(100) / 20, 0.0)
    wanted = sum((1 - k / 20) * float(carbon_values([2024 + k])[0]) * DF[k] for k in range(20))
    rows = account([row("closing", "ghg", flow=1.0, price=268.97, year=2024)], years=(2021, 2024))
    given_ = chosen(projection({2024: 1.0, 2044: 0.0}, "ghg"), between="linear", after="last")
    report = shown(wing(rows, given_))
    assert total(report) == pytest.approx(wanted, rel=1e-12)
    assert float(present_value_of_carbon(growth, 2024, 2022, "standard", 100)) == pytest.approx(wanted, rel=1e-12)
    by_value = account([row("closing", "ghg", value=268.97, year=2024)], years=(2021, 2024))
    assert total(shown(wing(by_value, given_))) == pytest.approx(wanted, rel=1e-9)


def test_a_source_after_the_sink_is_not_clipped() -> None:
    """Straight from 100 in 2023 to 0 in 2043 and on to -20 in 2060, which stays: worth less than ending at 0."""
    rows = account([row("closing", "ghg", flow=3.0, price=264.93)])
    found = total(shown(wing(rows, chosen(projection(SINK, "ghg"), between="linear", after="last"))))
    years = np.arange(2023, 2123)
    index = np.interp(years, [2023, 2043, 2060], [1.0, 0.0, -0.2])
    assert found == pytest.approx(3 * float((index * carbon_values(list(years))) @ DF[:100]), rel=1e-12)
    ended = projection({2023: 100.0, 2043: 0.0}, "ghg")
    assert found < total(shown(wing(rows, chosen(ended, between="linear", after="last"))))


def test_health_effects_keep_their_schedule_and_values_without_a_flow_follow() -> None:
    """Population 1 % a year more for thirty years, then as it is; health: 1.5 % in years 1-30, 1.29 % to 75, 1.07 %."""
    index = {2023 + k: 1.01**k for k in range(31)}
    health = factors_of(99, ((30, 0.015), (75, 0.0129), (999, 0.0107)))
    wanted = float(1.01 ** np.minimum(np.arange(100), 30) @ health)
    given_ = chosen(projection(index, "air"), after="last")
    assert total(shown(wing(account([row("closing", "air", flow=5.0, price=2.0)]), given_))) == pytest.approx(
        10 * wanted
    )
    assert total(shown(wing(account([row("closing", "air", value=7.0)]), given_))) == pytest.approx(7 * wanted)


def test_the_flow_of_the_year_in_place_of_the_mean_of_five() -> None:
    """Recreation of 2023 is 1500, the mean of the years known 1150 (see the account in `service_account`)."""
    report = shown(wing(AWKWARD, chosen(projection({2020: 4.0, 2023: 4.0}, "recreation"), between="linear",
                                        after="last")))  # fmt: skip
    assert total(report, "assets.value.closing.all.recreation") == pytest.approx(1500 * 1.085 * DF[:100].sum())
    assert not any("Recreation" in said and "of 5 years" in said for said in report.run.fallbacks)
    assert any("follow a projection (Recreation)" in note for note in report.section("asset_account").notes)


def test_a_type_of_its_own_before_all_types() -> None:
    rows = account([row("closing", "timber", kind=kind, flow=1.0, price=1.0) for kind in KINDS])
    own, rest = projection({2023: 1.0, 2024: 0.0}, kind="Fen, wet"), projection({2023: 10.0, 2024: 20.0})
    report = shown(wing(rows, chosen(own, rest, after="last")))
    by = [total(report, f"assets.value.closing.all.timber.{kind}") for kind in ("wood", "arable", "fen")]
    assert by == pytest.approx([2 * DF[:100].sum() - 1] * 2 + [1.0])
    assert report.figure("assets.projection.closing.timber.fen").value == pytest.approx(0.01)


def test_another_stretch_of_the_projection_is_revaluation() -> None:
    """The same area, flow and price at both dates; from 2023 on 50 of 100 comes three years sooner than from 2020."""
    report = shown(wing(timber("opening", "closing", hectares=100.0), chosen(
        projection(FALL | {2020: 100.0}), between="linear", after="last")))  # fmt: skip
    opening = 2700 * (DF[:13].sum() + DF[13:100].sum() / 2)
    closing = 2700 * (DF[:10].sum() + DF[10:100].sum() / 2)
    assert total(report, "assets.entry.revaluation.total") == pytest.approx(closing - opening)
    assert total(report, "assets.change.total") == pytest.approx(closing - opening)
    assert total(report, "assets.entry.degradation.total") == 0
    assert any("inside revaluation" in note for note in report.section("asset_decomposition").notes)


def test_sensitivity_says_what_the_projection_does() -> None:
    rows = account(
        [row("closing", "timber", flow=100.0, price=27.0), row("closing", "recreation", flow=1.0, price=1.0)]
    )
    report = shown(wing(rows, chosen(projection(FALL), between="linear", after="last")))
    found = report.section("asset_sensitivity").table.set_index("varied")["value"]
    assert found["flows constant, no projection"] == pytest.approx(2701 * DF[:100].sum())
    assert found["as chosen"] == pytest.approx(total(report))
    assert found["flows at the end of the year"] == pytest.approx(
        2700 * (DF[1:10].sum() + DF[10:101].sum() / 2) + DF[1:101].sum())  # fmt: skip
    assert report.section("asset_groups").table["followed"].tolist() == ["constant", "timber"]
    plain = shown(wing(rows)).section("asset_sensitivity").table
    assert "flows constant, no projection" not in set(plain["varied"])


def test_many_groups_stand_as_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("natcap.accounts.assets_account.sensitivity._LIVE", 0)
    section = shown(wing(timber(), chosen(projection(FALL), between="linear", after="last"))).section(
        "asset_sensitivity")  # fmt: skip
    assert (0, "value") not in section.cells
    assert any("stand as numbers" in note for note in section.notes)


def test_a_timing_beyond_the_last_index_is_marked() -> None:
    """A hundred years of index from 2023 on are enough at the start of the year, not for flows at its end."""
    given_ = chosen(projection(dict.fromkeys(range(2023, 2123), 100.0)))
    report = shown(wing(timber(), given_))
    section = report.section("asset_sensitivity")
    at = int(np.flatnonzero(section.table["varied"] == "flows at the end of the year")[0])
    assert section.marks[at, "value"] == "[x]"
    assert total(report) == pytest.approx(2700 * DF[:100].sum())
    assert any("100 given years; none is filled in" in said for said in report.run.fallbacks)


def test_confidence_and_what_was_filled_are_told() -> None:
    report = shown(wing(timber(), chosen(projection(FALL), between="step", after="last")))
    said = next(s for s in report.run.fallbacks if "projection of Timber" in s)
    assert "3 given years" in said
    assert "8 years (2024-2031) as the given year before them" in said
    assert "90 years (2034-2123) after the last given year, as that year" in said
    assert (report.run.choices["projection_between"], report.run.choices["projection_after"]) == ("step", "last")
    words = {}
    for name, told in (("source", {}), ("none", {"source": ""}), ("red", {"confidence": "Red"})):
        made = shown(wing(timber(), chosen(projection(FALL, **told), between="step", after="last")))
        words[name] = made.section("asset_account").table["confidence"].iloc[0], made.figure(CLOSING).status
    assert words == {"source": ("Amber", "calculated"), "none": ("Red", "recalled"), "red": ("Red", "calculated")}


flows = st.lists(
    st.tuples(st.sampled_from(["timber", "ghg", "air", "minerals"]), st.sampled_from(sorted(KINDS)),
              st.floats(-1e5, 1e5).map(lambda x: round(x, 3)), st.floats(0.01, 1e4).map(lambda x: round(x, 3))),
    min_size=1, max_size=5, unique_by=lambda t: t[:2],
)  # fmt: skip
levels = st.floats(0.01, 1e6).map(lambda x: round(x, 4))
timings = st.sampled_from(["start", "end", "mid"])


def _rows(found: list[Any]) -> Any:
    return account([row(d, s, kind=k, flow=f, price=p) for s, k, f, p in found for d in ("opening", "closing")])


@settings(max_examples=30, deadline=None)
@given(flows, levels, timings)
def test_a_constant_index_is_no_projection(found: list[Any], level: float, timing: Timing) -> None:
    given_, names = _rows(found), list(dict.fromkeys(t[0] for t in found))
    flat = [projection({2020: level, 2023: level}, name) for name in names]
    choices = chosen(*flat, between="linear", after="last", timing=timing)
    one, other = (valued_rows(given_, unit_values(given_, c)) for c in (choices, AssetChoices(timing=timing)))
    assert one["asset"].to_numpy() == pytest.approx(other["asset"].to_numpy(), rel=1e-9)
    assert one["asset_per_value"].to_numpy() == pytest.approx(
        other["asset_per_value"].to_numpy(), rel=1e-9, nan_ok=True
    )


@settings(max_examples=30, deadline=None)
@given(flows, st.lists(st.floats(-200, 200).map(lambda x: round(x, 3)), min_size=1, max_size=6), levels)
def test_the_account_closes_and_scale_of_the_index_is_nothing(
    found: list[Any], later: list[float], scale: float
) -> None:
    given_, names = _rows(found), list(dict.fromkeys(t[0] for t in found))
    index = {2020: 80.0, 2023: 100.0} | {2030 + 7 * n: value for n, value in enumerate(later)}
    sides = []
    for by in (1.0, scale):
        made = [projection({year: by * value for year, value in index.items()}, name) for name in names]
        choices = chosen(*made, between="linear", after="last")
        sides.append(pairs_of(given_, valued_rows(given_, unit_values(given_, choices))))
    one, other = sides
    size = one[["opening", "closing", *CHANGES]].abs().sum(axis=1) + 1e-6
    for names_ in (CHANGES, EFFECTS):
        assert ((one[list(names_)].sum(axis=1) - one["change"]).abs() <= 1e-9 * size).all()
    assert other["closing"].to_numpy() == pytest.approx(one["closing"].to_numpy(), rel=1e-6, abs=1e-3)


def refused(rows: Any, *projections: Any, **choices: Any) -> str:
    with pytest.raises(InputProblems) as caught:
        wing(rows, chosen(*projections, **choices))
    return str(caught.value)


def test_every_year_has_an_index_or_a_choice() -> None:
    said = refused(timber(), projection(FALL))
    assert "projections.xlsx, sheet Projections, cell D3" in said
    assert "no index of timber for 2024 and 7 later years" in said
    assert 'projection_between = "linear" in [choices]' in said
    assert "cell D5: found no index of timber for 2034 and 88 later years" in said
    assert 'projection_after = "last" in [choices] lets the index of 2033 stand' in said
    assert "no index of timber for 2034" not in refused(timber(), projection(FALL), after="last")


def test_the_year_of_a_date_is_never_filled() -> None:
    fill: dict[str, Any] = {"between": "linear", "after": "last"}
    both = timber("opening", "closing")
    said = refused(both, projection({2019: 1.0, 2023: 1.0}), **fill)
    assert "cell A2: found no index of timber for 2020" in said
    assert "the index of 2020, the year of the opening" in said
    said = refused(both, projection({2020: 0.0, 2023: -5.0}), **fill)
    assert "cell D2: found the index 0 for 2020" in said
    assert "cell D3: found the index -5 for 2023" in said
    assert "an index above 0 for 2023, the year of the closing" in said
    assert "100 stands for that emission" in said
    wing(timber(), chosen(projection({2019: 1.0, 2023: 1.0}), **fill))


def test_projections_that_touch_nothing_are_refused() -> None:
    flat = {2023: 1.0}
    said = refused(timber(), projection(flat, "recreation"), projection(flat, kind="Arable"),
                   projection(flat, kind="Woodlnd"))  # fmt: skip
    assert "cell A2: found a projection of recreation, of which the account has no flow, expected one of timber" in said
    assert "cell B2: found the ecosystem type Arable, in which timber has no flow, expected one of Woodland" in said
    assert "Did you mean 'Woodland'?" in said
    said = refused(timber(), projection(flat, kind="Woodland"), projection(flat), after="last")
    assert "for all types, each of which has one of its own" in said
    unpriced = account([row("closing", "timber", flow=1.0), row("closing", "recreation", flow=1.0, price=1.0)])
    warned = shown(wing(unpriced, chosen(projection(flat), after="last"))).warnings
    assert any("no flow of which has an asset value" in str(w) for w in warned)


def test_rows_that_cannot_be_used_are_told_at_their_cells() -> None:
    problems = Problems()
    frame = table({2023: 1.0, 2024: 2.0, 2025: 3.0, 2026: 4.0, 2027: np.inf, 12: 1.0})
    frame.loc[1, "year"], frame.loc[2, "service"], frame.loc[3, "service"] = 2023, "amenity", "timbre"
    found = list(given_projections(frame, "p.xlsx", problems))
    said = [str(p) for p in problems]
    assert "p.xlsx, sheet Projections, cell C3" in said[0]
    assert "the year 2023 of timber for the second time" in said[0]
    assert "Row 2 has it as well" in said[0]
    assert "cell A4: found a projection of Amenity" in said[1]
    assert "asset is that capital" in said[1]
    assert "cell A5: found 'timbre'" in said[2]
    assert "Did you mean 'timber'?" in said[2]
    assert "cell D6: found the index inf" in said[3]
    assert "cell C7: found '12', expected a calendar year" in said[4]
    assert [p.years for p in found] == [(2023,)]


@pytest.mark.office
@pytest.mark.parametrize("choices", [{}, {"timing": "end", "level": "high", "schedule": "sensitivity"}])
def test_workbook_recalculates(choices: dict[str, Any], tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice (soffice)")
    made = chosen(projection(FALL), projection(SINK, "ghg", "Arable"), projection({2023: 1.0, 2050: 2.0}, "ghg"),
                  projection({2020: 1.0, 2023: 1.1}, "air"), between="linear", after="last")  # fmt: skip
    report = shown(wing(replace(AWKWARD, rows=AWKWARD.rows[~(AWKWARD.rows["type"].eq("fen") & AWKWARD.rows[
        "date"].eq("opening"))]), replace(made, **choices)))  # fmt: skip
    publish(report, tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert count > 3000
    assert wrong == []
