from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..client_import import missing_targets


class LogisticsClientImportSheet(models.Model):
    """One sheet of a file: what its rows are, and how its columns are read."""

    _name = "logistics.client.import.sheet"
    _description = "Client Import Sheet"
    _order = "position, id"

    import_id = fields.Many2one(
        "logistics.client.import", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(readonly=True)
    position = fields.Integer(readonly=True)
    kind = fields.Selection(
        [("customer", "Customers"), ("contact", "Contacts"), ("lane", "Trade Lanes")],
        help="Empty: the sheet is not read.",
    )
    header_row = fields.Integer(
        string="Heading Row", help="The row of the file that has the headings."
    )
    signature = fields.Char(readonly=True)
    column_ids = fields.One2many("logistics.client.import.column", "sheet_id")

    def _get_mapping(self):
        """Return {index of the column: field}; raise if a required one is missing."""
        self.ensure_one()
        mapping = {
            column.position: column.target.partition(".")[2]
            for column in self.column_ids
            if column.target
        }
        fnames = list(mapping.values())
        labels = self.env["logistics.client.import.column"]._get_target_labels(
            self.kind
        )
        if missing := missing_targets(self.kind, fnames):
            raise UserError(
                self.env._(
                    "Sheet %(sheet)s: no column is read into %(fields)s. Choose it"
                    " under Columns, or empty the kind of the sheet to leave it out.",
                    sheet=self.name,
                    fields=", ".join(
                        " / ".join(labels[name] for name in group) for group in missing
                    ),
                )
            )
        twice = {name for name in fnames if fnames.count(name) > 1}
        if twice:
            raise UserError(
                self.env._(
                    "Sheet %(sheet)s: two columns are read into %(field)s. Leave one"
                    " of them empty.",
                    sheet=self.name,
                    field=labels[twice.pop()],
                )
            )
        return mapping

    def _remember_profiles(self):
        """Keep the mapping of each sheet for the next file with its headings."""
        # sudo: a profile holds headings only, and serves everybody who imports
        Profile = self.env["logistics.client.import.profile"].sudo()
        known = {
            profile.signature: profile
            for profile in Profile.with_context(active_test=False).search(
                [("signature", "in", self.mapped("signature"))]
            )
        }
        for sheet in self:
            columns = [
                Command.create(
                    {
                        "position": column.position,
                        "label": column.label,
                        "target": column.target,
                    }
                )
                for column in sheet.column_ids
            ]
            profile = known.get(sheet.signature)
            if not profile:
                profile = Profile.create(
                    {
                        "name": f"{sheet.import_id.file_name} / {sheet.name}",
                        "kind": sheet.kind,
                        "signature": sheet.signature,
                    }
                )
                known[sheet.signature] = profile
            profile.column_ids.unlink()
            profile.write({"kind": sheet.kind, "column_ids": columns, "active": True})
