"""Set one series against one target: newest value, path, gap, rate achieved over rate required, status with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from natcap.core.targets import Target
from natcap.progress import projection
from natcap.progress.definitions import Bands, Indicator
from natcap.progress.derive import spread
from natcap.progress.path import Path, required_rate, yearly_change
from natcap.progress.periods import months_between, target_position
from natcap.progress.status import Outcome, Status, cannot_say, chance_word, overall, ratio_word

__all__ = ["Assessment", "Point", "assess", "points"]


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series. `id` is the row of the observations."""

    id: int
    period: str
    at: float
    end: date
    value: float
    low: float
    high: float
    status: str
    method: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is known about one target in one area. Fields are None where they do not exist; `no_path` says why."""

    target: Target
    area: str
    latest: Point | None
    earlier: Point | None
    base: Point | None
    path: Path | None
    no_path: str
    path_value: float | None
    ratio: float | None
    months: int | None
    status: Status

    @property
    def gap(self) -> float | None:
        """Newest value less path value; above zero is behind for what should fall."""
        if self.latest is None or self.path_value is None:
            return None
        return self.latest.value - self.path_value


def points(series: pd.DataFrame, as_of: date) -> list[Point]:
    """Values of a series whose period had ended by `as_of`, oldest first."""
    rows = series[series["value"].notna()]
    low, high = spread(rows)
    records = rows[["id", "period", "position", "end", "value", "status", "method_version"]].to_numpy(dtype=object)
    found = [Point(int(i), p, float(at), end, float(v), lo, hi, status, method)
             for (i, p, at, end, v, status, method), lo, hi in zip(records, low, high, strict=True)]  # fmt: skip
    return [point for point in found if point.end <= as_of]


def _base(found: list[Point], target: Target, kind: str) -> Point | None:
    """The base: the value the target states, or the last value of the series in the base year."""
    if target.base_year is None:
        return None
    inside = [p for p in found if int(p.at) == target.base_year]
    if target.base_value is None:
        return inside[-1] if inside else None
    at = inside[-1].at if inside else target_position(target.base_year, kind)
    end = date(target.base_year, 12, 31)
    value = target.base_value
    return Point(-1, str(target.base_year), at, end, value, value, value, "observed", "")


def _path(base: Point | None, target: Target, end_at: float) -> tuple[Path | None, str]:
    if target.base_year is None:
        return None, "the target states no base year"
    if base is None:
        return None, f"there is no value for the base year {target.base_year}"
    try:
        return Path(base.at, base.value, end_at, target.value, target.path), ""
    except ValueError as error:
        return None, str(error)


def _ratio(earlier: Point, latest: Point, value: float, target: Target, end_at: float) -> float | None:
    """Achieved over required rate with `value` as the newest: straight for a straight path, compound for the other.

    None where no rate is required any more, or where a compound rate does not exist.
    """
    back, ahead = latest.at - earlier.at, end_at - latest.at
    try:
        if target.path == "exponential":
            achieved, needed = required_rate(earlier.value, value, back), required_rate(value, target.value, ahead)
        else:
            achieved, needed = yearly_change(earlier.value, value, back), yearly_change(value, target.value, ahead)
    except ValueError:
        return None
    return achieved / needed if needed else None


def _reached(value: float, target: Target, direction: str) -> bool:
    return value <= target.value if direction == "down" else value >= target.value


def _reasons(series: pd.DataFrame, window: list[Point], latest: Point, bands: Bands, months: int) -> list[str]:
    said = []
    newest = series.iloc[-1]
    if newest["position"] > latest.at and newest["status"] not in ("not yet published", "observed", "estimated"):
        said.append(f"the newest period has no value ({newest['status']})")
    if latest.status != "observed":
        said.append(f"the newest value is {latest.status}, not observed")
    if len(window) < bands.fewest_points:
        said.append(
            f"the last {bands.window_years:g} years have {len(window)} values, fewer than {bands.fewest_points:g}"
        )
    methods = list(dict.fromkeys(p.method for p in window))
    if len(methods) > 1:
        said.append(f"the method changed inside the window ({' to '.join(methods)})")
    if months > bands.newest_months:
        said.append(f"the newest value is {months} months old, more than {bands.newest_months:g}")
    return said


def _rate_test(
    a: Point, b: Point, ratio: float | None, target: Target, unit: str, end_at: float, bands: Bands
) -> Outcome:
    if ratio is None:
        return Outcome("rate", None, "", "Rate: not tested, no rate exists.")
    unit = "percentage points" if unit == "%" else unit
    done = yearly_change(a.value, b.value, b.at - a.at)
    needed = yearly_change(b.value, target.value, end_at - b.at)
    word = ratio_word(ratio, bands)
    said = (
        f"Rate: {ratio:.2f} of what is needed ({done:+.3g} {unit} a year since {a.period}; {needed:+.3g} a year needed "
        f"to {target.year}): {word}."
    ).replace("-", "\N{MINUS SIGN}")
    return Outcome("rate", ratio, word, said)


def _chance_test(window: list[Point], target: Target, indicator: Indicator, bands: Bands) -> Outcome:
    ahead = round(target.year - window[-1].at)
    tried = projection.horizons(indicator.indicator)
    if not tried:
        return Outcome("chance", None, "", "Chance: not tested, no trend of this indicator was tried on past years.")
    if ahead > max(tried):
        return Outcome(
            "chance",
            None,
            "",
            f"Chance: not tested, {target.year} is further than the {max(tried)} years that were tried.",
        )
    try:
        chance = projection.chance_at_most(indicator.indicator, [p.value for p in window], ahead, target.value)
    except ValueError as error:
        return Outcome("chance", None, "", f"Chance: not tested, {error}.")
    word = chance_word(chance, bands)
    return Outcome("chance", chance, word, f"Chance of meeting it on the present trend: {chance:.0%}: {word}.")


def _noise(earlier: Point, latest: Point, ratio: float | None, target: Target, end_at: float, bands: Bands) -> str:
    """A sentence when the uncertainty of the newest value alone would change the word."""
    if ratio is None:
        return ""
    ends = [_ratio(earlier, latest, v, target, end_at) for v in (latest.low, latest.high)]
    words = {ratio_word(r, bands) for r in ends if r is not None} | {ratio_word(ratio, bands)}
    return (
        f"Within noise: the range of the newest value allows {' and '.join(sorted(words))}." if len(words) > 1 else ""
    )


def _passed(found: list[Point], target: Target, direction: str) -> Status:
    """Status of a target whose year has come."""
    inside = [p for p in found if int(p.at) == target.year]
    if not inside:
        return cannot_say([f"there is no value for the target year {target.year}"])
    value = inside[-1].value
    word = "target reached" if _reached(value, target, direction) else "target missed"
    said = f"In {inside[-1].period} the value was {value:g}, the target {target.value:g} {target.unit}."
    return Status(word, (Outcome("end", value, "", said),))


def assess(
    series: pd.DataFrame, target: Target, area: str, indicator: Indicator, bands: Bands, as_of: date
) -> Assessment:
    """Assess `target` in `area` by its series (rows of one indicator, area and part, oldest first).

    Nothing that ended after `as_of` is used, so the same data and date give the same words for ever.
    """
    found = points(series, as_of)
    if not found:
        nothing = cannot_say(["there is no value of this indicator for this area"])
        return Assessment(target, area, None, None, None, None, "", None, None, None, nothing)
    latest = found[-1]
    kind = str(series["period_type"].iloc[0])
    end_at = target_position(target.year, kind)
    base = _base(found, target, kind)
    path, no_path = _path(base, target, end_at)
    on_path = path is not None and path.base_at <= latest.at <= path.end_at
    path_value = path.at(latest.at) if path is not None and on_path else None
    months = months_between(latest.end, as_of)
    window = [p for p in found if p.at >= latest.at - bands.window_years - 1e-9]
    earlier = window[0] if len(window) > 1 else None
    ratio = None
    if latest.at >= end_at:
        status = _passed(found, target, indicator.direction)
    else:
        ratio = _ratio(earlier, latest, latest.value, target, end_at) if earlier else None
        status = _status(series, window, target, indicator, bands, months, ratio, end_at)
    if target.withdrawn:
        status = Status("withdrawn", status.tests, ("this target was withdrawn; its old line is kept",))
    return Assessment(target, area, latest, earlier, base, path, no_path, path_value, ratio, months, status)


def _status(
    series: pd.DataFrame, window: list[Point], target: Target, indicator: Indicator, bands: Bands, months: int,
    ratio: float | None, end_at: float,
) -> Status:  # fmt: skip
    latest = window[-1]
    reasons = _reasons(series, window, latest, bands, months)
    tests: list[Outcome] = []
    noise = ""
    if len(window) > 1:
        tests = [
            _rate_test(window[0], latest, ratio, target, indicator.unit, end_at, bands),
            _chance_test(window, target, indicator, bands),
            Outcome("budget", None, "", "Budget: not tested, none is set."),
        ]
        noise = _noise(window[0], latest, ratio, target, end_at, bands)
    if reasons:
        return cannot_say(reasons, tests)
    if _reached(latest.value, target, indicator.direction):
        return Status(
            "target reached",
            (Outcome("end", latest.value, "", "The newest value meets the target ahead of its year."),),
        )
    return overall(tests, noise)
