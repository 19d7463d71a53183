"""Fill the empty official metric workbook with parcels of many kinds, for LibreOffice to calculate."""

from __future__ import annotations

import random
import warnings
from pathlib import Path

import openpyxl

from natcap.accounts.biodiversity import Edition, MetricError, baseline, creation, enhancement

SIGNIFICANCE = (
    "Area/compensation not in local strategy/ no local strategy",
    "Location ecologically desirable but not in local strategy",
    "Formally identified in local strategy",
)
CONDITIONS = ("Good", "Fairly Good", "Moderate", "Fairly Poor", "Poor", "Condition Assessment N/A", "N/A - Other")
WATER = ("No Encroachment", "Minor", "Major")
BANKS = ("Major/Major", "Major/Moderate", "Moderate/ Minor", "Minor/ Minor", "No Encroachment/ No Encroachment")
ROWS = 200


def fill(empty: Path, target: Path, e: Edition, seed: int) -> None:
    """Write parcels the metric allows (by our own reckoning of what is possible, never of what it is worth)."""
    draw = random.Random(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(empty)
    _area(book, e, draw)
    _hedge(book, e, draw)
    _water(book, e, draw)
    _withheld(book)
    book.save(target)


def _withheld(book: openpyxl.Workbook) -> None:
    """Irreplaceable and very high distinctiveness habitat: kept, enhanced, lost, with and without agreement."""
    parts = [(s, t, agreed) for s, t in ((2, 0), (1, 0), (0, 0), (1, 1), (0.5, 0.5)) for agreed in (None, "No", "Yes")]
    habitats = (("Woodland and forest", "Wet woodland", "Yes"), ("Grassland", "Lowland meadows", "No"))
    for row, ((broad, name, said), (kept, better, agreed)) in enumerate(
        [(habitat, part) for habitat in habitats for part in parts], 215
    ):
        cells = {
            "E": broad,
            "F": name,
            "G": said,
            "H": 2,
            "K": "Moderate",
            "M": SIGNIFICANCE[1],
            "S": kept,
            "T": better,
        }
        _put(book["A-1 On-Site Habitat Baseline"], row, cells | ({"Y": agreed} if agreed else {}))
    for row, (kept, better, agreed) in enumerate(parts, 200):
        cells = {"D": "Priority habitat", "E": 2, "H": "Moderate", "J": SIGNIFICANCE[1], "M": WATER[1], "O": BANKS[2]}
        cells |= {"U": kept, "V": better} | ({"AA": agreed} if agreed else {})
        _put(book["C-1 On-Site WaterC' Baseline"], row, cells)


def _put(sheet: object, row: int, cells: dict[str, object]) -> None:
    for column, value in cells.items():
        sheet[f"{column}{row}"] = value  # type: ignore[index]


def _some(draw: random.Random, job: object, options: list[tuple[object, ...]], count: int) -> list[tuple[object, ...]]:
    """Draw options until `count` of them are possible."""
    draw.shuffle(options)
    good: list[tuple[object, ...]] = []
    for option in options:
        try:
            job(*option)  # type: ignore[operator]
        except MetricError:
            continue
        good.append(option)
        if len(good) == count:
            break
    return good


def _times(draw: random.Random) -> tuple[object, object]:
    years = draw.choice([0, 0, 0, 1, 3, 5, 10, 30])
    return (years, 0) if draw.random() < 0.5 else (0, years)


def _area(book: openpyxl.Workbook, e: Edition, draw: random.Random) -> None:
    habitats = [h for h in e.habitats["area"].index if not h.startswith("Watercourse")]
    pairs = [(h, c) for h in habitats for c in CONDITIONS]
    made = _some(draw, lambda h, c: creation(e, "area", h, 1, c, SIGNIFICANCE[0]), list(pairs), ROWS)
    for row, (habitat, condition) in enumerate(made, 11):
        broad, name = str(habitat).split(" - ", 1)
        advance, delay = _times(draw)
        size, chosen = round(draw.uniform(0.01, 20), 3), draw.choice(SIGNIFICANCE)
        cells = {"D": broad, "E": name, "G": size, "J": condition, "L": chosen, "P": advance, "Q": delay}
        _put(book["A-2 On-Site Habitat Creation"], row, cells)
    moves = [(b, a) for b in habitats for a in (b, draw.choice(habitats), draw.choice(habitats))]
    rises = [(b, c0, a, c1) for b, a in moves for c0 in CONDITIONS[:6] for c1 in CONDITIONS[:5]]
    better = _some(draw, lambda b, c0, a, c1: enhancement(e, "area", b, c0, a, c1, 1, SIGNIFICANCE[0]), rises, ROWS)
    for row, (before, start, after, target) in enumerate(better):
        broad, name = str(before).split(" - ", 1)
        size, chosen = round(draw.uniform(0.01, 20), 3), draw.choice(SIGNIFICANCE)
        cells = {"E": broad, "F": name, "G": "No", "H": size, "K": start, "M": chosen, "S": 0, "T": size}
        _put(book["A-1 On-Site Habitat Baseline"], row + 11, cells)
        new_broad, new_name = str(after).split(" - ", 1)
        advance, delay = _times(draw)
        cells = {"Q": new_broad, "R": new_name, "Y": target, "AA": draw.choice(SIGNIFICANCE)}
        _put(book["A-3 On-Site Habitat Enhancement"], row + 12, cells | {"AE": advance, "AF": delay})


def _hedge(book: openpyxl.Workbook, e: Edition, draw: random.Random) -> None:
    hedges, conditions = list(e.habitats["hedgerow"].index), ("Good", "Moderate", "Poor")
    pairs = [(h, c) for h in hedges for c in conditions]
    made = _some(draw, lambda h, c: creation(e, "hedgerow", h, 1, c, SIGNIFICANCE[0]), list(pairs), ROWS)
    for row, (habitat, condition) in enumerate(made, 12):
        advance, delay = _times(draw)
        cells = {"D": habitat, "E": round(draw.uniform(0.01, 3), 3), "H": condition, "J": draw.choice(SIGNIFICANCE)}
        _put(book["B-2 On-Site Hedge Creation"], row, cells | {"N": advance, "O": delay})
    rises = [(b, c0, a, c1) for b in hedges for c0 in conditions for a in hedges for c1 in conditions]
    better = _some(draw, lambda b, c0, a, c1: enhancement(e, "hedgerow", b, c0, a, c1, 1, SIGNIFICANCE[0]), rises, ROWS)
    for row, (before, start, after, target) in enumerate(better):
        size = round(draw.uniform(0.01, 3), 3)
        cells = {"D": before, "E": size, "H": start, "J": draw.choice(SIGNIFICANCE), "P": 0, "Q": size}
        _put(book["B-1 On-Site Hedge Baseline"], row + 10, cells)
        advance, delay = _times(draw)
        cells = {"M": after, "S": target, "U": draw.choice(SIGNIFICANCE), "Y": advance, "Z": delay}
        _put(book["B-3 On-Site Hedge Enhancement"], row + 12, cells)


def _banks(draw: random.Random, habitat: object) -> tuple[str, str]:
    culvert = "N/A - Culvert"
    return (culvert, culvert) if habitat == "Culvert" else (draw.choice(WATER), draw.choice(BANKS))


def _water(book: openpyxl.Workbook, e: Edition, draw: random.Random) -> None:
    waters, conditions = [w for w in e.habitats["watercourse"].index if w != "Priority habitat"], CONDITIONS[:5]
    for row, (habitat, condition) in enumerate([(w, c) for w in waters for c in conditions], 12):
        wet, banks = _banks(draw, habitat)
        try:
            creation(e, "watercourse", str(habitat), 1, condition, SIGNIFICANCE[0], 0, 0, wet, banks)
        except MetricError:
            continue
        advance, delay = _times(draw)
        cells = {"C": habitat, "D": round(draw.uniform(0.01, 3), 3), "G": condition, "I": draw.choice(SIGNIFICANCE)}
        _put(book["C-2 On-Site WaterC' Creation"], row, cells | {"M": advance, "N": delay, "V": wet, "X": banks})
    row = 0
    for before in waters:
        for after in (before, draw.choice(waters)):
            for start in conditions:
                for target in conditions:
                    old, new = _banks(draw, before), _banks(draw, after)
                    try:
                        baseline(e, "watercourse", before, 1, start, SIGNIFICANCE[0], *old)
                        enhancement(e, "watercourse", before, start, after, target, 1, SIGNIFICANCE[0], 0, 0, *new)
                    except MetricError:
                        continue
                    size = round(draw.uniform(0.01, 3), 3)
                    cells = {"D": before, "E": size, "H": start, "J": draw.choice(SIGNIFICANCE), "M": old[0]}
                    cells |= {"O": old[1], "U": 0, "V": size}
                    _put(book["C-1 On-Site WaterC' Baseline"], row + 10, cells)
                    advance, delay = _times(draw)
                    cells = {"N": after, "T": target, "V": draw.choice(SIGNIFICANCE), "Z": advance, "AA": delay}
                    _put(book["C-3 On-Site WaterC' Enhancement"], row + 12, cells | {"AI": new[0], "AK": new[1]})
                    row += 1
