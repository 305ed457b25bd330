from odoo import fields, models


class LogisticsServiceLevelFreeTime(models.Model):
    _name = "logistics.service.level.free.time"
    _description = "Free Time of a Service Level"
    _order = "level_id, kind, equipment, id"
    _rec_name = "kind"

    level_id = fields.Many2one(
        "logistics.service.level", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("demurrage", "Demurrage"),
            ("detention", "Detention"),
            ("combined", "Demurrage and Detention"),
            ("storage", "Storage"),
        ],
        required=True,
        default="combined",
    )
    equipment = fields.Selection(
        [("any", "Any Equipment"), ("dry", "Dry"), ("reefer", "Refrigerated")],
        required=True,
        default="any",
    )
    days = fields.Integer(required=True)

    _once = models.Constraint(
        "UNIQUE (level_id, kind, equipment)",
        "The free time of this kind and equipment is there already.",
    )
    _positive = models.Constraint("CHECK (days > 0)", "Enter one free day or more.")

    def _format_words(self):
        self.ensure_one()
        labels = dict(self._fields["kind"]._description_selection(self.env))
        equipment = dict(self._fields["equipment"]._description_selection(self.env))
        if self.equipment == "any":
            return self.env._(
                "%(days)s free days of %(kind)s",
                days=self.days,
                kind=labels[self.kind].lower(),
            )
        return self.env._(
            "%(days)s free days of %(kind)s (%(equipment)s)",
            days=self.days,
            kind=labels[self.kind].lower(),
            equipment=equipment[self.equipment].lower(),
        )
