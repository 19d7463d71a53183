"""The walk back of a figure: its lines add up to it, its factors have pages, its parents are walked back too."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from natcap.core.explain import explain
from natcap.core.report import FactorRef, Figure, InputRef, Report, Trace
from tests.core.sample_report import sample


def test_lines_add_up_to_the_figure() -> None:
    """Ten gas lines and ten fuel lines: the sum over cells D2, D5, ... by hand, in tonnes."""
    found = explain(sample(), "business.scope1")
    by_hand = sum(round(100 + n * 7.3, 1) * (0.18296 if n % 3 == 0 else 2.51233) for n in range(30) if n % 3 < 2) / 1000
    assert found.count == 20
    assert found.line_sum == pytest.approx(by_hand, rel=1e-12)
    assert found.agrees
    assert found.line_sum == pytest.approx(found.figure.value, rel=1e-12)
    assert len(found.lines) == 10
    assert found.lines[0]["kg_co2e"] == max(line["kg_co2e"] for line in found.lines)
    assert {line["cell"] for line in found.lines} <= {f"D{n}" for n in range(2, 32)}


def test_factors_of_trace_and_lines_once_each() -> None:
    found = explain(sample(), "business.scope1")
    assert [f.id for f in found.factors] == ["f.gas", "f.diesel"]
    assert found.factors[0].locator == "Fuels, row 27"
    assert found.factors[1].value == 2.51233
    assert found.inputs[0].cell == "D2"


def test_parents_are_walked_back_once() -> None:
    found = explain(sample(), "business.total")
    assert [p.figure.id for p in found.parents] == ["business.scope1", "business.scope2"]
    assert sum(p.line_sum or 0 for p in found.parents) == pytest.approx(found.line_sum)
    twice = Figure("both", "Both", 1.0, "t_co2e", Trace("Twice.", parents=("business.scope1", "business.scope1")))
    report = replace(sample(), figures=(*sample().figures, twice))
    assert [p.again for p in explain(report, "both").parents] == [False, True]


def test_a_circle_of_parents_ends() -> None:
    one = Figure("one", "One", 1.0, "", Trace("From two.", parents=("two",)))
    two = Figure("two", "Two", 1.0, "", Trace("From one.", parents=("one",)))
    found = explain(replace(sample(), figures=(one, two)), "one")
    assert found.parents[0].parents[0].again


def test_figure_that_its_lines_do_not_give_is_said() -> None:
    report = sample()
    wrong = replace(report.figures[0], value=report.figures[0].value + 0.001)  # type: ignore[operator]
    found = explain(replace(report, figures=(wrong,)), "business.scope1")
    assert found.agrees is False
    assert "DOES NOT EQUAL" in found.text()


def test_text_fits_a_hundred_columns_and_shows_the_totals() -> None:
    text = explain(sample(), "business.total", most_lines=3).text()
    assert max(map(len, text.splitlines())) <= 100
    assert "… and 27 more lines" in text
    assert "sum of 30 lines times 0.001" in text
    assert "equals the figure" in text
    assert "line 29  Van: 304.4 litre x 2.51233 = 764.753252 kg CO2e" in text
    assert "activity.xlsx, Activity, D30, bill 28; factor f.diesel, example 2025, exact, read" in text
    long = Figure("long", "word " * 60, 1.0, "kg", Trace("why " * 90))
    text = explain(replace(sample(), figures=(long,)), "long").text()
    assert max(map(len, text.splitlines())) <= 100


def test_unknown_figure_names_the_nearest() -> None:
    with pytest.raises(KeyError, match=r"Did you mean 'business\.scope1'"):
        explain(sample(), "business.scop1")
    with pytest.raises(KeyError, match="There are 4"):
        explain(sample(), "zzz")


def test_missing_figure_and_report_without_lines() -> None:
    assert explain(sample(), "business.scope3").figure.value is None
    found = explain(replace(sample(), lines=None), "business.scope1")
    assert found.agrees is None
    assert found.count == 0


def test_tree_as_plain_values() -> None:
    found = explain(sample(), "business.total").as_dict()
    again = json.loads(json.dumps(found, allow_nan=False))
    assert again["parents"][0]["id"] == "business.scope1"
    assert again["line_count"] == 30
    assert again["lines"][0]["factor_id"]


def _deep() -> Report:
    """A total of 40 + 2 = 42: one part of 40 figures of 1, one of 2 of them."""
    leaves = [Figure(f"leaf.{n}", f"Leaf {n}", 1.0, "ha", Trace("read", inputs=(InputRef("a.csv", cell=f"A{n}"),)))
              for n in range(42)]  # fmt: skip
    parts = [Figure(name, f"Part {name}", float(len(own)), "ha", Trace("adds up", parents=tuple(f.id for f in own)))
             for name, own in (("many", leaves[:40]), ("few", leaves[40:]))]  # fmt: skip
    total = Figure("total", "Total", 42.0, "ha", Trace("adds up", parents=("many", "few", "leaf.0")))
    odd = replace(total, id="odd", value=43.0, trace=Trace("adds up", parents=("many", "few", "leaf.0")))
    even = replace(total, id="even", trace=Trace("adds up", parents=("many", "few")))
    return replace(sample(), figures=(*leaves, *parts, total, odd, even))


def test_a_long_walk_back_is_cut_at_the_deepest_level_that_fits() -> None:
    found = explain(_deep(), "even")
    whole = found.text().splitlines()
    assert sum("input: " in line for line in whole) == 42
    cut = found.text(most=60, go_on="Go on so.").splitlines()
    assert cut[:3] == ["Total = 42 ha  <even>", "  adds up", "  sum of the 2 figures below = 42: equals the figure"]
    assert [line for line in cut if "<many>" in line or "<few>" in line] == ["  Part many = 40 ha  <many>",
                                                                            "  Part few = 2 ha  <few>"]  # fmt: skip
    assert not any("leaf" in line for line in cut)
    assert cut[-1] == f"Cut here: {len(whole)} lines in all. Go on so."
    assert sum("<leaf." in line for line in found.text(most=120).splitlines()) == 42
    assert found.text(most=len(whole)) == found.text()


def test_the_sum_of_the_parts_is_said_only_where_it_is_the_figure() -> None:
    """40 + 2 + 1 = 43, and not 42."""
    assert "sum of the 3 figures" not in explain(_deep(), "total").text()
    assert "sum of the 3 figures below = 43: equals the figure" in explain(_deep(), "odd").text()


def test_only_so_deep_as_asked() -> None:
    found = explain(_deep(), "even", depth=1)
    assert [(p.figure.value, p.parents, p.again) for p in found.parents] == [(40.0, (), False), (2.0, (), False)]


def test_factors_of_one_page_name_it_once_and_a_cut_shows_ten() -> None:
    """Twelve factors of one page and one of another, then a part so long that the whole is cut."""
    refs = [FactorRef(f"f.{n}", f"Rate {n}", float(n), "kg", "A book", "p. 1" if n < 12 else "p. 2", "read")
            for n in range(13)]  # fmt: skip
    one = Figure("one", "One", 42.0, "kg", Trace("by rates", factors=tuple(refs), parents=("even",)))
    found = explain(replace(_deep(), figures=(*_deep().figures, one)), "one")
    text = found.text()
    assert text.count("A book") == 2
    assert text.count("; same page") == 11
    cut = found.text(most=40)
    assert "factor f.9: Rate 9, 9 kg; same page" in cut
    assert "factor f.10" not in cut
    assert "… and 3 more factors" in cut
