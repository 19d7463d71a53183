"""Factors: find one as one would say it, its history and its page; compare two editions."""

from __future__ import annotations

from typing import Any

import pandas as pd

from natcap.core.factors import FactorError, library
from natcap.core.report import Chart, Column, Section

from .charts import draw
from .frame import head
from .safe import NOTHING, Choice, Html, Markup, button, chart, entry, html, join, row, stack
from .tables import section_table
from .words import full, plural, unit_label, verified_words

__all__ = ["parts"]

_GASES = (("kg_co2", "CO2"), ("kg_ch4", "CH4"), ("kg_n2o", "N2O"))
_FOUND, _DIFF = "found", "diff"


def _per(unit: str, kind: str) -> str:
    return f"{'kWh' if kind == 'energy' else 'kg CO2e' if kind == 'emission' else ''} per {unit_label(unit)}".strip()


def _found_section(found: pd.DataFrame) -> Section:
    table = found.assign(per=[_per(u, k) for u, k in zip(found["unit"], found["kind"], strict=True)])
    columns = (
        Column("label", "Factor"), Column("value", "Value", kind="number", decimals=5), Column("per", "Unit"),
        Column("scope", "Scope"), Column("year", "Edition", kind="year"), Column("locator", "Where in it"),
    )  # fmt: skip
    press = {(i, "label"): series for i, series in enumerate(table["series"])}
    return Section(_FOUND, "Factors found", table, columns, figures=press)


def _history_section(table: pd.DataFrame, title: str, unit: str) -> Section:
    shown = table.assign(checked=[verified_words(v) for v in table["verified"]])
    gases = tuple(Column(c, f"of which {g}", kind="number", decimals=5) for c, g in _GASES if table[c].notna().any())
    columns = (
        Column("year", "Year", kind="year"), Column("value", "Value", unit, "number", 5),
        Column("change", "Change", kind="percent", decimals=1), *gases, Column("gwp_set", "GWP set"),
        Column("state", "State"), Column("edition", "Edition"), Column("locator", "Where in it"),
        Column("checked", "How it was checked"), Column("joined", "Why it is the same series"),
    )  # fmt: skip
    return Section("history", title, shown, columns, charts=(Chart("line", title, "year", "value"),))


def _finding(label: str, table: pd.DataFrame) -> str:
    """What the years show, in a sentence."""
    known = table[table["value"].notna()]
    if len(known) < 2 or not known["value"].iloc[0]:
        return label
    first, last = known.iloc[0], known.iloc[-1]
    change = float(last["value"]) / float(first["value"]) - 1
    word = "rose" if change > 0 else "fell"
    return f"{label} {word} by {abs(change):.0%} from {first['year']} to {last['year']}"


class _FactorsPage:
    """One visitor's search."""

    def __init__(self) -> None:
        years = {f"{e.year}{' (partial)' if e.partial else ''}": e.year for e in reversed(library().editions("uk_gov"))}
        whole = next(i for i, e in enumerate(reversed(library().editions("uk_gov"))) if not e.partial)
        self.words = entry("What emits?", placeholder="diesel van, gas kWh, office paper", width=320)
        self.words.param.watch(lambda _: self.search(), "value")
        self.year = Choice("Edition", years, lambda _: self.search(), whole)
        self.results = Html(self._hint(), self.go)
        self.detail = stack()
        self.old, self.new = (Choice(t, years, None, i) for t, i in (("Compare", whole + 1), ("with", whole)))
        self.differences = Html(NOTHING, self.go)
        self._found = self._diff = pd.DataFrame()

    def parts(self) -> list[Any]:
        return [
            head("factors", "Published emission factors, each with its unit, its page and how it was checked."),
            row(self.words, self.year, button("Search", lambda _: self.search())),
            self.detail,
            self.results,
            Html(html("<h2>Compare two editions</h2><p>What changed, what is new and what is gone.</p>")),
            row(self.old, self.new, button("Compare", lambda _: self.compare(), variant="outlined")),
            self.differences,
        ]

    @staticmethod
    def _hint() -> Markup:
        editions = library().editions("uk_gov")
        items = join(html("<li>{y}: {c}</li>", y=e.year, c=e.source.cite()) for e in reversed(editions))
        return html(
            "<p>Say it as you would to a colleague: <i>diesel van</i>, <i>gas kWh</i>, <i>hotel night</i>.</p><details "
            'data-key="editions"><summary>{n} held here</summary><ul class="plain">{items}</ul></details>',
            n=plural(len(editions), "edition"),
            items=items,
        )

    def search(self, page: int = 0) -> None:
        """Find by everyday words; what isn't found says how to ask again."""
        asked = (self.words.value_input or self.words.value or "").strip()
        self.detail[:] = []
        if not asked:
            self.results.html = self._hint()
            return
        self._found = library().find(asked, self.year.value, limit=200)
        if self._found.empty:
            self.results.html = html(
                '<div class="empty" role="status"><p>Nothing in {year} for <b>{asked}</b>. Try fewer or more general '
                "words: the fuel, the vehicle, or the material.</p></div>",
                year=self.year.value,
                asked=asked[:80],
            )
            return
        self._show_found(page)

    def _show_found(self, page: int) -> None:
        self.results.html = html(
            '<h2>Found in {year}</h2><p role="status">{n}, the likeliest first. Press one for its history.</p>{t}',
            year=self.year.value,
            n=plural(len(self._found), "factor"),
            t=section_table(_found_section(self._found), page),
        )

    def _history(self, series: str) -> None:
        try:
            found = library().show(series)
        except FactorError:
            return
        unit = _per(found.unit, found.kind)
        title = _finding(found.label, found.table)
        section = _history_section(found.table, title, "")
        newest = found.table[found.table["value"].notna()].tail(1)
        drawn = draw(section, section.charts[0])
        parts: list[Any] = [Html(self._detail_head(found.label, unit, newest), arrive=True)]
        if drawn is not None and len(found.table) > 1:
            parts.append(Html(html("<h3>{t}</h3>", t=title)))
            drawn[0].yaxis.axis_label = unit
            parts.append(chart(drawn[0]))
        parts.append(Html(html("<p>All values in {unit}.</p>{t}", unit=unit, t=section_table(section))))
        self.detail[:] = parts

    @staticmethod
    def _detail_head(label: str, unit: str, newest: pd.DataFrame) -> Markup:
        if newest.empty:
            return html("<h2>{label}</h2><p>No edition gives a value.</p>", label=label)
        record = newest.iloc[0]
        split = [
            f"{name} {float(record[c]) / float(record['value']):.1%}" for c, name in _GASES if record[c] == record[c]
        ]
        try:
            cited = library().factor(str(record["factor_id"])).source.cite()
        except KeyError:
            cited = str(record["edition"])
        return html(
            '<h2>{label}</h2><p><span class="card-number">{value}</span> <span class="card-unit">{unit} '
            "in {year}</span></p><p>{split}</p><p>{cited}, {locator}; {checked}.</p>",
            label=label,
            value=full(float(record["value"]), 5),
            unit=unit,
            year=record["year"],
            split=f"By gas: {', '.join(split)}." if split and record["value"] else "The split by gas isn't published.",
            cited=cited,
            locator=record["locator"],
            checked=verified_words(str(record["verified"])),
        )

    def compare(self) -> None:
        """List what differs between the two chosen editions."""
        if self.old.value == self.new.value:
            self.differences.html = html('<p role="status">Choose two different editions.</p>')
            return
        self._diff = library().diff(self.old.value, self.new.value)
        self._show_diff(0)

    def _show_diff(self, page: int) -> None:
        counts = ", ".join(f"{n:,} {cause}" for cause, n in self._diff["cause"].value_counts().items())
        label = self._diff["label_new"].where(self._diff["label_new"] != "", self._diff["label_old"])
        columns = (
            Column("label", "Factor"), Column("cause", "What happened"),
            Column("old", "Before", kind="number", decimals=5), Column("new", "After", kind="number", decimals=5),
            Column("change", "Change", kind="percent", decimals=1),
        )  # fmt: skip
        press = {(i, "label"): series for i, series in enumerate(self._diff["series"])}
        section = Section(_DIFF, "Differences", self._diff.assign(label=label), columns, figures=press)
        self.differences.html = html(
            '<p role="status">From {a} to {b}: {c}.</p>{t}',
            a=self.old.value,
            b=self.new.value,
            c=counts or "nothing differs",
            t=section_table(section, page),
        )

    def go(self, word: str) -> None:
        """Show a series, or turn a page."""
        verb, _, rest = word.partition(":")
        if verb == "figure":
            self._history(rest)
        elif verb == "page":
            key, _, number = rest.partition(":")
            page = int(number) if number.isdecimal() and len(number) < 9 else 0
            if key == _FOUND:
                self._show_found(page)
            elif key == _DIFF:
                self._show_diff(page)


def parts() -> list[Any]:
    """The page's parts."""
    return _FactorsPage().parts()
