from odoo import api, fields, models
from odoo.tools import SQL, split_every

from . import value_client_rule_sql as rule_sql
from . import value_client_sql as client_sql

PREVIEW_SIZE = 20_000


class LogisticsValueClientRule(models.Model):
    """For whom invoices count that somebody else pays: an agent, a forwarder, a bank.

    A rule asks up to five things of an invoice (the ``_conditions`` of its SQL), all
    of which must hold; what is left empty asks nothing. The first applied rule that
    matches decides, if the client that it points to is known; else the next one. An
    accountant's own choice on the invoice goes before every rule.
    """

    _name = "logistics.value.client.rule"
    _description = "Client value: rule for the client of an invoice"
    _inherit = ["mail.thread", "logistics.value.result"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    state = fields.Selection(
        [("draft", "Not applied"), ("applied", "Applied")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        help="Only applied rules decide for whom invoices count.",
    )

    partner_id = fields.Many2one(
        "res.partner",
        "Invoiced Partner",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        tracking=True,
    )
    role_ids = fields.Many2many(
        "logistics.partner.role",
        "logistics_value_client_rule_role_rel",
        "rule_id",
        "role_id",
        "Role of the Invoiced Partner",
        help="The invoiced partner has one of these freight roles.",
    )
    category_ids = fields.Many2many(
        "res.partner.category",
        "logistics_value_client_rule_category_rel",
        "rule_id",
        "category_id",
        "Tag of the Invoiced Partner",
        help="The invoiced partner has one of these tags.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('type', '=', 'sale')]",
        check_company=True,
        tracking=True,
    )
    order_partner_id = fields.Many2one(
        "res.partner",
        "Ordered by",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        tracking=True,
        help="The client of the sale order that the invoice comes from.",
    )

    target = fields.Selection(
        [
            ("ordering", "The client who ordered"),
            ("delivery", "The company of the delivery address"),
            ("consignee", "The consignee of the order"),
            ("shipper", "The shipper of the order"),
            ("parent", "The parent company of the invoiced partner"),
            ("client", "A fixed client"),
        ],
        "Counts for",
        required=True,
        default="delivery",
        tracking=True,
        help="Where this is not known on an invoice, the next rule is looked at.",
    )
    client_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )

    _check_client = models.Constraint(
        "CHECK (target <> 'client' OR client_id IS NOT NULL)",
        "Choose the client that the invoices shall count for.",
    )

    def _default_company_id(self):
        return self.env.company

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._queue_matching_moves()
        return rules

    def write(self, vals):
        """Have the invoices looked at again that matched before or match now."""
        if vals.keys().isdisjoint(self._get_deciding_fields()):
            return super().write(vals)
        self._queue_matching_moves()
        changed = super().write(vals)
        self._queue_matching_moves()
        return changed

    @api.ondelete(at_uninstall=False)
    def _unlink_queue_matching_moves(self):
        self._queue_matching_moves()

    def action_apply(self):
        self.check_access("write")
        self.sudo().state = "applied"  # read-only for calls: only this applies it
        return self._trigger_refresh()

    def action_stop(self):
        self.check_access("write")
        self.sudo().state = "draft"
        return self._trigger_refresh()

    def action_preview(self):
        """Open the invoices that count for another client because of the rule."""
        self.ensure_one()
        moves = self._get_changed_moves()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "%(count)s invoices for another client by %(rule)s",
                count=len(moves),
                rule=self.name,
            ),
            "res_model": "account.move",
            "views": [
                (
                    self.env.ref("logistics_clv.account_move_view_list_value").id,
                    "list",
                ),
                (False, "form"),
            ],
            "domain": [("id", "in", moves)],
            "context": {"create": False},
        }

    @api.model
    def _get_deciding_fields(self):
        return {
            "sequence",
            "active",
            "company_id",
            "state",
            "partner_id",
            "role_ids",
            "category_ids",
            "journal_id",
            "order_partner_id",
            "target",
            "client_id",
        }

    def _get_changed_moves(self):
        """Return the ids of the moves whose client differs with and without the rule.

        Those of companies that the user may not see are left out by the list.
        """
        self.ensure_one()
        self.check_access("read")
        self.env.flush_all()
        matching = self.env.execute_query(
            rule_sql.moves_of_rules(self._prepare_terms())
        )
        changed = []
        # some at a time: the planner cannot tell how many lines a rule decides on
        for some in split_every(PREVIEW_SIZE, [move_id for (move_id,) in matching]):
            ruled, unruled = (
                self.env.execute_query(client_sql.clients_by_line(some, **rules))
                for rules in ({"also": self.ids}, {"without": self.ids})
            )
            changed += dict.fromkeys(
                move_id for __, move_id, __ in {*ruled} ^ {*unruled}
            )
        return changed

    def _queue_matching_moves(self):
        """Queue the moves that an applied one of these rules matches."""
        applied = self.filtered(lambda rule: rule.active and rule.state == "applied")
        if applied:
            self.env.flush_all()
            # the ledger follows the rules, whoever may change them
            ledger = self.env["logistics.value.ledger"].sudo()
            ledger._queue(rule_sql.moves_of_rules(applied._prepare_terms()))

    def _prepare_terms(self):
        """Return what each rule asks of an invoice, for the SQL."""
        companies = self.env["res.company"].sudo()  # branches the user may not see
        return [
            rule_sql.RuleTerms(
                company_ids=tuple(
                    companies.search([("id", "child_of", rule.company_id.id)]).ids
                ),
                partner_id=rule.partner_id.id or None,
                role_ids=tuple(rule.role_ids.ids),
                tag_ids=tuple(rule.category_ids.ids),
                journal_id=rule.journal_id.id or None,
                order_client_id=rule.order_partner_id.commercial_partner_id.id or None,
            )
            for rule in self
        ]

    def _trigger_refresh(self):
        # whoever may change rules may have the ledger follow
        self.env.ref("logistics_clv.ir_cron_value_ledger").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "The invoices concerned are being looked at again."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _is_about_partners(self, names):
        """Return whether an applied rule asks for one of these partner fields."""
        fields_by_name = {
            "logistics_role_ids": "role_ids",
            "category_id": "category_ids",
        }
        asked = [fields_by_name[name] for name in names if name in fields_by_name]
        if not asked:
            return False
        self.env.cr.execute(
            SQL(
                """
                SELECT EXISTS (
                       SELECT 1 FROM logistics_value_client_rule AS rule
                        WHERE rule.state = 'applied'
                          AND (EXISTS (
                              SELECT 1 FROM logistics_value_client_rule_role_rel AS rel
                               WHERE rel.rule_id = rule.id)
                           OR EXISTS (
                              SELECT 1
                                FROM logistics_value_client_rule_category_rel AS rel
                               WHERE rel.rule_id = rule.id)))
                """
            )
        )
        return self.env.cr.fetchone()[0]
