"""The only door from text to a page.

Every string that reaches a browser is either a template that stands literally in this program, filled with escaped
values by `html`, or the text of a React control or of a canvas. Panel's own text panes run what they are given, so no
other module may import Panel or Markup (tests/house/test_dashboard_sinks.py holds this).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param
from markupsafe import Markup

__all__ = [
    "NOTHING",
    "Choice",
    "Fields",
    "Html",
    "Markup",
    "Walk",
    "button",
    "canvas",
    "chart",
    "download",
    "entry",
    "html",
    "join",
    "page",
    "row",
    "stack",
    "swatch",
    "upload",
]

NOTHING = Markup("")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def html(template: str, /, **values: object) -> Markup:
    """Fill a literal template; every value that isn't already Markup is escaped."""
    return Markup(template).format(**values)


def join(parts: Iterable[Markup | str]) -> Markup:
    """Put pieces one after another; plain strings among them are escaped."""
    return Markup("").join(parts)


def swatch(colour: str) -> Markup:
    """A small square of one colour; nothing for anything but #rrggbb."""
    if not _COLOUR.fullmatch(colour):
        return NOTHING
    return Markup('<span class="swatch" aria-hidden="true" style="background:{}"></span>').format(colour)


def canvas(text: object, width: int = 0) -> str:
    """Text for a Bokeh canvas: no control characters, no TeX (Bokeh would load a renderer), cut to `width`."""
    clean = _CONTROL.sub("", str(text)).replace("$$", "$\u2009$").replace("\\(", "\\ (").replace("\\[", "\\ [")
    return clean if not width or len(clean) <= width else clean[: width - 1].rstrip() + "\u2026"


def _asset(name: str) -> str:
    return (Path(__file__).parent / "assets" / name).read_text(encoding="utf-8")


_SX: dict[str, object] = {
    # The page's busy bar has no name and its spacer heading is empty: both break WCAG rules, neither is needed.
    "& .MuiLinearProgress-root": {"display": "none"},
    "& h5": {"visibility": "hidden"},
    "& main": {"minWidth": 0},
    "@media (max-width: 480px)": {"& .title": {"fontSize": "1.1rem"}},
    "@media print": {
        "height": "auto",
        "width": "100%",
        "overflow": "visible",
        "& main, & .main-content": {"overflow": "visible", "height": "auto"},
        "& header": {"display": "none"},
    },
}


class _MarkupParam(param.String):
    """A string parameter that takes nothing but Markup, so that an unescaped string can't get to the page."""

    def _validate_value(self, val: object, allow_None: bool) -> None:
        super()._validate_value(val, allow_None)
        if val and not isinstance(val, Markup):
            raise TypeError("only Markup made by dashboards.safe.html goes to a page")


async def _finish(waiting: Awaitable[None]) -> None:
    await waiting


class _Messenger(pn.custom.JSComponent):
    """A component whose buttons (`data-go`) send their word to `on_go`."""

    html = _MarkupParam(default=NOTHING)
    __abstract = True

    def __init__(
        self, markup: Markup = NOTHING, on_go: Callable[[str], Awaitable[None] | None] | None = None, **params: Any
    ) -> None:
        self._on_go = on_go
        size = {} if "width" in params else {"sizing_mode": "stretch_width"}
        super().__init__(html=markup, **size, **params)

    def listen(self, on_go: Callable[[str], Awaitable[None] | None]) -> None:
        """Send what is pressed from now on to `on_go`."""
        self._on_go = on_go

    def _handle_msg(self, msg: Any) -> None:
        word = msg.get("go") if isinstance(msg, dict) else None
        if isinstance(word, str) and len(word) <= 300 and self._on_go:
            waiting = self._on_go(word)
            if waiting is not None:
                pn.state.execute(partial(_finish, waiting))


class Html(_Messenger):
    """A piece of a page. Redrawing keeps what is open and where the focus stands; `arrive` moves it to the heading."""

    arrive = param.Boolean(default=False)

    _stylesheets = [_asset("page.css")]  # noqa: RUF012
    _esm = _asset("piece.js")


class Choice(Html):
    """One of several, as the browser's own list: Material's has roles that break WCAG. `value` is what was picked."""

    def __init__(
        self, label: str, options: Mapping[str, Any], on_pick: Callable[[Any], object] | None = None, picked: int = 0
    ) -> None:
        self._values, self._on_pick = list(options.values()), on_pick
        self.value = self._values[picked]
        items = join(
            html('<option value="{i}"{s}>{t}</option>', i=i, t=text, s=html(" selected") if i == picked else NOTHING)
            for i, text in enumerate(options)
        )
        markup = html('<label class="field">{l}<br><select data-pick="pick">{i}</select></label>', l=label, i=items)
        super().__init__(markup, self._pick, width=290)

    def _pick(self, word: str) -> None:
        place = word.partition(":")[2]
        if place.isdecimal() and len(place) < 9 and int(place) < len(self._values):
            self.value = self._values[int(place)]
            if self._on_pick:
                self._on_pick(self.value)


class Walk(_Messenger):
    """A dialog at the right-hand side, opened by giving it Markup and closed by giving it none.

    The browser's own modal dialog keeps the focus inside, closes on Escape and returns the focus to the button.
    """

    _stylesheets = [_asset("page.css"), _asset("dialog.css")]  # noqa: RUF012
    _esm = _asset("walk.js")


class Fields(_Messenger):
    """Fields to fill in, drawn once. What is sent to them afterwards are texts, which the page sets as text.

    `on_fields` hears the texts by name while they're typed. `told` says something beside a field (kind, text),
    `offers` what a field may hold (text, hint), `fill` replaces texts, `said` is read out by screen readers.
    """

    told = param.Dict(default={})
    offers = param.Dict(default={})
    fill = param.Dict(default={})
    said = param.String(default="")

    _stylesheets = [_asset("page.css"), _asset("fields.css")]  # noqa: RUF012
    _esm = _asset("fields.js")

    def __init__(self, markup: Markup, names: Iterable[str], on_fields: Callable[[dict[str, str]], Any]) -> None:
        super().__init__(markup)
        self._names, self._on_fields = tuple(names), on_fields

    def _handle_msg(self, msg: Any) -> None:
        given = msg.get("fields") if isinstance(msg, dict) else None
        if isinstance(given, dict):
            texts = {n: v for n in self._names if isinstance(v := given.get(n, ""), str) and len(v) <= 2_000}
            pn.state.execute(partial(self._on_fields, texts))


def chart(figure: Any) -> Any:
    """A pane for a Bokeh figure; texts on a canvas don't run."""
    return pn.pane.Bokeh(figure, sizing_mode="stretch_width", margin=(0, 10), styles={"max-width": "900px"})


def stack(*parts: Any, **params: Any) -> Any:
    """Parts under one another. Plain text is refused: Panel would run it as Markdown."""
    _components(parts)
    # The page is a flex box that would squeeze a column to the window's height and draw what follows over it.
    return pn.Column(*parts, sizing_mode="stretch_width", styles={"flex": "none", "max-height": "none"}, **params)


def row(*parts: Any, **params: Any) -> Any:
    """Parts beside one another, wrapping on a narrow screen."""
    _components(parts)
    return pn.Row(*parts, styles={"flex-wrap": "wrap", "gap": "4px", "align-items": "end"}, margin=(4, 6), **params)


def _components(parts: Iterable[object]) -> None:
    for part in parts:
        if not isinstance(part, pn.viewable.Viewable):
            raise TypeError(f"{type(part).__name__} is not a component")


def button(label: str, on_click: Callable[[Any], object], **params: Any) -> Any:
    """A push button."""
    return pmui.Button(label=label, on_click=on_click, **{"variant": "contained", **params})


def entry(label: str, **params: Any) -> Any:
    """A line of text to fill in."""
    return pmui.TextInput(label=label, **{"width": 300, **params})


def upload(label: str, accept: str, limit: int, **params: Any) -> Any:
    """A file to send, in pieces of 4 MiB; over `limit` bytes the browser refuses, and the server checks again."""
    return pmui.FileInput(
        label=label,
        accept=accept,
        max_file_size=limit,
        chunk_size=4 * 1024 * 1024,
        uploaded_label="Received {filename}",
        **{"variant": "outlined", "width": 320, **params},
    )


def download(label: str, name: str, make: Callable[[], bytes]) -> Any:
    """A button that makes a file when it's pressed. `name` must be a plain file name."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}", name):
        raise ValueError(f"not a plain file name: {name!r}")
    return pmui.FileDownload(
        callback=lambda: BytesIO(make()), filename=name, label=label, auto=True, embed=False, variant="outlined"
    )


def page(title: str, *parts: Any) -> Any:
    """The frame of every page. `title` stands in the window's title bar."""
    _components(parts)
    return pmui.Page(
        title="natcap",
        meta_title=title,
        main=[stack(*parts)],
        main_width=1180,
        busy_indicator=None,
        sx=_SX,
        raw_css=[_asset("frame.css")],
    )
