"""Sentences about catastrophic losses that the sheets of the asset account share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.words import Words, pounds

__all__ = ["MISSING", "effects_note", "finding", "listed", "notes", "physical"]

MISSING = "no workbook of catastrophic losses was given: none recorded, which is not zero"
_MEANT = (
    "Catastrophic losses are large, sudden and unexpected losses by an event that somebody can name, such as a storm, "
    "a fire, a flood or an outbreak of disease."
)


def notes(words: Words) -> tuple[str, ...]:
    """What the entry of catastrophic losses holds, or that nothing was recorded."""
    given = words.choices.losses
    if given is None:
        return (
            f"{_MEANT} [w] none recorded: no workbook of them was given (losses in [inputs]). That is no zero: what "
            "an event took stands in reductions, degradation or other changes in volume.",
        )
    return (
        f"{_MEANT} Those of {given.shown} are taken out of conversions, reductions (land that became another type), "
        "degradation or other changes in volume (flow of land that kept its type), which show what is left. [w] none "
        "recorded: no loss of that asset is in the workbook, which is not zero.",
    )


def effects_note(words: Words) -> tuple[str, ...]:
    """That effects hold the losses, where there are any."""
    if words.choices.losses is None:
        return ()
    return ("Catastrophic losses are inside the effects of extent and of flow; the asset account shows them apart.",)


def finding(total: float) -> str:
    """The end of a sentence about asset values; nothing where no loss was recorded."""
    if np.isnan(total):
        return ""
    took = f"took {pounds(-total)}" if total <= 0 else f"left {pounds(total)} more, as the land did net harm"
    return f". Catastrophic losses between the dates {took}"


def physical(words: Words) -> tuple[str, ...]:
    """Where the same events stand in hectares and in tonnes of carbon."""
    told = "The hectares are among the reductions of the extent account (sheet 1), which does not tell them apart."
    carbon = (
        "Carbon that an event set free is disturbance in the workbook of carbon movements and in the carbon account "
        "(sheet 12)"
    )
    named = "carbon_movements" in words.setting.project.inputs
    more = ": see whether it holds the same events" if named else "; no such workbook was given"
    return (told, f"{carbon}{more}. Neither is added to the values here.")


def listed(names: pd.Series) -> str:
    """Different words in their order, with commas."""
    return ", ".join(dict.fromkeys(map(str, names)))
