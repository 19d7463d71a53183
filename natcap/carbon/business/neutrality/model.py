"""What a business records on its way to neutrality: the steps, removals in its value chain, credits."""

from __future__ import annotations

from natcap.core.workbook.model import Field, TableModel

__all__ = ["CLAIM", "CREDIT_KINDS", "CREDIT_STATES", "GUIDANCE", "MODELS", "STEPS"]

STEPS: dict[str, str] = {
    "quantify": "Quantify: the footprint, with who checked it",
    "reduce": "Reduce: the plan and what it brought",
    "remove": "Remove within the value chain",
    "offset": "Offset the residual with retired credits",
}
"""The steps in the order of ISO 14068-1: reductions and removals of one's own come before credits."""

CREDIT_STATES: tuple[str, ...] = ("retired", "held", "pending")
"""Only a retired credit counts. Pending issuance units are promises, not credits."""

CREDIT_KINDS: tuple[str, ...] = ("removal", "avoidance")
CLAIM = "carbon neutral"

_EVIDENCE = Field("evidence", "Evidence", required=False, help="Document, register entry or page that proves it",
                  example="Board paper 12, 2025-03-04", synonyms=("reference", "document", "source"))  # fmt: skip

_STEPS = TableModel(
    "steps", "Steps", "Steps on record",
    (
        Field("step", "Step", "choice", choices=tuple(STEPS), help="; ".join(STEPS.values()), example="reduce"),
        Field("day", "Date", "date", help="When it was decided, approved or checked", example="2025-03-04"),
        Field("action", "What was done or decided", example="Plan of heat pumps and electric vans, approved",
              help="For remove: why there is none, if there is none", synonyms=("action", "description")),
        _EVIDENCE,
    ),
    named=True,
)  # fmt: skip

_REMOVALS = TableModel(
    "removals", "Removals", "Removals within the value chain",
    (
        Field("what", "Removal", help="Where and how carbon is taken up and kept", example="Hedge planted at the depot",
              synonyms=("removal", "description", "activity")),
        Field("tonnes", "Removed (t CO2e)", "number", help="Net removal of the reporting period, above zero",
              example="3.2", synonyms=("tonnes", "t co2e", "amount")),
        Field("chain", "In the value chain", "choice", choices=("yes", "no"), example="yes",
              help="Own land and operations, suppliers, customers: yes. A project elsewhere is a credit"),
        Field("years", "Kept for (years)", "number", required=False, help="How long it is to stay stored", example="30",
              synonyms=("permanence", "storage years")),
        _EVIDENCE,
    ),
    required=False, named=True,
)  # fmt: skip

_CREDITS = TableModel(
    "credits", "Credits", "Carbon credits",
    (
        Field("registry", "Registry", help="The public register that holds the credit",
              example="UK Land Carbon Registry", synonyms=("register",)),
        Field("project", "Project", help="Name or number of the project", example="Example Wood 104000000012345"),
        Field("kind", "Kind", "choice", choices=CREDIT_KINDS, help="Carbon taken up, or emissions avoided elsewhere",
              example="removal"),
        Field("vintage", "Vintage", "integer", help="Year in which the tonnes were removed or avoided", example="2024"),
        Field("first", "First serial number", help="As in the register", example="GBR-104-000001-2024"),
        Field("last", "Last serial number", required=False, help="Blank for one number or a block under one number",
              example="GBR-104-000025-2024"),
        Field("tonnes", "Credits (t CO2e)", "number", help="Tonnes of the block", example="25",
              synonyms=("tonnes", "amount", "quantity", "t co2e")),
        Field("state", "State", "choice", choices=CREDIT_STATES, help="Only retired credits count", example="retired",
              synonyms=("status",)),
        Field("retired", "Retired on", "date", required=False, help="Date of the retirement in the register",
              example="2026-02-10", synonyms=("retirement date", "retired")),
        Field("purpose", "Retired for", required=False, help="For whom and which period, as the register says",
              example="Example Logistics Ltd, 2025", synonyms=("beneficiary", "claim")),
        _EVIDENCE,
    ),
    required=False, named=True,
)  # fmt: skip

MODELS: tuple[TableModel, ...] = (_STEPS, _REMOVALS, _CREDITS)

GUIDANCE: tuple[str, ...] = (
    "The order counts: quantify, reduce, remove within the value chain, and only then retire credits for the residual.",
    "One row of Steps for each decision or check, with its date and its evidence.",
    "Removals: only on your own land or in your value chain. Credits bought elsewhere belong on Credits.",
    "Credits: one row for each block of serial numbers. A held or pending credit is shown and does not count.",
    'A claim is asked for by claim = "carbon neutral" under [choices]; it is refused as long as a step is missing.',
)
