"""Reports made by hand, with every kind of chart; each text from users can be given a payload."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from natcap.core import lines
from natcap.core.problems import Problem
from natcap.core.report import Chart, Check, Column, FactorRef, Figure, InputRef, Report, Run, Section, Trace

Say = Callable[[str], str]

__all__ = ["PAYLOADS", "business", "hostile_problems"]

PAYLOADS = (
    "<img src=x onerror=\"window.fired=(window.fired||[]).concat('img')\">",
    "<svg/onload=\"window.fired=(window.fired||[]).concat('svg')\">",
    "<script>window.fired=(window.fired||[]).concat('script')</script>",
    '"><img src=x onerror="window.fired=(window.fired||[]).concat(\'attr\')">',
    "' onmouseover='window.fired=(window.fired||[]).concat(1)' autofocus onfocus='window.fired=[2]' x='",
    "[x](javascript:window.fired=['md'])",
    "{{constructor.constructor('window.fired=[3]')()}}",
    "&lt;img src=x onerror=window.fired=['decoded']&gt;",
    "$$\\href{javascript:window.fired=['tex']}{x}$$ {0.__class__}",
    "<iframe srcdoc=\"<script>parent.fired=['frame']</script>\"></iframe>",
)


def _text(hostile: bool) -> Say:
    """Gives each text its own payload in turn, or the text itself."""
    turn = iter(range(10**6))

    def given(plain: str) -> str:
        return f"{plain} {PAYLOADS[next(turn) % len(PAYLOADS)]}" if hostile else plain

    return given


def _lines(t: Say, count: int) -> pd.DataFrame:
    number = np.arange(count)
    return lines.frame(
        {
            "period": "2025",
            "place": [t(f"Site {i % 3}") for i in number],
            "section": np.where(number % 3 == 0, "Scope 1", np.where(number % 3 == 1, "Scope 2", "Scope 3")),
            "category": [t(["Gas", "Electricity", "Freight"][i % 3]) for i in number],
            "item": [t(f"meter {i}") for i in number],
            "gas": "CO2e",
            "quantity": number + 1.0,
            "unit": "kWh",
            "factor": 0.2,
            "factor_unit": "kWh",
            "factor_id": "none",
            "kg": (number + 1.0) * 0.2,
            "gwp": 1.0,
            "kg_co2e": (number + 1.0) * 0.2,
            "verified": "read",
            "file": t("activity.xlsx"),
            "sheet": t("Energy"),
            "cell": [f"D{i + 5}" for i in number],
        }
    )


def business(hostile: bool = False, count: int = 450) -> Report:
    """A business with lines, all kinds of charts, a long table, a total row, missing cells, a map."""
    t = _text(hostile)
    table = _lines(t, count)
    by_scope = lines.by(table, ["section"])
    total = float(table["kg_co2e"].sum())
    ref = FactorRef(
        "f1", t("Electricity, UK grid"), 0.2, "kg_co2e/kWh", t("UK Government 2025"), t("row 12"), "read", t("n")
    )
    cell = InputRef(t("activity.xlsx"), t("Energy"), "D5", t("1,234"), "kWh", t("typed"))
    figures = [
        Figure("business.total", t("All emissions"), total, "kg_co2e", Trace(t("The sum of all lines."), {},
               parents=("business.scope1",)), total * 0.9, total * 1.1, "calculated", "2025", t("Leicester"), True,
               -120.0, "2024"),
        *(
            Figure(f"business.scope{i}", t(f"Scope {i}"), float(by_scope["kg_co2e"][i - 1]), "kg_co2e",
                   Trace(t("Lines of the scope."), {"section": f"Scope {i}"}, inputs=(cell,), factors=(ref,)),
                   status="recalled" if i == 3 else "calculated", headline=True, change=float(i - 2),
                   change_from="2024")
            for i in (1, 2, 3)
        ),
        Figure("business.none", t("Intensity"), None, "kg_co2e", Trace(t("No turnover was given.")), status="missing",
               headline=True),
    ]  # fmt: skip
    return Report(
        "business",
        t("Carbon account"),
        t("Example Logistics Ltd"),
        "2025",
        tuple(figures),
        tuple(_sections(t, by_scope)),
        Run("0.1.0", ({"file": t("activity.xlsx"), "sha256": "ab" * 32},), (t("UK Government 2025"),),
            {"factor_year_rule": t("majority")}, {"rows": "450"}, (t("2026 factor taken from 2025"),)),
        lines=table,
        checks=(Check("sum", t("Scopes add up"), total, total, 0.0, "kg_co2e"),),
        warnings=(Problem(t("activity.xlsx"), t("12"), t("13"), t("look again"), t("Energy"), "D7", "warning"),),
        banners=(t("SYNTHETIC example data"),),
        notes=(t("A note."),),
        geometry={code: _square(i) for i, code in enumerate("ABCD")},
    )  # fmt: skip


def _square(i: int) -> dict[str, object]:
    x, y = (i % 2) * 10.0, (i // 2) * 10.0
    ring = [[x, y], [x + 9, y], [x + 9, y + 9], [x, y + 9], [x, y]]
    hole = [[x + 3, y + 3], [x + 5, y + 3], [x + 5, y + 5], [x + 3, y + 3]]
    return {"type": "Polygon", "coordinates": [ring, hole] if i == 0 else [ring]}


def _sections(t: Say, by_scope: pd.DataFrame) -> list[Section]:
    say = t
    scope = pd.concat([by_scope, pd.DataFrame([{"section": "Total", "kg_co2e": by_scope["kg_co2e"].sum()}])])
    number = Column("kg_co2e", say("Emissions"), "kg_co2e", "number")
    figures = {(i, "kg_co2e"): f"business.scope{i + 1}" for i in range(3)} | {(3, "kg_co2e"): "business.total"}
    classes = ["Arable", "Grassland", "Woodland"]
    flows = pd.DataFrame(
        [{"opening": say(a), "closing": say(b), "ha": 100.0 if a == b else 10.0} for a in classes for b in classes]
    )
    flows["opening"] = flows["opening"].astype(str)
    years = pd.DataFrame(
        [{"year": y, "series": s, "value": 100.0 - (y - 2018) * (3 if s == "target" else 2), "low": 70.0, "high": 110.0}
         for s in ("actual", "target") for y in range(2018, 2026)]
    )  # fmt: skip
    years.loc[3, "value"] = np.nan
    years["series"] = [say(s) for s in years["series"]]
    months = pd.DataFrame(
        [
            {"site": say(f"Site {s}"), "fuel": f, "value": s * 10.0 + len(f)}
            for s in (1, 2, 3)
            for f in ("gas", "diesel")
        ]
    )
    steps = pd.DataFrame({"step": [say(s) for s in ("Opening", "Extent", "Price", "Closing")],
                          "value": [100.0, 12.0, -30.0, 82.0]})  # fmt: skip
    ranges = pd.DataFrame({"what": [say("Gas"), say("Oil")], "value": [3.0, -1.0], "low": [2.0, -2.0],
                           "high": [5.0, np.nan]})  # fmt: skip
    zones = pd.DataFrame({"zone": list("ABCD"), "name": [say(f"District {c}") for c in "ABCD"],
                          "value": [1.0, 5.0, np.nan, 9.0]})  # fmt: skip
    long = pd.DataFrame({"n": range(1, 431), "what": [say(f"row {i}") for i in range(430)]})
    value = Column("value", say("Value"), "tonne", "number", 1)

    def text(name: str, label: str) -> Column:
        return Column(name, label)

    def one(kind: str, title: str, x: str, y: str, **more: object) -> tuple[Chart, ...]:
        return (Chart(kind, say(title), x, y, **more),)  # type: ignore[arg-type]

    area, year = Column("ha", "Area", "hectare", "number"), Column("year", "Year", kind="year")
    high = Column("high", "High", "tonne", "number")
    kept = {"Arable": "#E69F00", "Woodland": "#009E73"}
    return [
        Section("scope", say("By scope"), scope, (text("section", say("Scope")), number), say("Freight leads."),
                (say("A note."),), (say("A source."),), one("bar", "Freight is a third of it", "section", "kg_co2e"),
                (3,), figures=figures),
        Section("flow", say("Extent"), flows, (text("opening", "From"), text("closing", "To"), area),
                charts=one("sankey", "Most land stayed", "opening", "ha", target="closing", colours=kept)),
        Section("years", say("Over time"), years, (year, text("series", "Series"), value),
                charts=one("line", "Falling more slowly than the target", "year", "value", series="series")),
        Section("sites", say("By site"), months, (text("site", "Site"), text("fuel", "Fuel"), value),
                charts=one("stacked", "Site 3 burns most", "site", "value", series="fuel")),
        Section("steps", say("Bridge"), steps, (text("step", "Step"), value), total_rows=(0, 3),
                charts=one("waterfall", "Prices took 30 off", "step", "value")),
        Section("ranges", say("How sure"), ranges, (text("what", "What"), value, Column("low", "Low"), high),
                charts=one("range", "Gas is the least sure", "what", "value", low="low", high="high")),
        Section("zones", say("By zone"), zones, (text("zone", "Code"), text("name", "Name"), value),
                charts=one("map", "District D has most", "zone", "value"), marks={(2, "value"): "[c]"}),
        Section("long", say("A long table"), long, (Column("n", "No", kind="integer"), text("what", say("What")))),
        Section("working", say("Working"), steps, (text("step", "Step"), value), group="working"),
    ]  # fmt: skip


def hostile_problems() -> tuple[Problem, ...]:
    """Problems whose every text is a payload."""
    return tuple(Problem(p, p, p, p, p, p) for p in PAYLOADS)
