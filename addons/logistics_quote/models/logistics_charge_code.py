from odoo import api, fields, models

from .selections import BASES, SECTIONS


class LogisticsChargeCode(models.Model):
    _name = "logistics.charge.code"
    _description = "Freight Charge Code"
    _order = "sequence, code, id"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("type", "=", "service")],
        help="Order lines of this charge take their taxes and accounts from here.",
    )
    section = fields.Selection(SECTIONS, required=True, default="main")
    basis = fields.Selection(
        BASES,
        string="Usual Basis",
        required=True,
        default="shipment",
        help="Proposed on new rates; each rate may have its own.",
    )
    is_freight = fields.Boolean(
        string="Base Freight",
        help="Each rate of such a charge is an option of its own when rates are"
        " searched; all other charges join it.",
    )
    is_disbursement = fields.Boolean(
        string="Disbursement",
        help="Paid on behalf of the client: sold at cost, outside the margin.",
    )
    is_margin_excluded = fields.Boolean(
        string="No Margin",
        help="Margin rules do not touch this charge: it is sold at cost.",
        groups="logistics_quote.group_buy_price",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)

    _code_uniq = models.UniqueIndex(
        "(code, (COALESCE(company_id, 0)))",
        "A charge code must be unique in its company.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        charges = super().create(vals_list)
        charges.product_id._set_disbursement_by_charges()
        return charges

    def write(self, vals):
        products = self.product_id
        written = super().write(vals)
        if not {"is_disbursement", "product_id", "active"}.isdisjoint(vals):
            (products | self.product_id)._set_disbursement_by_charges()
        return written

    def _compute_display_name(self):
        for charge in self:
            charge.display_name = f"[{charge.code}] {charge.name}"
