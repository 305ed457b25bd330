from odoo import api, fields, models

from ..lifecycle import Stage


class LogisticsLifecycleStage(models.Model):
    """Rules of a stage."""

    _inherit = "logistics.lifecycle.stage"

    rule_sequence = fields.Integer(
        string="Asked as Number",
        default=50,
        help="The stages are asked in this order; the first one whose rule holds takes"
        " the client.",
    )
    is_default = fields.Boolean(
        string="Takes the Rest", help="Takes the clients that no rule takes."
    )
    is_loss = fields.Boolean(
        string="Lost", help="A client that comes here is lost: ask for the reason."
    )
    confirm_runs = fields.Integer(
        string="Nights to Confirm",
        default=1,
        help="In so many nightly runs, one after another, the stage must be right"
        " before a client moves here.",
    )
    rule_ids = fields.One2many(
        "logistics.lifecycle.rule", "stage_id", domain=[("draft_id", "=", False)]
    )

    _confirm_runs_positive = models.Constraint(
        "CHECK (confirm_runs >= 1)", "A stage is confirmed in one night at least."
    )

    @api.model
    def _prepare_stages(self, scheme, rules):
        """Return the stages of a scheme for the pure package, as they are asked.

        :param rules: the rules to apply: those in force, or a draft
        """
        stages = scheme.stage_ids.sorted(lambda stage: (stage.rule_sequence, stage.id))
        by_stage = rules.grouped("stage_id")
        return tuple(
            Stage(
                stage.id,
                entry=stage._prepare_rules(by_stage.get(stage, rules[:0]), "entry"),
                exit=stage._prepare_rules(by_stage.get(stage, rules[:0]), "exit"),
                runs=stage.confirm_runs,
                is_default=stage.is_default,
            )
            for stage in stages
        )

    def _prepare_rules(self, rules, kind):
        own = rules.filtered(lambda rule: rule.kind == kind)
        ordered = own.sorted(lambda rule: (rule.sequence, rule.id))
        return tuple(rule._prepare_rule() for rule in ordered)
