"""Biodiversity units of one parcel, by the formulas of the official metric workbook.

Baseline U = a D C S. Creation U = a D C S T F. Enhancement U = [(a D1 C1 - a D0 C0) F T + a D0 C0] S1: time and
difficulty multiply the gain only. Watercourses multiply by the encroachment of channel (W) and banks (R).
`a` is hectares (area) or kilometres (hedgerow, watercourse). Off-site parcels multiply by the spatial risk.
"""

from __future__ import annotations

from dataclasses import dataclass

from natcap.accounts.biodiversity.edition import Edition, Kind, MetricError, Years

__all__ = ["Units", "baseline", "creation", "enhancement", "final_years", "individual_trees"]

_ORDER = {"V.High": 4, "High": 3, "Medium": 2, "Low": 1, "V.Low": 0}


@dataclass(frozen=True, slots=True)
class Units:
    """Units of one parcel with everything that entered the product, so that a reader can redo it."""

    units: float
    size: float
    distinctiveness: float
    condition: float
    significance: float
    encroachment: float = 1.0
    riparian: float = 1.0
    spatial_risk: float = 1.0
    years: Years | None = None
    temporal: float | None = None
    difficulty_band: str = ""
    difficulty: float | None = None
    before: float | None = None
    """a D0 C0 of an enhancement, without significance."""


def _size(size: float) -> None:
    if not size > 0:
        raise MetricError(f"size {size}: expected more than 0")


def _water(e: Edition, kind: Kind, habitat: str, encroachment: str, riparian: str) -> tuple[float, float]:
    if kind != "watercourse":
        return 1.0, 1.0
    for word in (encroachment, riparian):
        if (word == "N/A - Culvert") != (habitat == "Culvert"):
            raise MetricError(f"encroachment {word!r} does not fit {habitat!r}")
    return (
        e.multiplier("watercourse_encroachment_multiplier", encroachment),
        e.multiplier("riparian_encroachment_multiplier", riparian),
    )


def _risk(e: Edition, kind: Kind, place: str) -> float:
    if not place:
        return 1.0
    name = "watercourse_spatial_risk_multiplier" if kind == "watercourse" else "spatial_risk_multiplier"
    return e.multiplier(name, place)


def final_years(standard: Years, advance: Years, delay: Years) -> Years:
    """Years to target after starting in advance or late. Raises MetricError when both are given."""
    if advance != 0 and delay != 0:
        raise MetricError("created in advance and delayed at once: expected one of them")
    if standard == "30+":
        if advance == 0:
            return "30+"
        return 0 if advance == "30+" else max(30 - advance, 0)
    if delay == "30+":
        return "30+"
    if advance == "30+":
        return 0
    years = max(standard + delay - advance, 0)
    return "30+" if years > 30 else years


def _reached(standard: Years, advance: Years, delay: Years) -> bool:
    """Whether the target condition stands before the loss: then the difficulty is Low."""
    if delay != 0:
        return False
    if standard == "30+" or advance == "30+":
        return advance == "30+"
    return standard <= advance


def baseline(
    e: Edition,
    kind: Kind,
    habitat: str,
    size: float,
    condition: str,
    significance: str,
    encroachment: str = "",
    riparian: str = "",
    place: str = "",
) -> Units:
    """Units of a parcel as it is."""
    _size(size)
    d, c = e.distinctiveness(kind, habitat), e.condition_score(kind, habitat, condition)
    s = e.multiplier("strategic_significance_multiplier", significance)
    w, r = _water(e, kind, habitat, encroachment, riparian)
    risk = _risk(e, kind, place)
    return Units(size * d * c * s * w * r * risk, size, d, c, s, w, r, risk)


def creation(
    e: Edition,
    kind: Kind,
    habitat: str,
    size: float,
    condition: str,
    significance: str,
    advance: Years = 0,
    delay: Years = 0,
    encroachment: str = "",
    riparian: str = "",
    place: str = "",
) -> Units:
    """Units delivered by creating a habitat."""
    now = baseline(e, kind, habitat, size, condition, significance, encroachment, riparian, place)
    standard = e.creation_years(kind, habitat, condition)
    years = final_years(standard, advance, delay)
    band = _creation_band(e, kind, habitat, standard, advance, delay)
    t, f = e.temporal(years), e.multiplier("difficulty_multiplier", band)
    return Units(
        now.units * t * f, size, now.distinctiveness, now.condition, now.significance, now.encroachment, now.riparian,
        now.spatial_risk, years, t, band, f,
    )  # fmt: skip


def _creation_band(e: Edition, kind: Kind, habitat: str, standard: Years, advance: Years, delay: Years) -> str:
    row = e.habitat(kind, habitat)
    # The printed formula for hedgerows looks up the standard difficulty even where the habitat is already in place.
    if kind != "hedgerow" and _reached(standard, advance, delay) and e.distinctiveness(kind, habitat) > 0:
        return "Low"
    if kind == "area" and advance != 0 and delay == 0 and _poor_reached(e, habitat, advance):
        return str(row["difficulty_enhancement"])
    return str(row["difficulty_creation"])


def _poor_reached(e: Edition, habitat: str, advance: Years) -> bool:
    if habitat.split(" - ", 1)[-1] in e.early_start_exclusions:
        return False
    try:
        poor = e.creation_years("area", habitat, "Poor")
    except MetricError:
        return False
    if advance == "30+" or poor == "30+":
        return advance == "30+"
    return advance >= poor


def _check_trade(e: Edition, kind: Kind, before: str, after: str) -> None:
    """Refuse what the official sheets refuse (A-3 columns T and U, B-3 N and O, C-3 O and P), and nothing else.

    A move that the sheets count although it breaks a trading rule (a watercourse to another, medium distinctiveness to
    another broad habitat of its band) has units; the test of the trading rules tells of the loss.
    """
    old, new = e.habitat(kind, before), e.habitat(kind, after)
    rule, bands = str(old["trading_rule"]), [str(row["distinctiveness"]) for row in (old, new)]
    if _ORDER[bands[1]] < _ORDER[bands[0]]:
        raise MetricError(f"{before} to {after} trades down in distinctiveness")
    if before == after:
        return
    like_for_like = bands == ["High", "High"] or (kind != "watercourse" and rule in ("same habitat", "bespoke"))
    if like_for_like:
        raise MetricError(f"{before} to {after} breaks the trading rule: {rule}")


def enhancement(
    e: Edition,
    kind: Kind,
    before: str,
    start: str,
    after: str,
    target: str,
    size: float,
    significance: str,
    advance: Years = 0,
    delay: Years = 0,
    encroachment: str = "",
    riparian: str = "",
    place: str = "",
    size_before: float | None = None,
) -> Units:
    """Units delivered by enhancing a habitat (the whole, not the uplift).

    `size_before` is the length enhanced from, where a watercourse is lengthened. Raises MetricError for individual
    trees, a fall in condition or distinctiveness, no enhancement at all, and a move that is not like for like.
    """
    _size(size)
    if before.startswith("Individual trees"):
        raise MetricError("individual trees cannot be enhanced")
    _check_trade(e, kind, before, after)
    d0, d1 = e.distinctiveness(kind, before), e.distinctiveness(kind, after)
    c0, c1 = e.condition_score(kind, before, start), e.condition_score(kind, after, target)
    if c1 < c0:
        raise MetricError(f"condition falls from {start} to {target}: that is not an enhancement")
    # Sheet C-3 counts a watercourse whose banks or channel are cleared while its condition stays.
    if (d0, c0) == (d1, c1) and kind != "watercourse":
        raise MetricError(f"{before} ({start}) to {after} ({target}) enhances nothing")
    standard = e.enhancement_years(kind, before, start, after, target)
    years = final_years(standard, advance, delay)
    band = "Low" if _reached(standard, advance, delay) else str(e.habitat(kind, after)["difficulty_enhancement"])
    t, f = e.temporal(years), e.multiplier("difficulty_multiplier", band)
    s = e.multiplier("strategic_significance_multiplier", significance)
    w, r = _water(e, kind, after, encroachment, riparian)
    risk = _risk(e, kind, place)
    base = (size if size_before is None else size_before) * d0 * c0
    units = ((size * d1 * c1 - base) * f * t + base) * s * w * r * risk
    return Units(units, size, d1, c1, s, w, r, risk, years, t, band, f, base)


def individual_trees(e: Edition, counts: dict[str, int]) -> float:
    """Hectares that individual trees stand for, from counts by size class (Small to Very large)."""
    total = 0.0
    for size, count in counts.items():
        if count < 0:
            raise MetricError(f"{count} {size} trees: expected 0 or more")
        total += count * e.multiplier("individual_tree_area_ha", size)
    return total
