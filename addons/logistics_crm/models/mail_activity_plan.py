from odoo import fields, models


class MailActivityPlan(models.Model):
    """A plan on contacts that service levels name is a playbook."""

    _inherit = "mail.activity.plan"

    logistics_level_ids = fields.Many2many(
        "logistics.service.level",
        "logistics_service_level_plan_rel",
        "plan_id",
        "level_id",
        string="Service Levels",
        help="Clients of these levels get the activities of the plan by themselves.",
    )
