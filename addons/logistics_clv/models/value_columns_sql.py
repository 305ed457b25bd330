"""Columns of the ledger's entries: what tells them apart, and what they say."""

from odoo.tools import SQL

OWNER_COLUMNS = ("move_id", "invoice_id", "client_id", "service_id", "order_id")
KEY_COLUMNS = (*OWNER_COLUMNS, "cost_source", "is_other_account")
OPTIONAL_KEYS = ("invoice_id", "client_id", "service_id", "order_id")
MEASURES = (
    "revenue",
    "revenue_document",
    "cost",
    "cost_document",
    "contribution",
    "quoted_cost",
    "disbursement_revenue",
    "disbursement_cost",
)
ATTRIBUTES = (
    "company_id",
    "date",
    "period",
    "order_date",
    "is_order",
    "currency_id",
    "document_currency_id",
    "user_id",
    "vendor_id",
    "mode_id",
    "origin_id",
    "destination_id",
    "vessel_id",
)
VALUE_COLUMNS = (*ATTRIBUTES, *MEASURES)


def columns_of(names, table=None) -> SQL:
    return SQL(", ").join(
        SQL.identifier(table, name) if table else SQL.identifier(name) for name in names
    )


def key_expressions(names, table=None) -> SQL:
    return SQL(", ").join(
        SQL("COALESCE(%s, 0)", columns_of([name], table))
        if name in OPTIONAL_KEYS
        else columns_of([name], table)
        for name in names
    )


def same(names, one, other) -> SQL:
    """Return that two rows have one key, in a way that can be hashed and indexed."""
    return SQL(" AND ").join(
        SQL("%s = %s", key_expressions([name], one), key_expressions([name], other))
        for name in names
    )
