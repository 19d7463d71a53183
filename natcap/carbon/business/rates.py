"""Whether the rate of an electricity contract can be what it is said to be, by the quality criteria of scope 2.

A contractual instrument conveys the emission rate of its own electricity, once: certificates retired for a supply
make its rate that of the plants behind them, and a rate of zero needs certificates. Thresholds are judged
(`factors/business/flags.csv`).
"""

from __future__ import annotations

import re
from typing import Protocol

from natcap.carbon.business.checks import thresholds

__all__ = ["RENEWABLE", "Tell", "check_rate"]

RENEWABLE = "renewable, certificates retired"
_CERTIFICATES = re.compile(
    r"\b(?:regos?|goos?|gos?|i-?recs?|recs?|guarantees? of origin|certificates?)\b", re.IGNORECASE
)
_STANDS = "It was taken as it stands."


class Tell(Protocol):
    """Adds a finding at a field of the contract."""

    def __call__(self, field: str, what: object, expected: str, remedy: str = "", warning: bool = False) -> None: ...


def check_rate(kind: str, rate: float, evidence: str, tell: Tell) -> None:
    """Tell what does not fit in a contract's rate (kg CO2e per kWh): at most one finding, a problem or a warning."""
    limit, shown = thresholds(), f"{rate:g}"
    if not 0 <= rate <= limit["rate_most"]:
        grams = f"Is it grams? Then it is {rate / 1000:g} kg CO2e per kWh." if rate > 0 else ""
        tell("factor", shown, f"kg CO2e per kWh, from 0 to {limit['rate_most']:g}", grams)
    elif kind == RENEWABLE:
        _renewable(rate, limit["renewable_most"], tell)
    elif rate == 0:
        _zero(evidence, tell)
    elif rate < limit["rate_low"]:
        said = f"{_STANDS} Is it tonnes? Then it is {rate * 1000:g} kg CO2e per kWh."
        tell("factor", shown, f"kg CO2e per kWh; less than {limit['rate_low']:g} is no supplier's mix", said, True)
    elif rate > limit["rate_high"]:
        tell("factor", shown, f"kg CO2e per kWh; {limit['rate_high']:g} is a supply from coal alone", _STANDS, True)
    elif _CERTIFICATES.search(evidence):
        tell(
            "factor", f"a supplier rate of {shown} whose evidence speaks of certificates ({evidence})",
            "the supplier's mix, or certificates with the rate of their plants",
            f"{_STANDS} Where certificates were retired for all of this supply, write {RENEWABLE!r}.", True,
        )  # fmt: skip


def _renewable(rate: float, most: float, tell: Tell) -> None:
    """Certificates convey the rate of their plants: nothing, or some methane and nitrous oxide."""
    if rate > most:
        tell(
            "factor", f"{rate:g} kg CO2e per kWh with certificates retired for this supply",
            f"an empty cell or 0; at most {most:g} for biomass and biogas",
            "Scope 2 takes one rate: that of the certificates, or the supplier's. If only a part is covered, write "
            "'supplier rate' with the rate of the whole supply.",
        )  # fmt: skip
    elif rate > 0:
        tell(
            "factor", f"{rate:g} kg CO2e per kWh of a renewable supply",
            "0, or the methane and nitrous oxide of biomass and biogas", _STANDS, True,
        )  # fmt: skip


def _zero(evidence: str, tell: Tell) -> None:
    tell(
        "factor", f"a supplier rate of 0 ({evidence or 'without evidence'})",
        "certificates retired for this supply: without them a rate of 0 does not meet the quality criteria of scope 2",
        f"{_STANDS} Write {RENEWABLE!r} with the reference of the certificates, or the rate of the supplier's mix.",
        True,
    )  # fmt: skip
