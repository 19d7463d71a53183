"""The command line as people use it: the whole job on each kind, exit codes, and no traceback whatever is given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KINDS = ("accounts", "business", "farm", "area")


def natcap(*words: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from natcap.desk.cli import main; sys.argv = ['natcap', *sys.argv[1:]]; main()"
    command = [sys.executable, "-c", code, *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, **env})


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    for kind in KINDS:
        done = natcap("new", kind, kind, "--example", cwd=folder)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_check_build_explain(projects: Path, kind: str) -> None:
    checked = natcap("check", kind, cwd=projects)
    assert checked.returncode == 0, checked.stderr
    assert not (projects / kind / "results").exists()
    built = natcap("build", kind, "--format", "json", "--json", cwd=projects)
    assert built.returncode == 0, built.stderr
    said = json.loads(built.stdout)
    figure = next(iter(said["headlines"]))
    document = json.loads((projects / said["wrote"][0]).read_text(encoding="utf-8"))
    assert {"figures", "sections", "lines", "run"} <= set(document)
    assert {"value", "unit", "low", "high", "status", "period", "place"} <= set(document["figures"][figure])
    walked = natcap("explain", kind, figure, cwd=projects)
    assert walked.returncode == 0, walked.stderr
    assert figure in walked.stdout
    assert max(len(line) for line in walked.stdout.splitlines()) <= 100
    listed = natcap("explain", kind, cwd=projects)
    ids = [line.split("  ")[0].strip() for line in listed.stdout.splitlines()[1:]]
    assert ids == list(document["figures"]), "one whole id a line, however long, also where nothing is a terminal"


@pytest.mark.parametrize("kind", KINDS)
def test_same_input_same_bytes(projects: Path, kind: str) -> None:
    """Two builds under different hash seeds, time zones and times give identical workbooks, CSV, JSON and HTML."""
    folders = []
    for name, env in (
        ("one", {"PYTHONHASHSEED": "1", "TZ": "UTC"}),
        ("two", {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo"}),
    ):
        out = projects / f"{kind}-{name}"
        done = natcap("build", kind, "--out", str(out), "--format", "xlsx,csv,json,html", "-q", cwd=projects, **env)
        assert done.returncode == 0, done.stderr
        folders.append({p.relative_to(out): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()})
    assert folders[0].keys() == folders[1].keys()
    assert len(folders[0]) > 5
    assert [str(p) for p in folders[0] if folders[0][p] != folders[1][p]] == []


def test_unfilled_templates_are_told_not_crashed(tmp_path: Path) -> None:
    """A newcomer checks before filling anything in: a list of what is missing, exit code 1, nothing written."""
    for kind in KINDS:
        assert natcap("new", kind, kind, cwd=tmp_path).returncode == 0
        done = natcap("build", kind, cwd=tmp_path)
        assert done.returncode == 1, (kind, done.stdout, done.stderr)
        assert "Nothing was written" in done.stderr
        assert "Traceback" not in done.stderr
        assert not (tmp_path / kind / "results").exists()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["build", "nowhere"], 1, "no natcap.toml"),
        (["explain", "business", "business.totl"], 2, "business.total"),
        (["build", "business", "--format", "pdf"], 2, "expected some of"),
        (["new", "bakery", "x"], 2, "expected one of"),
        (["new", "business", "business"], 2, "not an empty folder"),
        (["factors", "show", "nope"], 2, "no factor series"),
        (["factors", "diff", "1999", "2025"], 2, "nearest is"),
        (["factors", "add", "natcap.toml"], 1, "problem"),
        (["frobnicate"], 2, "No such command"),
        (["demo", "business"], 2, "holds other files"),
        (["reconcile", "nothing.csv"], 1, "problem"),
    ],
)
def test_wrong_use_is_answered(projects: Path, words: list[str], code: int, says: str) -> None:
    done = natcap(*words, cwd=projects)
    assert done.returncode == code, done.stderr
    assert says in " ".join((done.stdout + done.stderr).replace("│", " ").split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("kind = 'business'", "name"),
        ("kind = 'shop'\nname = 'x'\nperiod = 2025", "kind"),
        ("kind = 'business'\nname = 'x'\nperiod = '2025-13'", "period"),
        ("kind = 'business'\nname = 'x'\nperiod = 2025\nsurprise = 1", "surprise"),
        ("not toml at all", "TOML"),
        ("\ud800", "TOML"),
        ("kind = 'business'\nname = 'x'\nperiod = 2025\n[inputs]\nactivity = '../../../etc/passwd'", "problem"),
        ("kind = 'business'\nname = 'x'\nperiod = 2025\n[choices]\nfactor_year_rule = 'guess'", "factor_year_rule"),
    ],
)
def test_a_bad_project_file_is_a_list_of_problems(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "natcap.toml").write_bytes(text.encode("utf-8", errors="surrogatepass"))
    done = natcap("build", str(tmp_path), cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_restate_writes_a_bridge_and_leaves_the_results_alone(projects: Path) -> None:
    """AR5 back to AR4 shows as a term of its own, and the terms of the printed bridge sum to the change."""
    done = natcap("restate", "business", "--factors", "2022", "--format", "json", "--out", "bridge", cwd=projects)
    assert done.returncode == 0, done.stderr
    (file,) = (projects / "bridge").glob("*.json")
    figures = json.loads(file.read_text(encoding="utf-8"))["figures"]
    terms = {key: f["value"] for key, f in figures.items()}
    before, after = (next(v for k, v in terms.items() if k.endswith(end)) for end in (".old", ".new"))
    rest = [v for k, v in terms.items() if not k.endswith((".old", ".new", ".change"))]
    assert sum(rest) == pytest.approx(after - before, abs=1e-6)
    assert any("gwp" in key and value != 0 for key, value in terms.items())
    again = natcap("restate", "business", "--factors", "2022", "--format", "json", "--out", "bridge", cwd=projects)
    assert again.returncode == 2
    assert "stays as it is" in " ".join(again.stderr.replace("│", " ").split())
    refused = natcap("restate", "farm", "--factors", "2022", cwd=projects)
    assert refused.returncode == 2
    assert "only a business" in " ".join(refused.stderr.replace("│", " ").split())


def test_one_of_a_thing_is_said_as_one(tmp_path: Path) -> None:
    """Electricity without a contract takes an earlier residual mix in its market-based figure: one fallback."""
    from natcap.core.words import plural
    from tests.carbon.books import project

    assert [plural(n, "row") for n in (0, 1, 1200)] == ["0 rows", "1 row", "1,200 rows"]
    assert plural(1, "entry", "entries") == "1 entry"
    project(tmp_path / "p", activity=[{"activity": "Electricity", "quantity": 5, "unit": "kWh"}])
    built = natcap("build", "p", "--format", "json", cwd=tmp_path)
    assert "0 problems, 0 warnings, 1 fallback, " in built.stdout, built.stderr
