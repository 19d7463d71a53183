"""Workbooks to fill in beside the bills: one for each part of the report that reads one."""

from __future__ import annotations

from natcap.core.workbook.forms import Form

__all__ = ["FORMS"]

_ROOM = "natcap.carbon.business"

FORMS: tuple[Form, ...] = (
    Form("targets", "targets.xlsx", "Targets for emissions", f"{_ROOM}.pathway.model"),
    Form("options", "options.xlsx", "Reduction options", f"{_ROOM}.options.model"),
    Form("neutrality", "neutrality.xlsx", "Steps, removals and credits on the way to neutrality",
         f"{_ROOM}.neutrality.model"),
    Form("circular", "circular.xlsx", "Circular inputs and outputs", f"{_ROOM}.circular.model"),
)  # fmt: skip
