"""What the terminal shows: headlines, problems, tables of at most 100 columns. Colours only on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from natcap.core.problems import Problem
from natcap.core.words import plural

if TYPE_CHECKING:
    from natcap.core.report import Figure, Report

__all__ = [
    "Steps",
    "err",
    "figure_text",
    "headlines",
    "listing",
    "out",
    "problems",
    "quantity_text",
    "shown",
    "table",
    "warnings",
]

_WIDTH, _KEY = 100, 60
out = Console(width=None if Console().is_terminal else _WIDTH, soft_wrap=True, highlight=False)
err = Console(stderr=True, width=None if Console(stderr=True).is_terminal else _WIDTH, soft_wrap=True, highlight=False)


def quantity_text(value: float | None, unit: str) -> str:
    """A number for people: four significant figures with thousands separated, a true minus, `[x]` when missing."""
    if value is None:
        return "[x] not available"
    size = abs(value)
    decimals = 0 if size >= 1000 or value == int(value) else 1 if size >= 100 else 2 if size >= 1 else 4
    text = f"{value:,.{decimals}f}".replace("-", "−")
    return f"{text} {unit}".rstrip()


def figure_text(figure: Figure) -> str:
    """One figure with its range, how far it can be trusted, and its change."""
    from natcap.core.outputs import change_text
    from natcap.core.outputs import figure_text as words

    return ", ".join(text for text in (words(figure), change_text(figure)) if text)


def headlines(report: Report) -> None:
    """Title, banners and at most five figures."""
    out.print(f"[bold]{escape(report.title)}[/bold]")
    for banner in report.banners:
        out.print(f"  [yellow]! {escape(banner)}[/yellow]")
    for figure in report.headlines:
        out.print(f"  {escape(figure.label)}: [bold]{escape(figure_text(figure))}[/bold]")


def problems(found: Sequence[Problem]) -> None:
    """Every problem, one a paragraph, on standard error."""
    err.print(f"[bold red]{plural(len(found), 'problem')} in the input. Nothing was written.[/]")
    for number, problem in enumerate(found, 1):
        err.print(f"{number:>3}. {escape(str(problem))}")


def warnings(found: Iterable[Problem], most: int = 12) -> None:
    """Warnings, the first few whole and the rest counted."""
    said = list(found)
    for problem in said[:most]:
        err.print(f"  [yellow]warning:[/yellow] {escape(str(problem))}")
    if len(said) > most:
        err.print(f"  and {plural(len(said) - most, 'more warning')}; natcap check lists them all")


def table(headers: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[int] = ()) -> None:
    """A plain table; columns in `right` are aligned to the right."""
    grid = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for position, header in enumerate(headers):
        grid.add_column(header, justify="right" if position in right else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(escape(str(cell)) for cell in row))
    out.print(grid)


def listing(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows of (id, value, what it is), one a line in any terminal: an id that is broken cannot be copied."""
    lines = [tuple(map(str, row)) for row in (tuple(headers), *rows)]
    value = max(len(row[1]) for row in lines)
    key = min(max(len(row[0]) for row in lines), _KEY)
    for row in lines:
        text = f"{row[0]:<{key}}  {row[1]:>{value}}  {row[2]}".rstrip()
        out.print(text, markup=False, soft_wrap=True, no_wrap=True, overflow="ignore", crop=False)


class Steps:
    """A progress bar over named steps, on standard error; silent when quiet or when there is no terminal."""

    def __init__(self, names: Sequence[str], quiet: bool) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        self._bar = Progress(*columns, console=err, transient=True, disable=quiet or not err.is_terminal)
        self._names = list(names)
        self._task = self._bar.add_task(self._names[0], total=len(self._names))
        self._done = 0

    def __enter__(self) -> Steps:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def step(self) -> None:
        """Say that the current step is done and name the next."""
        self._done += 1
        name = self._names[min(self._done, len(self._names) - 1)]
        self._bar.update(self._task, completed=self._done, description=name)


def shown(path: Path) -> str:
    """A path relative to the current folder where that is shorter."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
