"""Fields of the ledger's entries, which are written by the million."""

from odoo import fields
from odoo.tools import SQL, sql


class CopiedMany2one(fields.Many2one):
    """A many2one whose target the entry's document holds by a foreign key of its own.

    An entry goes with its document, and as long as this is there its company and its
    currencies are. A second foreign key would be checked row by row for nothing: the
    checks are most of what it takes to fill a ledger.
    """

    def update_db_foreign_key(self, model, column):
        """Drop the foreign key that an earlier version has made."""
        for (name,) in _foreign_keys(model.env.cr, model._table, self.name):
            sql.drop_constraint(model.env.cr, model._table, name)


def _foreign_keys(cr, table: str, column: str):
    """Return the names of the column's foreign keys."""
    cr.execute(
        SQL(
            """
            SELECT con.conname
              FROM pg_constraint AS con
              JOIN pg_attribute AS attribute
                ON attribute.attrelid = con.conrelid
               AND con.conkey = ARRAY[attribute.attnum]
             WHERE con.contype = 'f'
               AND con.conrelid = %s::regclass
               AND attribute.attname = %s
            """,
            table,
            column,
        )
    )
    return cr.fetchall()
