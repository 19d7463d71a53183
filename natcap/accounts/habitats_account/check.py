"""What a row of the parcel template must be, and what is told where it is not: file, sheet, cell, found, expected."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from natcap.accounts.biodiversity.edition import Edition, Kind, MetricError, Years
from natcap.accounts.biodiversity.outcome import KINDS
from natcap.accounts.biodiversity.units import individual_trees
from natcap.accounts.habitats_account.plots import Plot, allowed_conditions, bespoke, compute
from natcap.core.problems import Problem, Problems, did_you_mean
from natcap.core.workbook import Row, RowTeller

__all__ = ["Checker"]

_SCORED = ("habitat", "condition", "significance", "encroachment", "riparian", "tree")
"""Fields without which there are no units to speak of."""


class Checker(RowTeller):
    """Tells what is wrong with rows, and nothing that only follows from a cell that is told already."""

    def __init__(self, e: Edition, shown: str, problems: Problems, broken: Iterable[Problem] = ()) -> None:
        super().__init__(shown, problems, tuple(broken))
        self.e = e
        self.parcels: set[tuple[str, str]] = set()
        """Kind and name of every baseline row, also of those in which something is wrong."""
        wide = len(self.broken) < len({(p.sheet, p.cell) for p in broken if p.severity == "problem"})
        self.unsure: set[tuple[str, str]] = {
            (kind, step) for kind in KINDS for step in ("baseline", "enhanced") if wide
        }
        """Kinds and steps of which rows may be missing: what is not among their rows may be there none the less."""
        self.refused: set[tuple[str, str]] = set()
        """Baseline parcels that the metric does not allow."""

    def met(self, kind: Kind, step: str, row: Row, plot: Plot | None) -> None:
        """Take note of a row that can be a parcel, or lie on one."""
        if step == "baseline":
            self.parcels.add((kind, str(row["label"])))
        for one, name in (("baseline", "label"), ("enhanced", "parcel")):
            if step in (one, "") and not self.intact(row, name, "step"):
                self.unsure.add((kind, one))
        if step == "enhanced" and plot is None:
            self.unsure.add((kind, step))

    def sound(self, plot: Plot, *names: str) -> bool:
        """Whether none of these cells of a plot is broken."""
        return all((plot.sheet, plot.cells.get(name)) not in self.broken for name in names)

    def say(self, plot: Plot, name: str, found: object, expected: str, remedy: str = "", warning: bool = False) -> None:
        cell = plot.cells.get(name) or f"row {plot.row}"
        if (plot.sheet, cell) in self.broken:
            return
        self.problems.add(self.shown, found, expected, remedy, sheet=plot.sheet, cell=cell, warning=warning)

    def labels(self, rows: Sequence[Row]) -> None:
        """Each name once: names that differ in capitals or spaces only are one name to whoever reads them."""
        seen: set[str] = set()
        for row in rows:
            if _folded(row["label"]) in seen:
                self.tell(row, "label", f"the parcel {row['label']} for the second time", "each name once on a sheet")
            seen.add(_folded(row["label"]))

    def editions(self, rows: Sequence[Row]) -> None:
        """A baseline of one edition and a plan of another have no difference: every row is of the project's."""
        for row in rows:
            said = row.get("edition", "")
            if said not in ("", self.e.name):
                self.tell(row, "edition", f"metric {said}", f"{self.e.name}, the edition of the project",
                          f'State metric_edition = "{said}" in natcap.toml if all rows are of it, or compute this row '
                          f"again by {self.e.name}: units of two editions are never mixed")  # fmt: skip

    def sizes(self, row: Row, step: str) -> tuple[float, float, float] | None:
        """Size, retained, enhanced; for rows that are not baseline the last two must be blank."""
        size = float(row["size"])
        if not size > 0:
            self.tell(row, "size", f"{size:g}", "a size of more than 0")
            return None
        parts = [float(row.get(name, math.nan)) for name in ("retained", "enhanced")]
        if step != "baseline":
            self.must_be_blank(row, ("retained", "enhanced"), parts, step)
            return size, 0.0, 0.0
        good = True
        for name, value in zip(("retained", "enhanced"), parts, strict=True):
            if not value >= 0:
                found = "an empty cell" if math.isnan(value) else f"{value:g}"
                self.tell(row, name, found, "a size of 0 or more", "Write 0 where none is")
                good = False
        if good and sum(parts) > size * (1 + 1e-9):
            found = f"{parts[0]:.10g} retained and {parts[1]:.10g} enhanced"
            self.tell(row, "retained", found, f"together at most {size:.10g}, the size of the parcel")
            good = False
        return (size, parts[0], parts[1]) if good else None

    def must_be_blank(self, row: Row, names: Sequence[str], values: Sequence[float], step: str) -> None:
        for name, value in zip(names, values, strict=True):
            if not math.isnan(value):
                self.tell(
                    row, name, f"{value:g}", f"a blank cell in a row that is {step}", "It belongs to baseline rows"
                )

    def trees(self, row: Row, step: str) -> tuple[float, float, float] | None:
        """Hectares of trees and of those retained, from their number and size class."""
        count, kept = float(row["count"]), float(row["kept"])
        if not count > 0:
            self.tell(row, "count", f"{count:g}", "a number of trees, more than 0")
            return None
        if step != "baseline":
            self.must_be_blank(row, ("kept",), (kept,), step)
            kept = 0.0
        elif not 0 <= kept <= count:
            found = "an empty cell" if math.isnan(kept) else f"{kept:g}"
            self.tell(row, "kept", found, f"a number from 0 to {count:g}, the trees of the row")
            return None
        if not row["tree"]:
            return None
        return (*(individual_trees(self.e, {row["tree"]: int(n)}) for n in (count, kept)), 0.0)  # type: ignore[return-value]

    def years(self, row: Row, step: str) -> tuple[Years | None, Years | None]:
        """Years in advance and of delay; None where they cannot be read."""
        found = [self.year(row, name) for name in ("advance", "delay")]
        if step == "baseline" and any(found):
            name = "advance" if found[0] else "delay"
            self.tell(row, name, str(row[name]), "a blank cell in a baseline row", "It belongs to created and enhanced")
        if all(found):
            self.tell(row, "delay", f"{row['advance']} years in advance and {row['delay']} of delay", "one of them")
        return found[0], found[1]

    def year(self, row: Row, name: str) -> Years | None:
        text = str(row.get(name, "")).strip()
        if text in ("", "0"):
            return 0
        if text == "30+":
            return "30+"
        if text.isdigit() and int(text) <= 30:
            return int(text)
        self.tell(row, name, text, "whole years from 0 to 30, or 30+", "A delay is written as delay, never as a minus")
        return None

    def plot(self, plot: Plot) -> None:
        if self.sound(plot, "place"):
            self.place(plot)
        if self.sound(plot, "habitat", "irreplaceable", "agreed"):
            self.irreplaceable(plot)
        if self.sound(plot, *_SCORED) and (plot.step != "enhanced" or self.start(plot)):
            self.units(plot)

    def start(self, plot: Plot) -> bool:
        """Whether the parcel that an enhancement starts from is one that the metric allows."""
        return bool(plot.before and plot.start) and (plot.kind, plot.parcel) not in self.refused

    def units(self, plot: Plot) -> None:
        """What the metric has no score for, or does not allow."""
        before = len(self.problems.errors)
        self._units(plot)
        if plot.step == "baseline" and len(self.problems.errors) > before:
            self.refused.add((plot.kind, plot.label))

    def _units(self, plot: Plot) -> None:
        try:
            self.e.condition_score(plot.kind, plot.habitat, plot.condition)
        except MetricError as error:
            allowed = allowed_conditions(self.e, plot)
            expected = f"for {plot.habitat} one of {', '.join(allowed)}"
            self.say(plot, "condition", plot.condition, expected, f"{error}")
            return
        try:
            compute(self.e, plot)
        except MetricError as error:
            name = "encroachment" if "encroachment" in str(error) else "habitat"
            if plot.step == "created" and plot.condition not in allowed_conditions(self.e, plot):
                name = "condition"
            found = f"the habitat {plot.habitat} {plot.step} in condition {plot.condition}"
            self.say(plot, name, found, f"what metric {self.e.name} allows", f"{error}")

    def place(self, plot: Plot) -> None:
        for name, value in (("site", plot.site), ("risk", plot.risk)):
            word = "gain site" if name == "site" else "spatial risk"
            if plot.on_site and value:
                self.say(plot, name, value, f"no {word} for a parcel on site", "Clear it, or say off site")
            elif not plot.on_site and not value and (plot.step != "enhanced" or plot.kind != "area"):
                self.say(plot, name, f"no {word}", f"the {word} of a parcel off site")

    def irreplaceable(self, plot: Plot) -> None:
        """What the metric says of the habitat, what the row says, and a loss that nobody has agreed to."""
        if plot.step != "baseline":
            return
        said, rule = plot.said, self.rule(plot)
        if rule == "depends" and not said:
            self.say(plot, "irreplaceable", "an empty cell", f"yes or no, which {plot.habitat} needs",
                     "Ancient woodland and veteran trees, for example, are irreplaceable")  # fmt: skip
        elif (rule, said) in (("yes", "no"), ("yes", ""), ("no", "yes")):
            self.say(plot, "irreplaceable", said or "an empty cell", f"{rule} for {plot.habitat}",
                     f"Metric {self.e.name} leaves no choice")  # fmt: skip
        if not plot.lost or plot.agreed:
            return
        if plot.irreplaceable:
            self.say(plot, "irreplaceable", f"irreplaceable habitat, {plot.lost:.10g} of it lost",
                     "no loss, or bespoke compensation that is agreed",
                     "Retain it, or state yes under Bespoke compensation agreed")  # fmt: skip
        elif bespoke(self.e, plot):
            self.say(plot, "retained", f"the loss of {plot.lost:.10g} of {plot.habitat}",
                     "no loss, or bespoke compensation that is agreed",
                     "It stands as a loss that nothing offsets; the official workbook gives no units for it",
                     warning=True)  # fmt: skip

    def rule(self, plot: Plot) -> str:
        return str(self.e.habitat("area", plot.habitat)["irreplaceable"]) if plot.kind == "area" else ""

    def unknown_parcel(self, plot: Plot, known: Sequence[str]) -> None:
        """A parcel that the baseline does not name; one in whose row something is wrong is told there."""
        self.unsure.add((plot.kind, "enhanced"))
        if (plot.kind, plot.parcel) in self.parcels or (plot.kind, "baseline") in self.unsure:
            return
        remedy = did_you_mean(plot.parcel, known)
        found = plot.parcel or "an empty cell"
        self.say(plot, "parcel", found, "the name of a parcel of the baseline", remedy)

    def same_place(self, plot: Plot, before: Plot) -> None:
        for name in ("on_site", "site", "risk"):
            field = "place" if name == "on_site" else name
            if getattr(plot, name) != getattr(before, name) and self.sound(before, field):
                words = "on site" if before.on_site else "off site"
                expected = words if name == "on_site" else getattr(before, name) or "a blank cell"
                found = ("on site" if plot.on_site else "off site") if name == "on_site" else getattr(plot, name)
                self.say(plot, field, found or "an empty cell", f"{expected}, as the parcel {before.label}")

    def enhanced(self, plots: Sequence[Plot]) -> None:
        """Every enhanced size has its rows, and no row is without it."""
        made: dict[tuple[str, str], float] = defaultdict(float)
        for plot in plots:
            if plot.step == "enhanced":
                made[plot.kind, plot.parcel] += plot.size
        for plot in plots:
            if plot.step == "baseline" and not plot.tree:
                total = made.get((plot.kind, plot.label), 0.0)
                lacking = total < plot.enhanced and (plot.kind, "enhanced") in self.unsure
                if not lacking and not math.isclose(total, plot.enhanced, rel_tol=1e-9, abs_tol=1e-12):
                    found = f"{plot.enhanced:.10g} enhanced of parcel {plot.label}"
                    self.say(plot, "enhanced", found, f"{total:.10g}, the sum of its rows that are enhanced",
                             "Give every enhanced part a row, and name its parcel there")  # fmt: skip

    def sites(self, plots: Sequence[Plot]) -> None:
        """One spelling and one spatial risk for a gain site, because it counts for the net gain of the whole site."""
        first: dict[tuple[str, str], str] = {}
        names: dict[str, str] = {}
        for plot in plots:
            name = names.setdefault(_folded(plot.site), plot.site)
            if not plot.on_site and plot.site != name and plot.cells.get("site"):
                self.say(plot, "site", plot.site, f"{name}, as it is written in the first row of the gain site",
                         "Write the name of a gain site alike in all its rows")  # fmt: skip
            if not plot.on_site and plot.site and plot.risk:
                known = first.setdefault((plot.kind, plot.site), plot.risk)
                if plot.risk != known:
                    self.say(plot, "risk", plot.risk, f"{known}, as in the first row of gain site {plot.site}",
                             "Divide the site in two if its parts lie apart")  # fmt: skip


def _folded(name: object) -> str:
    return " ".join(str(name).split()).casefold()
