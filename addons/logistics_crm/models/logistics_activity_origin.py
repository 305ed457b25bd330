from odoo import fields, models


class LogisticsActivityOrigin(models.Model):
    """Why an activity was made by itself; its key makes sure that it is made once.

    The row stays when the activity is done or deleted: the same occasion never gives
    a second one. The row of an occasion is inserted before its activity, so that of two
    runs at the same time one finds it taken.
    """

    _name = "logistics.activity.origin"
    _description = "Automatic Activity"
    _order = "id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Client", required=True, index=True, ondelete="cascade"
    )
    source = fields.Selection(
        [("playbook", "Playbook"), ("protection", "Protection")], required=True
    )
    template_id = fields.Many2one(
        "mail.activity.plan.template",
        string="Action",
        index="btree_not_null",
        ondelete="cascade",
    )
    level_id = fields.Many2one(
        "logistics.service.level",
        string="Service Level",
        index="btree_not_null",
        ondelete="set null",
    )
    occurrence = fields.Char(required=True)
    user_id = fields.Many2one(
        "res.users", string="Assigned to", index="btree_not_null", ondelete="set null"
    )
    due_date = fields.Date()
    activity_id = fields.Many2one(
        "mail.activity", index="btree_not_null", ondelete="set null"
    )
    withdrawn_reason = fields.Char(string="Withdrawn")

    _occurrence_uniq = models.UniqueIndex(
        "(partner_id, source, COALESCE(template_id, 0), occurrence)"
    )
