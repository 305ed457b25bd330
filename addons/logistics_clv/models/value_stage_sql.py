"""Tables of one transaction, in which the steps of the ledger hand on their rows.

A statement of many steps leaves PostgreSQL guessing how many rows each of them gives;
it then sorts and loops where it should hash. A table that was analysed tells it.
"""

from odoo.tools import SQL

# A sample of some thousand rows tells all that the plans need.
STATISTICS = 10


def stage(name: str, select: SQL) -> SQL:
    """Put the selected rows into a table of this transaction, made anew."""
    return SQL(
        """
        DROP TABLE IF EXISTS %(staged)s;
        CREATE TEMP TABLE %(table)s ON COMMIT DROP AS %(select)s;
        ANALYZE %(staged)s
        """,
        staged=staged(name),
        table=SQL.identifier(table_name(name)),
        select=select,
    )


def staged(name: str) -> SQL:
    """Return the table of a step, as a source."""
    return SQL.identifier("pg_temp", table_name(name))


def drop(names) -> SQL:
    """Drop the tables of some steps, for the next batch of this transaction."""
    return SQL(
        "DROP TABLE IF EXISTS %s", SQL(", ").join(staged(name) for name in names)
    )


def table_name(name: str) -> str:
    return f"logistics_value_{name}"
