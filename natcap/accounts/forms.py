"""Workbooks to fill in beside the maps: one for each part of an account."""

from __future__ import annotations

from natcap.core.workbook.forms import Form

__all__ = ["FORMS"]

FORMS: tuple[Form, ...] = (
    Form("area_table", "area_table.xlsx", "Areas by zone and class", "natcap.accounts.landcover.template", "AREAS"),
    Form("change_table", "change_table.xlsx", "Areas that changed from class to class",
         "natcap.accounts.landcover.template", "CHANGES"),
    Form("condition", "condition.xlsx", "Condition of ecosystem assets", "natcap.accounts.condition_account.model"),
    Form("services", "services.xlsx", "Flows, parameters and values of ecosystem services",
         "natcap.accounts.services.model"),
    Form("projections", "projections.xlsx", "Projections of flows over the life of an asset",
         "natcap.accounts.assets_account.projection_model"),
    Form("losses", "losses.xlsx", "Catastrophic losses of ecosystem assets",
         "natcap.accounts.assets_account.losses.model"),
    Form("habitats", "habitats.xlsx", "Parcels for the biodiversity metric", "natcap.accounts.habitats_account.model"),
    Form("carbon_movements", "carbon_movements.xlsx", "Movements of carbon, and other gases of organic soils",
         "natcap.accounts.stock_account.model"),
    Form("organisation", "organisation.xlsx", "Natural capital account of an organisation",
         "natcap.accounts.organisation_account.model"),
    Form("accuracy", "accuracy.xlsx", "Reference points of the maps", "natcap.accounts.accuracy_account.model"),
)  # fmt: skip
