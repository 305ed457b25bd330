from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

GRADES = [
    ("a", "A: pays early"),
    ("b", "B: pays on time"),
    ("c", "C: pays late"),
    ("d", "D: prepayment only"),
]


class ResPartner(models.Model):
    """Credit rating of a client; only for those who may see credit data."""

    # a file per subject: the profile is in another one
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    logistics_credit_rating = fields.Selection(
        GRADES,
        string="Credit Rating",
        tracking=True,
        # earned by the client itself; and who may not see it may still duplicate
        copy=False,
        groups="logistics_crm.group_credit",
        help="The worst grade of all companies, by how the client pays; or the one that"
        " was set by hand for a time.",
    )
    logistics_credit_override = fields.Selection(
        GRADES,
        string="Grade Set by Hand",
        tracking=True,
        copy=False,
        groups="logistics_crm.group_credit",
    )
    logistics_credit_override_until = fields.Date(
        string="Set until",
        tracking=True,
        copy=False,
        index="btree_not_null",
        groups="logistics_crm.group_credit",
        help="Afterwards payments decide again.",
    )
    logistics_credit_override_reason = fields.Char(
        string="Reason",
        tracking=True,
        copy=False,
        groups="logistics_crm.group_credit",
    )
    logistics_legal_action = fields.Boolean(
        string="In Legal Collection",
        tracking=True,
        copy=False,
        groups="logistics_crm.group_credit",
        help="Its debt is with a lawyer or a collection agency: grade D.",
    )

    _logistics_legal_action_idx = models.Index("(id) WHERE logistics_legal_action")

    @api.constrains(
        "logistics_credit_override",
        "logistics_credit_override_until",
        "logistics_credit_override_reason",
    )
    def _check_logistics_credit_override(self):
        for partner in self:
            if partner.logistics_credit_override and not (
                partner.logistics_credit_override_until
                and partner.logistics_credit_override_reason
            ):
                raise ValidationError(
                    self.env._(
                        "Give a reason and a last day for the grade of %(client)s that"
                        " is set by hand.",
                        client=partner.display_name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if any(
            name.startswith("logistics_credit_override")
            or name == "logistics_legal_action"
            for name in vals
        ):
            # the rating is counted from data that the one who sets it need not see
            ratings = self.env["logistics.credit.rating"].sudo()
            if "logistics_legal_action" in vals:
                ratings._rate_clients(self.ids)
            else:
                self.flush_recordset()
                ratings._write_client_grades(
                    self.ids, reset="logistics_credit_override" in vals
                )
        return result

    def action_rate_logistics_credit(self):
        """Rate these clients now."""
        if not self.env.user.has_group("logistics_crm.group_credit"):
            raise AccessError(
                self.env._("You are not allowed to see or compute credit ratings.")
            )
        clients = self.commercial_partner_id
        clients.check_access("read")
        self.env["logistics.payment.promise"].sudo()._judge(clients.ids)
        # of all companies, from receivables that the user need not see
        self.env["logistics.credit.rating"].sudo()._rate_clients(clients.ids)
