"""Error-adjusted areas from a table of reference points: the published example, then what must be told and refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.accounts import trunk
from natcap.accounts.accuracy import adjust
from natcap.accounts.accuracy_account.model import GUIDANCE, MODEL
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import publish, write_template
from tests.accounts.maps import project, write_tif
from tests.conftest import absent
from tests.core import recalc

WOOD, ARABLE = 1, 3
LOSS, GAIN, STAY, OPEN = (
    "Deciduous woodland to Arable",
    "gain of Deciduous woodland",
    "stable Deciduous woodland",
    "stable 3",
)
CELLS = (200, 150, 3200, 6450)
"""A thousandth of the pixels of Olofsson et al. 2014, Table 8: deforestation, gain, stable forest, stable other."""
SAMPLE = ((66, 0, 5, 4), (0, 55, 8, 12), (1, 0, 153, 11), (2, 1, 9, 313))

Build = Callable[..., Any]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Maps of 100 x 100 cells of 30 m with the cells of the example, and the points given."""

    def job(*rows: tuple[Any, ...], make: Callable[..., Any] = trunk.build, inputs: dict[str, Any] | None = None,
            **choices: Any) -> Any:  # fmt: skip
        opening = np.repeat([WOOD, ARABLE, WOOD, ARABLE], CELLS).reshape(100, 100).astype("uint8")
        closing = np.repeat([ARABLE, WOOD, WOOD, ARABLE], CELLS).reshape(100, 100).astype("uint8")
        for name, codes in (("a.tif", opening), ("b.tif", closing)):
            write_tif(tmp_path / name, codes, cell=30.0)
        fields = ("of", "map_class", "reference_class", "points")
        data = [dict(zip(fields, row, strict=True)) for row in rows]
        write_template([MODEL], tmp_path / "accuracy.xlsx", "Accuracy", GUIDANCE, True, {"accuracy": data})
        named = {"opening": "a.tif", "closing": "b.tif", "accuracy": "accuracy.xlsx"} | (inputs or {})
        base = {"classes": "ukceh_lcm_21", "carbon": "none", "comparable": True}
        return make(read_project(project(tmp_path, named, base | choices)))

    return job


def published() -> list[tuple[Any, ...]]:
    names = (LOSS, GAIN, STAY, OPEN)
    return [("change", names[i], names[j], n) for i, row in enumerate(SAMPLE) for j, n in enumerate(row) if n]


def dates() -> list[tuple[Any, ...]]:
    return [
        (of, a, b, n)
        for of in ("opening", "closing")
        for a, b, n in (("Deciduous woodland", "1", 95), ("1", "Arable", 5), ("arable", "Arable", 180), ("3", "1", 20))
    ]


def told(build: Build, *rows: tuple[Any, ...], **more: Any) -> str:
    with pytest.raises(InputProblems) as caught:
        build(*rows, **more)
    return str(caught.value)


def test_published_example(build: Build) -> None:
    """Deforestation: mapped 18 ha, adjusted 21.158 plus or minus 6.158 ha (Olofsson et al. 2014, page 55, in 1,000 ha).

    Gain: 11.686 plus or minus 3.756 ha there. Net change of woodland = gain - loss, its error with their covariance.
    """
    report: Report = build(*published())
    loss = report.figure("accuracy.stratum.deciduous_woodland_to_arable")
    assert loss.value == pytest.approx(21.158, abs=1e-3)
    assert loss.low == pytest.approx(21.158 - 6.158, abs=2e-3)
    gain = report.figure("accuracy.stratum.gain_of_deciduous_woodland")
    assert gain.value == pytest.approx(11.686, abs=1e-3)
    assert gain.high == pytest.approx(11.686 + 3.756, abs=2e-3)
    table = report.section("accuracy_change").table.set_index(["item", "basis"])
    assert table["verdict"].tolist()[:2] == ["distinguishable", "distinguishable"]
    net = table.loc["Deciduous woodland", "net change, from the sample of change"]
    assert net["mapped"] == pytest.approx(-4.5)
    assert net["adjusted"] == pytest.approx(11.686 - 21.158, abs=2e-3)
    got = adjust(SAMPLE, np.array(CELLS) * 0.09)
    sign = np.array([-1, 1, 0, 0])
    assert net["error"] == pytest.approx(np.sqrt(sign @ got.covariance @ sign))
    assert net["verdict"] == "distinguishable"
    assert report.figure("accuracy.change.all.arable").value == pytest.approx(-net["adjusted"])


def test_two_dates_by_hand(build: Build) -> None:
    """Opening: 3,400 cells wood (306 ha), 6,600 arable (594 ha); 5 of 100 and 20 of 200 points are wrong.

    Adjusted wood = 0.95 x 306 + 0.1 x 594 = 350.1 ha; SE^2 = 306^2 x 0.95 x 0.05 / 99 + 594^2 x 0.1 x 0.9 / 199.
    Closing: 3,350 cells (301.5 ha): 0.95 x 301.5 + 0.1 x 598.5 = 346.275. Change -3.825 ha, far within its error.
    """
    report: Report = build(*dates())
    table = report.section("accuracy_area").table
    wood = table[table["item"] == "Deciduous woodland"]
    assert wood["mapped"].tolist() == pytest.approx([306.0, 301.5])
    assert wood["adjusted"].tolist() == pytest.approx([350.1, 346.275])
    error = np.sqrt(306**2 * 0.95 * 0.05 / 99 + 594**2 * 0.1 * 0.9 / 199)
    assert wood["error"].iloc[0] == pytest.approx(error)
    figure = report.figure("accuracy.area_opening.all.deciduous_woodland")
    assert figure.low == pytest.approx(350.1 - 1.959963984540054 * error)
    assert {(ref.sheet, ref.cell) for ref in figure.trace.inputs} == {("Accuracy", "D2"), ("Accuracy", "D5")}
    change = report.section("accuracy_change").table.iloc[0]
    assert change["adjusted"] == pytest.approx(-3.825)
    assert change["verdict"] == "not distinguishable from zero"
    assert "the change of none of 2 classes can be told from zero" in report.section("accuracy_change").summary
    assert report.sections[1].id != "accuracy_area"
    assert all(check.passed for check in report.checks)


def test_product_holds_covariance(build: Build) -> None:
    from natcap.accounts.accuracy_account import show
    from natcap.accounts.results import calculate
    from natcap.accounts.show.words import Show
    from natcap.accounts.wings import Setting

    inputs = trunk.read(build(*dates(), make=lambda p: p))
    assert isinstance(inputs, trunk.Inputs)
    setting = Setting(inputs.project, inputs.years, Show.of(calculate(inputs)))
    account = show(setting, inputs.wings[0][1]).product
    covariance = account.estimates["closing"].adjusted.covariance
    assert np.diag(covariance) == pytest.approx(account.estimates["closing"].adjusted.standard_error ** 2)
    assert covariance.sum() == pytest.approx(0, abs=1e-9)
    assert [c.key for c in account.classes] == ["deciduous_woodland", "arable"]


def test_one_date_says_nothing_of_change(build: Build) -> None:
    report: Report = build(*dates()[:4])
    assert {s.id for s in report.sections if s.id.startswith("accuracy")} == {"accuracy_area", "accuracy_points"}


def test_no_matrix_nothing(build: Build) -> None:
    report = build(make=lambda p: p, inputs={"accuracy": "accuracy.xlsx"})
    text = (report.root / "natcap.toml").read_text().replace('accuracy = "accuracy.xlsx"\n', "")
    (report.root / "natcap.toml").write_text(text)
    assert not [s for s in trunk.build(read_project(report.root)).sections if s.id.startswith("accuracy")]


def test_a_single_overall_accuracy_is_refused(build: Build) -> None:
    for text in (told(build, inputs={"accuracy": 0.861}), told(build, *dates(), overall_accuracy=0.861)):
        assert "the number 0.861" in text
        assert "does not say which class was taken for which" in text


def test_areas_are_those_of_the_maps_before_anything_is_left_out(build: Build) -> None:
    report: Report = build(*dates(), minimum_patch_ha=100)
    assert report.figure("extent.changed.all").value == 0
    table = report.section("accuracy_area").table
    assert table["mapped"].tolist() == pytest.approx([306.0, 594.0, 301.5, 598.5])


@pytest.mark.parametrize(
    ("rows", "parts"),
    [
        ([("opening", "Fen", "Arable", 3)], ["cell B2", "a class that occurs in the maps"]),
        ([("opening", "1", "1", 3)], ["no two points for Arable, opening"]),
        ([("opening", "1", "1", 3), ("opening", "Deciduous woodland", "1", 3), ("opening", "1", "1", -3)],
         ["cell D4", "for the second time"]),
        ([("opening", "1", "1", 2.5)], ["cell D2"]),
        ([("change", "Arable into Fen", "no change", 3)], ["cell B2", "gain of X, loss of X"]),
        ([("change", "no change", "no change", 3)], ["the transition Deciduous woodland to Arable in no stratum"]),
        ([("change", "no change", "stable 1", 3)], ["in more than one stratum"]),
        ([("middle", "1", "1", 3)], ["cell A2"]),
    ],
)  # fmt: skip
def test_bad_input(build: Build, rows: list[tuple[Any, ...]], parts: list[str]) -> None:
    text = told(build, *rows)
    for part in parts:
        assert part in text, text


def test_an_empty_table_and_a_sample_of_change_across_a_break(build: Build) -> None:
    assert "no row" in told(build)
    text = told(build, *published(), break_in_series=True, comparable=False)
    assert "nothing is known of change" in text
    report: Report = build(*dates(), break_in_series=True, comparable=False)
    assert "accuracy_change" not in {s.id for s in report.sections}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=9, max_size=9), st.lists(st.floats(1, 1e4), min_size=3, max_size=3))
def test_covariances_of_the_whole_vanish(counts: list[int], mapped: list[float]) -> None:
    """The areas of all classes sum to the whole whatever the sample says, so the rows of their covariance sum to 0."""
    got = adjust(np.array(counts).reshape(3, 3) + np.eye(3) * 2, mapped)
    assert got.covariance.sum(axis=0) == pytest.approx(np.zeros(3), abs=1e-9 * sum(mapped) ** 2)
    assert np.linalg.eigvalsh(got.covariance).min() >= -1e-9 * sum(mapped) ** 2


@pytest.mark.office
def test_workbook_recalculates(build: Build, tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice (soffice)")
    publish(build(*published(), *dates()), tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert count > 60
    assert wrong == []
