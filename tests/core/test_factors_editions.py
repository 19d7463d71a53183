"""The stored editions: every official row is there, exactly, and can be given back."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from natcap.core.factors import Edition, FactorError, library
from natcap.core.factors.concordance import load_concordance
from natcap.core.factors.editions import parse_factors
from natcap.core.factors.layout import LABELS, series_of
from natcap.core.factors.widen import FlatRow, long_rows, widen
from natcap.core.factors.write import factors_csv
from natcap.core.problems import Problems

ROWS = {
    2016: 5483, 2017: 7009, 2018: 6966, 2019: 6990, 2020: 7509, 2021: 7605, 2022: 8037, 2023: 8038, 2024: 8740,
    2025: 8740,
}  # fmt: skip
GAS = ("kgCO2e", "kgCO2e of CO2", "kgCO2e of CH4", "kgCO2e of N2O")


def whole(year: int) -> Edition:
    return next(e for e in library().editions("uk_gov") if e.year == year and not e.partial)


def stored(edition: Edition) -> list[dict[str, str]]:
    with (edition.folder / "factors.csv").open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("year", ROWS)
def test_every_official_row_is_recounted(year: int) -> None:
    rows = [official for record in stored(whole(year)) for official in long_rows(record)]
    assert len(rows) == ROWS[year] == whole(year).rows
    sheet_rows = sorted(row for row, *_ in rows)
    first = 6 if year <= 2022 else 7
    assert sheet_rows == list(range(first, first + ROWS[year])), "each sheet row once, none left out"


def test_the_partial_edition_holds_39_rows_and_says_so() -> None:
    (edition,) = [e for e in library().editions("uk_gov") if e.year == 2026]
    assert edition.partial
    assert edition.verified == "read-secondary"
    assert edition.rows == 39
    assert sum(1 for record in stored(edition) for _ in long_rows(record)) == 39


@pytest.mark.parametrize("year", ROWS)
def test_values_equal_the_reference_row_by_row(shared: Path, year: int) -> None:
    """Every official row with its exact float; a bound (`< 1`) stands as a blank in the reference."""
    held = {}
    for record in stored(whole(year)):
        for row, place, state, value in long_rows(record):
            held[row] = (record, place, state, value)
    with (shared / f"reference/carbon/uk_gov_factors_{year}.csv").open(newline="", encoding="utf-8") as handle:
        reference = list(csv.DictReader(handle))
    assert len(reference) == len(held)
    for due in reference:
        record, place, state, value = held[int(due["source_row"])]
        if due["value"]:
            assert state == "v"
            assert float(value) == float(due["value"])
        else:
            assert state in "b<"
        if due["ghg_unit"] in GAS:
            assert record["kind"] == "emission"
            assert GAS[place] == due["ghg_unit"]
        else:
            assert record["kind"] == ("energy" if due["ghg_raw"] else "empty")
            assert record["printed"] == due["ghg_raw"]
        assert (record["scope"], record["level1"], record["uom"]) == (due["scope"], due["level1"], due["uom"])
        assert due["source_id"].rpartition("_")[0] == record["source_id"]


def test_the_writer_makes_the_committed_bytes_from_the_reference(shared: Path) -> None:
    """The one code path that `natcap factors add` uses, on an edition whose workbook is not in the samples."""
    with (shared / "reference/carbon/uk_gov_factors_2024.csv").open(newline="", encoding="utf-8") as handle:
        rows = [
            FlatRow(
                int(r["source_row"]), r["source_id"],
                tuple(r["column_text" if name == "text" else name] for name in LABELS), r["ghg_raw"],
                float(r["value"]) if r["value"] else None,
            )
            for r in csv.DictReader(handle)
        ]  # fmt: skip
    edition = whole(2024)
    concordance = load_concordance(edition.folder.parent / "concordance.csv")
    wide = widen(rows, lambda labels, _: concordance.series(labels, 2024)[0], Problems(), lambda *_: ("", "", ""))
    assert factors_csv(wide).encode() == (edition.folder / "factors.csv").read_bytes()


def test_gas_rows_are_co2e_already_and_sum_to_the_total() -> None:
    """METHODS_carbon A2, trap 1: 0 of about 12,000 triplets are off by more than 1 %."""
    checked = 0
    for year in ROWS:
        table = library().table("uk_gov", year)
        gases = table[["kg_co2", "kg_ch4", "kg_n2o"]].sum(axis=1, min_count=3)
        both = gases.notna() & table["kg_co2e"].notna()
        allowed = (0.01 * table["kg_co2e"]).clip(lower=2e-5)
        assert ((gases - table["kg_co2e"]).abs()[both] <= allowed[both]).all()
        checked += int(both.sum())
    assert checked > 11_000


def test_a_blank_a_zero_and_a_bound_are_three_things() -> None:
    table = library().table("uk_gov", 2021).set_index("series")
    bound = table.loc["refrigerant-other/other-products/r1234yf/total-emissions-including-non-kyoto-products/kg"]
    assert bound["state"] == "<..."
    assert bound["printed"] == "< 1"
    assert math.isnan(bound["kg_co2e"])
    zero = table.loc["passenger-vehicles/cars-by-size/average-car/battery-electric-vehicle/miles"]
    assert zero["state"][0] == "v"
    assert zero["kg_co2e"] == 0
    blank = table.loc["hotel-stay/hotel-stay/oman/room-per-night"]
    assert blank["state"] == "b..."
    assert math.isnan(blank["kg_co2e"])


def test_kwh_rows_are_no_emission_factors() -> None:
    for year, number in {2019: 0, 2020: 514, 2022: 514, 2025: 514}.items():
        table = library().table("uk_gov", year)
        energy = table[table["kind"] == "energy"]
        assert len(energy) == number
        assert energy[["kg_co2e", "kg_co2", "kg_ch4", "kg_n2o"]].isna().all().all()
    odd = library().table("uk_gov", 2020).query("printed == '`'")
    assert list(odd["kind"]) == ["energy"]
    assert list(odd["kwh"]) == [0.33263]
    empty = library().table("uk_gov", 2022).query("kind == 'empty'")
    assert len(empty) == 8
    assert empty["factor_id"].is_unique


def test_gwp_sets_with_their_exceptions() -> None:
    assert set(library().table("uk_gov", 2022)["gwp_set"]) == {"AR4"}
    sets = library().table("uk_gov", 2025).groupby("level1")["gwp_set"].agg(set)
    assert sets["Fuels"] == {"AR5"}
    assert sets["Bioenergy"] == sets["WTT- bioenergy"] == sets["Material use"] == {"AR4"}
    assert sets["Hotel stay"] == {"mixed"}


def test_locator_names_the_sheet_row() -> None:
    factor = library().match("uk-electricity/electricity-generated/electricity-uk/kwh", 2025).factor
    assert factor.locator == "sheet Factors by Category, row 3066"
    assert factor.verified == "read"
    assert factor.source.licence == "OGL-UK-3.0"


def test_a_table_is_a_copy() -> None:
    table = library().table("uk_gov", 2025)
    table.loc[:, "kg_co2e"] = 0.0
    assert library().match("uk-electricity/electricity-generated/electricity-uk/kwh", 2025).factor.value == 0.177
    assert library().table("uk_gov", 2025)["kg_co2e"].max() > 1


def test_an_edition_that_is_not_there_names_the_nearest() -> None:
    with pytest.raises(FactorError, match="nearest is 2016") as caught:
        library().table("uk_gov", 2011)
    assert caught.value.nearest == 2016


def test_series_are_plain_words_of_the_newest_labels() -> None:
    assert series_of(("Scope 1", "Fuels", "Gaseous fuels", "Natural gas", "", "", "kWh (Gross CV)")) == (
        "fuels/gaseous-fuels/natural-gas/kwh-gross-cv"
    )
    assert series_of(("Scope 2", "UK electricity", "Electricity generated", "Electricity: UK", "kWh", "", "kWh")) == (
        "uk-electricity/electricity-generated/electricity-uk/kwh"
    )


def test_a_factors_table_reads_back_from_bytes() -> None:
    folder = whole(2018).folder
    assert parse_factors((folder / "factors.csv").read_bytes()).equals(parse_factors(folder / "factors.csv"))
