"""No string can reach a page but through dashboards/safe.py, which escapes it. Held on the source itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "dashboards"
MODULES = sorted(FOLDER.glob("*.py"))
DOOR = {
    "panel": {"safe.py", "serve.py"},
    "panel_material_ui": {"safe.py"},
    "markupsafe": {"safe.py"},
    "param": {"safe.py"},
}
CANVAS = {
    "BasicTicker", "ColorBar", "ColumnDataSource", "FactorRange", "FixedTicker", "HoverTool", "LinearAxis",
    "LinearColorMapper", "NumeralTickFormatter", "Range1d", "SaveTool", "Span", "Whisker",
}  # fmt: skip
"""Bokeh models whose texts are drawn on a canvas or escaped; its HTML widgets and CustomJS are not among them."""
PANES = {"JSComponent", "Bokeh", "Column", "Row", "Viewable"}
CONTROLS = {"Button", "FileDownload", "FileInput", "Page", "TextInput"}
UNSAFE = re.compile(r"<script|\son\w+\s*=|(?:href|src|style|srcdoc|action)\s*=\s*[\"']?\{|javascript:", re.IGNORECASE)
TAG = re.compile(r"<[a-zA-Z/!]")


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in MODULES:
        yield path.name, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.module.split(".")[0], f"{node.module}.{alias.name}") for alias in node.names)


def called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def breaches(name: str, tree: ast.Module) -> Iterator[str]:
    """Sentences about every way in which a module could let text through unescaped."""
    for root, full in imported(tree):
        if name not in DOOR.get(root, {name}):
            yield f"{name} imports {full}"
        if root == "bokeh" and full not in {f"bokeh.models.{n}" for n in CANVAS} | {"bokeh.plotting.figure"}:
            yield f"{name} imports {full}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _call(name, node)
        elif isinstance(node, ast.JoinedStr):
            text = "".join(str(v.value) for v in node.values if isinstance(v, ast.Constant))
            if TAG.search(text):
                yield f"{name}:{node.lineno} writes markup in an f-string"
        elif isinstance(node, (ast.BinOp, ast.AugAssign)):
            for side in (getattr(node, "left", None), getattr(node, "right", None), getattr(node, "value", None)):
                if isinstance(side, ast.Constant) and isinstance(side.value, str) and TAG.search(side.value):
                    yield f"{name}:{node.lineno} joins markup by hand"


def _call(name: str, node: ast.Call) -> Iterator[str]:
    target = called(node)
    where = f"{name}:{node.lineno}"
    first = node.args[0] if node.args else None
    literal = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
    if target == "html" and literal is None:
        yield f"{where} fills a template that isn't literal"
    if target == "html" and literal is not None and UNSAFE.search(literal.replace('href="./{', 'href="./')):
        yield f"{where} has a template that escaping doesn't make safe"
    if target == "Markup" and literal is None and name != "safe.py":
        yield f"{where} makes Markup of its own"
    if target == "Markup" and name == "safe.py" and literal is None and ast.unparse(node) != "Markup(template)":
        yield f"{where} makes Markup of something not literal"
    part = target.split(".")
    rooms = ("pane", "widgets", "layout", "panel", "template", "indicators", "chat")
    if part[0] == "pn" and part[1] in rooms and part[-1] not in PANES:
        yield f"{where} calls {target}"
    if part[0] == "pmui" and part[-1] not in CONTROLS:
        yield f"{where} calls {target}"
    if target.endswith("HoverTool") and "{" in ast.unparse(node):
        yield f"{where} formats a tooltip, which may switch off its escaping"
    if part[-1] in ("eval", "exec", "query", "read_pickle", "loads") and target != "json.loads":
        yield f"{where} calls {target}"


def test_no_text_gets_past_the_door() -> None:
    found = [sentence for name, tree in trees() for sentence in breaches(name, tree)]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "import panel as pn\npn.pane.Markdown(x)",
        "from panel.pane import HTML",
        "import panel_material_ui as pmui",
        "from markupsafe import Markup",
        "html(f'<p>{x}</p>')",
        "html(template)",
        "html('<a href=\"{x}\">y</a>', x=x)",
        "html('<b onclick=\"x\">y</b>')",
        "html('<i style=\"{x}\">y</i>')",
        "y = '<b>' + x",
        "y = f'<b>{x}</b>'",
        "from bokeh.models import Div",
        "from bokeh.models import CustomJS",
        "HoverTool(tooltips=[('a', '@name{safe}')])",
        "Markup(x)",
        "frame.query(x)",
    ],
)
def test_the_rule_sees_each_way_around(code: str) -> None:
    assert list(breaches("other.py", ast.parse(code)))


def test_the_scripts_draw_only_what_safe_gives_them() -> None:
    for path in sorted((FOLDER / "assets").glob("*.js")):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"(?:innerHTML|outerHTML|insertAdjacentHTML)[^\n]*", text) == ["innerHTML = model.html"], (
            path.name
        )
        assert not re.search(r"\beval\b|new Function|document\.write|https?:", text), path.name


def test_inside_the_package_imports_are_relative() -> None:
    for name, tree in trees():
        absolute = [full for root, full in imported(tree) if root == "dashboards"]
        assert absolute == ([] if name != "__main__.py" else ["dashboards.command.main"]), name
