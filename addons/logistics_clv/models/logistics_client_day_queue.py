from odoo import fields, models


class LogisticsClientDayQueue(models.Model):
    """Clients whose days are to be made equal to the ledger.

    Rows are only added, never changed, and a client may stand here several times: who
    writes entries never waits for who takes clients off, and nothing is lost between
    the two.
    """

    _name = "logistics.client.day.queue"
    _description = "Client value: clients to refresh"
    _log_access = False
    _order = "id"

    # no foreign key: 0 stands for everybody, and a deleted client does no harm
    client_id = fields.Integer(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
