from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    group_logistics_buy_price = fields.Boolean(
        string="Costs and margins for everybody",
        group="base.group_user",
        implied_group="logistics_quote.group_buy_price",
    )
