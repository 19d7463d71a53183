"""Losses as a table: one row for each row of the workbook, with its value and its figure; lines as they were placed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.losses.placed import Placed
from natcap.accounts.assets_account.losses.read import AREA
from natcap.accounts.assets_account.losses.words import listed
from natcap.accounts.assets_account.words import Words
from natcap.accounts.classes import slug
from natcap.accounts.services.account import WHOLE
from natcap.accounts.show.words import zone_keys

__all__ = ["EVERY", "lines_of", "rows_of"]

EVERY = "Every service of the land"


def lines_of(words: Words, pairs: pd.DataFrame, placed: Placed) -> pd.DataFrame:
    """The lines with `number` of the loss and `place` of the pair from 1, event, names and keys of the pair, `unit` of
    the flow, `share` of the loss and `value` (GBP)."""
    mine = words.named(pairs).iloc[placed.lines["pair"]].reset_index(drop=True)
    names = ["zone", "zone_key", "zone_name", "service", "service_name", "type", "type_key", "type_name", "bracket",
             "fall"]  # fmt: skip
    lines = pd.concat([placed.lines.reset_index(drop=True), mine[names]], axis=1)
    amounts = np.array([loss.amount for loss in placed.given.rows])[lines["loss"]]
    lines["share"] = lines["hectares"].fillna(lines["flow"]) / amounts
    lines["number"], lines["place"] = lines["loss"] + 1, lines["pair"] + 1
    lines["event"] = [placed.given.rows[n].event for n in lines["loss"]]
    lines["unit"] = [words.account.services[s].unit if known else "" for s, known in
                     zip(lines["service"], lines["flow"].notna(), strict=True)]  # fmt: skip
    effect = mine["flow"] + mine["volume"]
    of_flow = effect * lines["flow"] / lines["fall"].where(lines["flow"].notna())
    lines["value"] = (-lines["hectares"] * lines["bracket"]).fillna(of_flow)
    return lines


def rows_of(words: Words, placed: Placed, lines: pd.DataFrame) -> pd.DataFrame:
    """The rows of the workbook with `number`, names, `value` and the ids `figure` and `event_figure`."""
    given = placed.given.rows
    events = list(dict.fromkeys(slug(loss.event) for loss in given))
    event_key = dict(zip(events, zone_keys(events), strict=True))
    made = []
    for n, loss in enumerate(given):
        mine = lines[lines["loss"] == n]
        zone, kind = placed.zones[n], placed.types[n]
        key = event_key[slug(loss.event)]
        place = "all" if zone == WHOLE else words.zone_key[zone]
        what = words.type_key.get(kind, "not_by_type")
        where = "Whole area" if zone == WHOLE else words.zone_name[zone]
        service = words.service_name[loss.service] if loss.service else EVERY
        type_name = words.type_name.get(kind, listed(mine["type_name"]))
        made.append({
            "number": n + 1, "event": loss.event, "year": loss.year,
            "zone_name": where, "type_name": type_name,
            "service_name": service,
            "item": ", ".join([loss.event, type_name, where, service if loss.service else "all services"]),
            "hectares": loss.amount if loss.measure == AREA else float("nan"),
            "flow": loss.amount if loss.measure != AREA else float("nan"),
            "unit": listed(mine["unit"]), "value": float(mine["value"].sum(min_count=1)),
            "services": tuple(dict.fromkeys(mine["service"])), "evidence": loss.evidence, "note": loss.note,
            "figure": f"assets.loss.{key}.{place}.{what}.{loss.service or 'all'}.{loss.measure}",
            "event_figure": f"assets.loss.{key}.total",
        })  # fmt: skip
    return pd.DataFrame(made)
