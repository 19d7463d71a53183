"""The command line. Heavy libraries are imported inside the commands, so that `natcap --help` answers at once."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from natcap.core.problems import InputProblems
from natcap.core.version import VERSION
from natcap.core.words import plural
from natcap.desk import factors_cli, show

__all__ = ["app", "main"]

app = typer.Typer(
    help="Natural capital and net-zero accounting: land, business and farm in one set of books that closes.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(factors_cli.app, name="factors")

FORMATS = ("xlsx", "csv", "json", "html")
_MOST_LINES = 150
"""Lines of a walk back on the terminal beyond which it is cut."""
_Path = Annotated[Path, typer.Argument(help="A project folder (with natcap.toml).")]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only problems.")]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document for machines.")]


def _version(wanted: bool) -> None:
    if wanted:
        show.out.print(VERSION)
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
) -> None:
    pass


def _formats(text: str) -> tuple[str, ...]:
    chosen = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    unknown = [part for part in chosen if part not in FORMATS]
    if unknown or not chosen:
        raise typer.BadParameter(f"expected some of {', '.join(FORMATS)}; found {', '.join(unknown) or 'nothing'}")
    return chosen


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Where to write the example.")] = Path("natcap-demo"),
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Stop before the dashboards.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the dashboards.")] = 5006,
    quiet: _Quiet = False,
) -> None:
    """Run the whole example (Leicester and Leicestershire), offline, and show it."""
    from natcap.desk import demo as job

    try:
        job.prepare(folder)
    except FileExistsError:
        raise typer.BadParameter(f"{folder} holds other files; name an empty or new folder") from None
    labels = ["Natural capital accounts", "Business carbon", "Farm", "Progress of the area", "Done"]
    with show.Steps(labels, quiet) as bar:
        for _, report, written in job.run(folder, ("xlsx", "json", "html")):
            bar.step()
            if not quiet:
                show.headlines(report)
                for path in written:
                    show.out.print(f"  wrote {escape(show.shown(path))}")
                show.out.print()
    if no_serve or os.environ.get("NATCAP_NO_SERVE"):
        if not quiet:
            show.out.print(f"See it in a browser: natcap serve {escape(show.shown(folder))}/*")
        return
    from natcap.desk.serve import serve as start

    start([folder / kind for kind in job.KINDS], port)


@app.command()
def new(
    kind: Annotated[str, typer.Argument(help="accounts, business, farm, area or portfolio.")],
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet, or is empty.")],
    example: Annotated[bool, typer.Option("--example", help="Fill it with an example that builds.")] = False,
) -> None:
    """Start a project folder, with templates to fill in."""
    from natcap.desk import doors

    kinds = (*doors.ROOMS, *doors.BATCHES)
    if kind not in kinds:
        raise typer.BadParameter(f"{kind!r} is not a kind of project; expected one of {', '.join(kinds)}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise typer.BadParameter(f"{folder} is not an empty folder")
    for path in doors.new(kind, folder, example):
        show.out.print(f"wrote {escape(show.shown(path))}")
    show.out.print(f"Next: {'' if example else 'fill the templates, then '}natcap check {escape(str(folder))}")


@app.command()
def check(path: _Path, quiet: _Quiet = False, json: _Json = False) -> None:
    """List every problem of a project; write nothing."""
    from natcap.desk import doors

    with show.Steps(["Reading, checking and calculating"], quiet or json):
        report = doors.build(path)
    if json:
        _print_json({"problems": [], "warnings": [w.as_dict() for w in report.warnings]})
        return
    show.warnings(report.warnings, most=10_000)
    if not quiet:
        for name, value in report.run.controls.items():
            show.out.print(f"  {escape(name)}: {escape(str(value))}")
        said = plural(len(report.warnings), "warning")
        show.out.print(f"No problems, {said}. Next: natcap build {escape(str(path))}")


@app.command()
def build(
    path: _Path,
    out: Annotated[Path | None, typer.Option(help="Where to write (default: PATH/results).")] = None,
    format: Annotated[str, typer.Option(help="Any of xlsx,csv,json,html.")] = "xlsx,csv,json",
    quiet: _Quiet = False,
    json: _Json = False,
) -> None:
    """Calculate a project and write its workbook and tables."""
    formats = _formats(format)
    from natcap.core.outputs import slug, write_outputs
    from natcap.desk import doors
    from natcap.desk.keep import keep, unchanged

    folder = out or (path if path.is_dir() else path.parent) / "results"
    with show.Steps(
        ["Reading, checking and calculating", f"Writing {', '.join(formats)}", "Done"], quiet or json
    ) as bar:
        report = doors.build(path)
        bar.step()
        result = folder / f"{slug(report)}.json"
        kept = keep(result) if report.kind == "business" and "json" in formats else None
        written = write_outputs(report, folder, formats)
        kept = None if kept is None or unchanged(result, kept) else kept
        bar.step()
    if json:
        figures = {f.id: {"value": f.value, "unit": f.unit, "status": f.status} for f in report.headlines}
        warned = [w.as_dict() for w in report.warnings]
        _print_json({"wrote": [str(p) for p in written], "headlines": figures, "warnings": warned})
        return
    show.warnings(report.warnings)
    if quiet:
        return
    show.headlines(report)
    for written_path in written:
        show.out.print(f"  wrote {escape(show.shown(written_path))}")
    if kept is not None:
        show.out.print(f"  kept the run before as {escape(show.shown(kept))} (natcap restate --against)")
    said = [plural(len(found), word) for found, word in (
        (report.warnings, "warning"), (report.run.fallbacks, "fallback"), (report.checks, "check")
    )]  # fmt: skip
    show.out.print(f"  0 problems, {', '.join(said)} hold{'s' if len(report.checks) == 1 else ''}")
    for text in report.run.fallbacks[:5]:
        show.out.print(f"  fallback: {escape(text)}")
    first = report.headlines[0].id if report.headlines else "FIGURE"
    show.out.print(f"Next: natcap explain {escape(str(path))} {first}")


@app.command()
def explain(
    path: _Path,
    figure: Annotated[str, typer.Argument(help="A figure id; leave out to list them.")] = "",
    whole: Annotated[bool, typer.Option("--all", help="The whole walk back, however long it is.")] = False,
    json: _Json = False,
) -> None:
    """Print the walk back of one figure: lines, factors, pages, cells. A long one is cut below its first levels."""
    from natcap.core.explain import explain as walk
    from natcap.desk import doors

    report = doors.build(path)
    if not figure:
        rows = [(f.id, show.quantity_text(f.value, f.unit), f.label) for f in report.figures]
        show.listing(["figure", "value", "what"], rows)
        return
    try:
        found = walk(report, figure)
    except KeyError as error:
        raise typer.BadParameter(str(error.args[0])) from None
    if json:
        _print_json(found.as_dict())
    else:
        go_on = f"natcap explain {path} ID walks a figure above on, by the id in its angle brackets; --all prints all."
        show.out.print(found.text(None if whole else _MOST_LINES, go_on), markup=False)


@app.command()
def restate(
    path: _Path,
    factors: Annotated[int | None, typer.Option(help="Factor year of the new run.")] = None,
    against: Annotated[
        Path | None, typer.Option(help="A result an earlier build wrote (.json), as the old run.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write (default: PATH/results/restated).")] = None,
    format: Annotated[str, typer.Option(help="Any of xlsx,csv,json,html.")] = "xlsx,json",
) -> None:
    """Bridge two runs of a business: activity, factors, GWP, boundary and error, which sum to the change."""
    formats = _formats(format)
    from natcap.carbon.business.restate import restate as job
    from natcap.core.outputs import slug, write_outputs
    from natcap.core.project import read_project
    from natcap.desk.keep import free

    project = read_project(path)
    if project.kind != "business":
        raise typer.BadParameter("only a business project can be restated")
    with show.Steps(["Calculating both runs"], quiet=False):
        report = job(project, factors, against)
    name = slug(report)
    if out is not None and any(out.glob(f"{name}.*")):
        raise typer.BadParameter(f"{out} holds a run of that name already, which stays as it is: give another --out")
    written = write_outputs(report, out or free(project.root / "results" / "restated", name), formats)
    show.warnings(report.warnings)
    show.headlines(report)
    for written_path in written:
        show.out.print(f"  wrote {escape(show.shown(written_path))}")


@app.command()
def reconcile(
    statement: Annotated[Path, typer.Argument(help="Disclosed quantities and emissions (.xlsx or .csv).")],
    period: Annotated[str, typer.Option(help="A year, or 2024-04-01 to 2025-03-31, unless the rows say it.")] = "",
    json: _Json = False,
) -> None:
    """Check a published statement against the official factors: RECONCILED, REVIEW or MISMATCH per line."""
    from natcap.carbon.business.reconcile import read_statement
    from natcap.carbon.business.reconcile import reconcile as job
    from natcap.core.problems import Problems
    from natcap.core.project import Period

    try:
        own = Period.parse(period) if period else None
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    problems = Problems()
    frame = read_statement(statement, problems)
    problems.raise_if_any()
    verdicts = job(frame, own, problems, statement.name)
    problems.raise_if_any()
    if json:
        said = [
            {"item": v.item, "verdict": v.word, "disclosed": v.disclosed, "tolerance": v.tolerance, "note": v.note,
             "expected": v.expected.tonnes if v.expected else None,
             "factor": v.expected.factor_id if v.expected else ""}
            for v in verdicts
        ]  # fmt: skip
        _print_json({"lines": said, "warnings": [w.as_dict() for w in problems.warnings]})
        return
    show.warnings(problems.warnings)
    rows = [(v.word, v.item, f"{v.quantity:,.10g} {v.unit}", f"{v.disclosed:,.10g} t", v.note) for v in verdicts]
    show.table(["verdict", "line", "quantity", "disclosed", "because"], rows, right=[2, 3])


@app.command()
def serve(
    paths: Annotated[list[Path] | None, typer.Argument(help="Project folders to show.")] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = 5006,
) -> None:
    """Show projects in the dashboards (on this machine only)."""
    from natcap.desk.serve import serve as start

    folders = [p for p in paths or [] if p.is_dir()]
    if paths and not folders:
        raise typer.BadParameter("none of these is a project folder")
    start(folders, port)


def _print_json(content: object) -> None:
    import json

    sys.stdout.write(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def main() -> None:
    """Entry point. Exit codes: 0 fine, 1 problems in the input, 2 wrong use, 3 a fault of the program."""
    try:
        app()
    except InputProblems as error:
        if "--json" in sys.argv:
            _print_json({"problems": [p.as_dict() for p in error.problems]})
        else:
            show.problems(error.problems)
        sys.exit(1)
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)
    except Exception as error:  # the last door: a reader gets a sentence, never a traceback
        if os.environ.get("NATCAP_DEBUG"):
            raise
        show.err.print(
            f"[bold red]natcap met a fault of its own[/]: {escape(type(error).__name__)}: {escape(str(error))}"
        )
        show.err.print("Nothing can be relied on from this run. NATCAP_DEBUG=1 shows where it happened.")
        sys.exit(3)
