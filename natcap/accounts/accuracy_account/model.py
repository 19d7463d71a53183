"""The table of reference points: what the map says at a place, and what was found there."""

from __future__ import annotations

from natcap.core.workbook.model import Field, TableModel

__all__ = ["GUIDANCE", "MODEL", "PARTS"]

PARTS: tuple[str, ...] = ("opening", "closing", "change")

MODEL = TableModel(
    "accuracy",
    "Accuracy",
    "Reference points of the accuracy assessment",
    (
        Field("of", "Of", "choice", choices=PARTS, example="closing",
              help="opening or closing: classes of that map; change: strata of the change between the maps",
              synonyms=("map", "date")),
        Field("map_class", "Map class", help="Class of the map at the point, by name or code; or a stratum of change",
              example="Arable", synonyms=("mapped class", "mapped", "map")),
        Field("reference_class", "Reference class", help="What was found at the point", example="Improved grassland",
              synonyms=("reference", "observed class", "truth")),
        Field("points", "Points", "integer", help="Number of reference points", example="12",
              synonyms=("count", "samples", "n")),
    ),
)  # fmt: skip

GUIDANCE: tuple[str, ...] = (
    "One row for each pair of map class and reference class that was met, with the number of reference points. A pair "
    "that is left out stands for no point.",
    "Of: opening, closing or change. Each is a sample of its own; give those you have.",
    "Every class with area in the map needs at least two points: with fewer nothing is known of its error.",
    "Strata of change: no change; stable Arable; gain of Suburban; loss of Arable; Arable to Suburban; other change. "
    "Together they have to cover the area once.",
    "The points have to be drawn at random within each map class (or stratum) of the area accounted.",
    "A single overall accuracy is not enough: it does not say which class was taken for which.",
)
