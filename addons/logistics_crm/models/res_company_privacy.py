from odoo import fields, models


class ResCompany(models.Model):
    """Whether clients are private to those who look after them; off by default."""

    # a file per subject
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    logistics_private_contacts = fields.Boolean(
        string="Clients Are Private to Their Owners",
        help="Phone, mail and address of a client that another salesperson owns are"
        " hidden from salespeople, except from those who may see all contact data.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "logistics_private_contacts" in vals:
            self.env.registry.clear_cache()
        return result
