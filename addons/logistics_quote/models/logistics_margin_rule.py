from odoo import api, fields, models

from ..rating_engine import MarginRule
from .logistics_rate import _decimal
from .selections import SECTIONS


class LogisticsMarginRule(models.Model):
    _name = "logistics.margin.rule"
    _description = "Freight Margin Rule"
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(
        default=10, help="Decides between rules that name equally much."
    )
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        index="btree_not_null",
        check_company=True,
        domain=[("parent_id", "=", False)],
        help="Empty: every client.",
    )
    tier_id = fields.Many2one("logistics.value.tier", help="Empty: every tier.")
    mode_id = fields.Many2one("logistics.transport.mode", help="Empty: every mode.")
    section = fields.Selection(SECTIONS, help="Empty: every section.")
    percent = fields.Float(
        string="Mark-Up (%)", min_display_digits=2, help="Of the cost."
    )
    amount_per_unit = fields.Monetary(
        string="Per Unit",
        help="For each unit charged: container, W/M, kg, shipment.",
    )
    minimum_profit = fields.Monetary(
        help="What the charges of this rule earn together in a quote, at least."
        " The dearest charge takes what is missing.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    company_id = fields.Many2one(
        "res.company", index=True, default=lambda self: self.env.company
    )

    _not_negative = models.Constraint(
        "CHECK (percent >= 0 AND amount_per_unit >= 0 AND minimum_profit >= 0)",
        "A margin cannot be negative. To sell at cost, set all three to zero.",
    )

    @api.depends("partner_id", "tier_id", "mode_id", "section", "percent")
    def _compute_display_name(self):
        sections = dict(self._fields["section"]._description_selection(self.env))
        for rule in self:
            scope = (
                rule.partner_id.name,
                rule.tier_id.name,
                rule.mode_id.name,
                sections.get(rule.section),
            )
            rule.display_name = ", ".join(filter(None, scope)) or self.env._(
                "All charges"
            )

    def _prepare_rule(self):
        """Return the rule as the engine's."""
        self.ensure_one()
        client = self.partner_id.commercial_partner_id
        return MarginRule(
            key=str(self.id),
            sequence=self.sequence,
            partner=str(client.id) if client else None,
            tier=self.tier_id.code or None,
            mode=self.mode_id.code or None,
            section=self.section or None,
            percent=_decimal(self.percent),
            amount_per_unit=_decimal(self.amount_per_unit),
            minimum_profit=_decimal(self.minimum_profit),
            currency=self.currency_id.name,
        )
