"""What a pass of the value ledger looks at: which documents, accounts and journals."""

from dataclasses import dataclass

from odoo.tools import SQL

INCOME_TYPES = ("income", "income_other")
COST_TYPES = ("expense_direct_cost",)
# Where the bill of a job may be booked although the account was not chosen.
EXPENSE_TYPES = ("expense", "expense_other", "expense_direct_cost")

MOVE_TYPES = ("out_invoice", "out_refund")
BILL_TYPES = ("in_invoice", "in_refund", "in_receipt")
DOCUMENT_TYPES = (*MOVE_TYPES, *BILL_TYPES)


@dataclass(frozen=True)
class Batch:
    """Some moves of one company: by id, or all of a range of ids."""

    company_id: int
    move_ids: tuple[int, ...] = ()
    first_id: int = 0
    last_id: int = 0

    @property
    def is_range(self) -> bool:
        return not self.move_ids

    def holds(self, column: SQL) -> SQL:
        """Return the condition that the column is a move of this batch."""
        if self.is_range:
            return SQL("%s BETWEEN %s AND %s", column, self.first_id, self.last_id)
        return SQL("%s = ANY(%s)", column, list(self.move_ids))


@dataclass(frozen=True)
class Scope:
    """What counts in one company, and which other apps the database has.

    accounts: kind (income, cost, expense) by account; has_purchases: bills know their
    purchase order, and this its sale order; has_stock: invoices carry lines of the
    cost of goods sold.
    """

    accounts: dict[int, str]
    has_purchases: bool = False
    has_stock: bool = False
    has_transfers: bool = False

    def accounts_of(self, *kinds: str) -> list[int]:
        return sorted(key for key, kind in self.accounts.items() if kind in kinds)

    def roles(self) -> SQL:
        """Select account_id and kind of every account that may count."""
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::text[]) AS role(account_id, kind)",
            list(self.accounts),
            list(self.accounts.values()),
        )


def counts(move: SQL) -> SQL:
    """Return the condition that a posted move is in the ledger.

    ``move`` is the name of account_move in the query. Sources: account_journal and
    the journals chosen in the settings; a branch uses those of its parent's journals.
    """
    return SQL(
        """
        %(move)s.state = 'posted'
        AND %(move)s.logistics_value_excluded IS NOT TRUE
        AND NOT EXISTS (
            SELECT 1
              FROM account_journal AS journal
              JOIN logistics_value_excluded_journal_rel AS excluded
                ON excluded.journal_id = journal.id
               AND excluded.company_id = journal.company_id
             WHERE journal.id = %(move)s.journal_id
        )
        AND (%(move)s.move_type IN %(documents)s OR %(is_manual)s)
        """,
        move=move,
        documents=DOCUMENT_TYPES,
        is_manual=is_manual(move),
    )


def is_manual(move: SQL) -> SQL:
    """Return the condition that a move is a journal entry of a chosen journal."""
    return SQL(
        """
        (%(move)s.move_type = 'entry' AND EXISTS (
            SELECT 1
              FROM account_journal AS journal
              JOIN logistics_value_manual_journal_rel AS chosen
                ON chosen.journal_id = journal.id
               AND chosen.company_id = journal.company_id
             WHERE journal.id = %(move)s.journal_id
        ))
        """,
        move=move,
    )


def rate_at(currency: SQL, day: SQL, root_company: SQL) -> SQL:
    """Select a currency's rate on a day, as res.currency does.

    Source: res_currency_rate. Grain: one number. Index: (name, currency, company).
    """
    return SQL(
        """
        SELECT COALESCE(
            (SELECT rate
               FROM res_currency_rate
              WHERE currency_id = %(currency)s
                AND name <= %(day)s
                AND (company_id IS NULL OR company_id = %(root_company)s)
              ORDER BY company_id, name DESC
              LIMIT 1),
            (SELECT rate
               FROM res_currency_rate
              WHERE currency_id = %(currency)s
                AND (company_id IS NULL OR company_id = %(root_company)s)
              ORDER BY company_id, name
              LIMIT 1),
            1
        )
        """,
        currency=currency,
        day=day,
        root_company=root_company,
    )


def analytic_keys(distribution: SQL) -> SQL:
    """Return the account ids of a distribution as text, as core's gin index has them.

    Index: <table>_analytic_distribution_accounts_gin_index of analytic.mixin.
    """
    return SQL(
        r"""regexp_split_to_array(jsonb_path_query_array(
            %s, '$.keyvalue()."key"')::text, '\D+')""",
        distribution,
    )
