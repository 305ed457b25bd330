from odoo import api, fields, models
from odoo.exceptions import ValidationError

ROLES = [
    ("logistics_owner", "Owner of the client"),
    ("logistics_leader", "Team leader of the owner"),
    ("logistics_level", "As the service level says"),
]


class MailActivityPlanTemplate(models.Model):
    """When an activity of a playbook is made by itself, and for whom."""

    _inherit = "mail.activity.plan.template"

    responsible_type = fields.Selection(
        selection_add=ROLES, ondelete={role: "set default" for role, _label in ROLES}
    )
    logistics_trigger = fields.Selection(
        [
            ("stage", "Client enters the stage"),
            ("tier", "Value tier changes"),
            ("recurring", "Again and again"),
        ],
        string="Made when",
        help="Empty: only when somebody launches the plan.",
    )
    logistics_every_days = fields.Integer(
        string="Every (Days)",
        help="Days after the last contact; 0 means as the service level says.",
    )
    logistics_first_time_only = fields.Boolean(
        string="First Time Only",
        help="Once for each client, also if it enters the stage again.",
    )

    _logistics_every_days_positive = models.Constraint(
        "CHECK (logistics_every_days >= 0)", "The days between cannot be negative."
    )

    @api.constrains("logistics_trigger", "responsible_type")
    def _check_logistics_responsible(self):
        for template in self:
            if template.logistics_trigger and template.responsible_type == "on_demand":
                raise ValidationError(
                    self.env._(
                        "%(activity)s is made by itself, so nobody can be asked: choose"
                        " who does it.",
                        activity=template.summary or template.activity_type_id.name,
                    )
                )

    @api.constrains("responsible_type", "plan_id")
    def _check_logistics_role_model(self):
        roles = dict(ROLES)
        for template in self:
            if template.responsible_type in roles and template.res_model != (
                "res.partner"
            ):
                raise ValidationError(
                    self.env._(
                        "Only a plan on contacts knows the owner of a client: choose"
                        " another assignment for %(activity)s.",
                        activity=template.summary or template.activity_type_id.name,
                    )
                )

    def _determine_responsible(self, on_demand_responsible, applied_on_record):
        """Find owner and team leader when the plan is launched by hand, too."""
        if self.responsible_type not in dict(ROLES):
            return super()._determine_responsible(
                on_demand_responsible, applied_on_record
            )
        client = applied_on_record.commercial_partner_id
        responsible = client._get_logistics_responsible(self.responsible_type)
        error = False
        if not responsible:
            error = self.env._(
                "%(client)s has no owner, so nobody is responsible for %(activity)s.",
                client=client.display_name,
                activity=self.summary or self.activity_type_id.name,
            )
        return {"responsible": responsible, "error": error, "warning": False}
