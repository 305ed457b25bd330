from odoo import api, fields, models


class LogisticsLifecycleStage(models.Model):
    _name = "logistics.lifecycle.stage"
    _inherit = ["logistics.reference.mixin"]
    _description = "Lifecycle Stage"
    _order = "scheme_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    scheme_id = fields.Many2one(
        "logistics.lifecycle.scheme", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    fold = fields.Boolean(
        string="Folded in Kanban", help="Show the stage as a closed column."
    )
    description = fields.Text(
        translate=True, help="Which clients belong here and what to do for them."
    )
    # an archived stage leaves the columns, its clients and history keep it
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE (scheme_id, code)",
        "This scheme has a stage with this code already.",
    )

    @api.depends("name", "scheme_id.name")
    @api.depends_context("formatted_display_name")
    def _compute_display_name(self):
        """Tell stages of several schemes apart where one is chosen."""
        formatted = self.env.context.get("formatted_display_name")
        for stage in self:
            stage.display_name = (
                f"{stage.name or ''} \t --{stage.scheme_id.name or ''}--"
                if formatted
                else stage.name
            )
