"""natcap factors: list, find, show, check, add and diff."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from natcap.core.words import plural
from natcap.desk import show

if TYPE_CHECKING:
    import pandas as pd

    from natcap.core.factors.add import AddResult

__all__ = ["app"]

app = typer.Typer(help="Published factors: search, history, editions.", no_args_is_help=True)
_MOST = 20


def _number(value: Any) -> str:
    """A factor as published: every digit it has."""
    return "[x]" if value is None or value != value else f"{value:.10g}"


def _short(value: Any) -> str:
    return "" if value is None or value != value else f"{value:.5g}"


def _percent(value: Any) -> str:
    return "" if value is None or value != value else f"{100 * value:+.1f} %".replace("-", "−")


@app.command("list")
def list_editions() -> None:
    """Every edition and table the library holds."""
    from natcap.core.factors import library
    from natcap.core.tables import load, tables

    lib = library()
    rows = [(e.id, e.rows, e.status, e.gwp_set, e.verified, e.source.published) for e in lib.editions()]
    show.table(["edition", "rows", "status", "GWP", "verified", "published"], rows, right=[1])
    show.out.print()
    named = [(name, load(name)) for name in tables()]
    said = [(name, len(frame), ", ".join(sorted(set(frame["verified"])))) for name, frame in named]
    show.table(["table", "rows", "verified"], said, right=[1])


@app.command()
def find(
    text: Annotated[list[str], typer.Argument(help="What you look for, as you would say it.")],
    year: Annotated[int | None, typer.Option(help="Edition; the newest whole one by default.")] = None,
) -> None:
    """Factors by everyday words: natcap factors find diesel van."""
    from natcap.core.factors import FactorError, library

    try:
        found = library().find(" ".join(text), year, _MOST)
    except FactorError as error:
        raise typer.BadParameter(str(error)) from None
    if not len(found):
        show.out.print("Nothing found. Try fewer or other words, or look at natcap factors list.")
        return
    rows = [
        (f"{r.label}\n  {r.series}", _number(r.value), f"{'kWh' if r.kind == 'energy' else 'kg CO2e'}/{r.unit}", r.year)
        for r in found.itertuples()
    ]
    show.table(["factor", "value", "unit", "year"], rows, right=[1])


@app.command("show")
def show_factor(key: Annotated[str, typer.Argument(help="A series or a factor id.")]) -> None:
    """The history of one factor, with its gases, page and verification."""
    from natcap.core.factors import FactorError, library

    try:
        history = library().show(key)
    except (FactorError, KeyError) as error:
        raise typer.BadParameter(str(error.args[0])) from None
    show.out.print(f"[bold]{escape(history.label)}[/bold]\n{escape(history.series)}, per {escape(history.unit)}\n")
    rows = [
        (
            r.year,
            _number(r.value),
            _percent(r.change),
            *(_short(gas) for gas in (r.kg_co2, r.kg_ch4, r.kg_n2o)),
            r.gwp_set,
            r.state,
            r.verified,
        )
        for r in history.table.itertuples()
    ]
    headers = ["year", "value", "change", "CO2", "CH4", "N2O", "GWP", "state", "verified"]
    show.table(headers, rows, right=[1, 2, 3, 4, 5])
    show.out.print()
    show.table(["year", "where", "joined because"], [(r.year, r.locator, r.joined) for r in history.table.itertuples()])


@app.command()
def check() -> None:
    """Prove every row: unit, source, locator, verification state, gas split, counts. Exit code 1 if one fails."""
    from natcap.core.factors import library
    from natcap.core.factors.check import check as prove

    with show.Steps(["Checking every row"], quiet=False):
        said = prove(library())
    for text in said:
        show.err.print(escape(text))
    if said:
        show.err.print(f"{plural(len(said), 'row or table breaks', 'rows or tables break')} a rule")
        raise typer.Exit(1)
    show.out.print("Every row passes.")


@app.command()
def add(
    workbook: Annotated[Path, typer.Argument(help="An official flat workbook (.xls or .xlsx).")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would change; write nothing.")] = False,
    into: Annotated[Path | None, typer.Option(help="A folder of your own, for an installed copy.")] = None,
) -> None:
    """Read an official workbook by its content and add it as an edition."""
    from natcap.core.factors.add import add as job

    with show.Steps([f"Reading {workbook.name}"], quiet=False):
        result = job(workbook, dry_run, into)
    show.warnings(result.edition.warnings)
    flat = result.edition
    show.out.print(f"{flat.year} version {escape(flat.version)}: {flat.rows:,} rows, {escape(result.action)}")
    show.out.print(f"SHA-256 {flat.sha256}")
    _differences(result)
    for path in result.written:
        show.out.print(f"wrote {escape(show.shown(path))}")
    if dry_run:
        show.out.print("Dry run: nothing was written.")


def _differences(result: AddResult) -> None:
    if result.before is not None:
        counted = ", ".join(f"{number:,} {cause}" for cause, number in result.counts().items()) or "no differences"
        show.out.print(f"Against {escape(result.before.id)}: {counted}")
        _changes(result.differences)
    if result.held is not None and len(result.same_year):
        show.out.print(f"Against {escape(result.held.id)} already held: {plural(len(result.same_year), 'difference')}")
        _changes(result.same_year)


def _changes(table: pd.DataFrame, most: int = 12) -> None:
    rows = [
        (r.cause, r.label_new or r.label_old, _number(r.old), _number(r.new), _percent(r.change))
        for r in table.head(most).itertuples()
    ]
    show.table(["cause", "factor", "before", "now", "change"], rows, right=[2, 3, 4])
    if len(table) > most:
        show.out.print(f"… and {len(table) - most:,} more")


@app.command()
def diff(
    first: Annotated[int, typer.Argument(help="Year of the first edition.")],
    second: Annotated[int, typer.Argument(help="Year of the second edition.")],
    most: Annotated[int, typer.Option(min=1, help="Rows to show.")] = 40,
) -> None:
    """What differs between two editions, by cause."""
    from natcap.core.factors import FactorError, library

    try:
        table = library().diff(first, second)
    except FactorError as error:
        raise typer.BadParameter(str(error)) from None
    counted = table["cause"].value_counts()
    show.out.print(", ".join(f"{n:,} {cause}" for cause, n in counted.items()) or "No differences.")
    _changes(table, most)
