from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..client_import import TARGETS


class LogisticsClientImportColumn(models.Model):
    """What one column is read into, of a sheet or, remembered, of a profile."""

    _name = "logistics.client.import.column"
    _description = "Client Import Column"
    _order = "position, id"
    _rec_name = "label"

    sheet_id = fields.Many2one(
        "logistics.client.import.sheet", index="btree_not_null", ondelete="cascade"
    )
    profile_id = fields.Many2one(
        "logistics.client.import.profile", index="btree_not_null", ondelete="cascade"
    )
    position = fields.Integer(readonly=True)
    label = fields.Char(string="Heading", readonly=True)
    sample = fields.Char(string="First Value", readonly=True)
    kind = fields.Selection(
        [("customer", "Customers"), ("contact", "Contacts"), ("lane", "Trade Lanes")],
        compute="_compute_kind",
    )
    target = fields.Selection(
        "_selection_target",
        string="Read Into",
        help="Empty: the column is not read.",
    )

    @api.model
    def _selection_target(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return [
            (f"{kind}.{name}", f"{kinds[kind]}: {label}")
            for kind in TARGETS
            for name, label in self._get_target_labels(kind).items()
        ]

    @api.depends("sheet_id.kind", "profile_id.kind")
    def _compute_kind(self):
        for column in self:
            column.kind = column.sheet_id.kind or column.profile_id.kind

    @api.constrains("target", "sheet_id", "profile_id")
    def _check_target(self):
        for column in self.filtered("target"):
            if column.target.partition(".")[0] != column.kind:
                raise ValidationError(
                    self.env._(
                        "The column %(label)s is read into a field of another kind of"
                        " record. Change the kind of the sheet, or choose another"
                        " field.",
                        label=column.label,
                    )
                )

    @api.model
    def _get_target_labels(self, kind):
        """Return {field: label} in the user's language."""
        model = "logistics.trade.lane" if kind == "lane" else "res.partner"
        keys = {
            "client_ref": self.env._("Client (Reference)"),
            "client_vat": self.env._("Client (Tax Number)"),
            "client_name": self.env._("Client (Name)"),
        }
        return {
            name: keys.get(name)
            or self.env[model]._fields[name]._description_string(self.env)
            for name in TARGETS[kind]
        }
