from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from . import rate_queries
from .selections import RATE_TYPES

STATES = ("draft", "published", "closed")  # in the only order that they may take
# What may still change on a published contract. Everything else is history.
MUTABLE_FIELDS = frozenset(
    {
        "state",
        "note",
        "superseded_from",
        "message_main_attachment_id",
    }
)


class LogisticsRateContract(models.Model):
    _name = "logistics.rate.contract"
    _description = "Freight Rate Contract"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _rec_names_search = ["name", "contract_number"]
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    kind = fields.Selection(
        [("buy", "Buy"), ("sell", "Sell")], required=True, default="buy"
    )
    rate_type = fields.Selection(RATE_TYPES, required=True, default="contract")
    is_local = fields.Boolean(
        string="Local Charges",
        help="The charges of this contract join the options of all other contracts"
        " of the same mode, where they have no charge of that code themselves.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Vendor or Client",
        index="btree_not_null",
        check_company=True,
        tracking=True,
        help="The vendor of a buy contract; the client of a sell contract, empty for"
        " a public tariff.",
    )
    carrier_id = fields.Many2one(
        "res.partner",
        compute="_compute_carrier_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        help="Who carries: the vendor, unless bought through an agent.",
    )
    contract_number = fields.Char(copy=True)
    amendment = fields.Integer(readonly=True, default=0, copy=False)
    amends_id = fields.Many2one(
        "logistics.rate.contract",
        string="Amendment of",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
    superseded_from = fields.Date(
        readonly=True,
        copy=False,
        help="From this cargo date on, a published amendment is used instead.",
    )

    mode_id = fields.Many2one(
        "logistics.transport.mode", required=True, index=True, ondelete="restrict"
    )
    commodity_id = fields.Many2one("logistics.commodity", ondelete="restrict")
    client_ids = fields.Many2many(
        "res.partner",
        string="Named Accounts",
        check_company=True,
        ondelete="restrict",  # without its last client it would be open to everybody
        help="Only these clients get the rates. Empty: everybody.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Proposed on new rates.",
    )
    date_from = fields.Date(string="Valid From", tracking=True)
    date_to = fields.Date(string="Valid Until", tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    note = fields.Html(string="Remarks")

    rate_ids = fields.One2many("logistics.rate", "contract_id", copy=True)
    rate_count = fields.Integer(compute="_compute_rate_count")
    source_file_name = fields.Char(readonly=True, copy=False)
    source_sha256 = fields.Char(string="Source SHA-256", readonly=True, copy=False)

    _date_order = models.Constraint(
        "CHECK (date_to >= date_from)", "A contract cannot end before it begins."
    )

    @api.depends("partner_id", "mode_id", "contract_number")
    def _compute_name(self):
        for contract in self:
            if contract.name:
                continue
            parts = (
                contract.partner_id.name,
                contract.mode_id.name,
                contract.contract_number,
            )
            contract.name = " - ".join(filter(None, parts)) or self.env._(
                "New contract"
            )

    @api.depends("partner_id")
    def _compute_carrier_id(self):
        for contract in self:
            contract.carrier_id = contract.kind == "buy" and contract.partner_id

    @api.depends("amendment")
    def _compute_display_name(self):
        res = super()._compute_display_name()
        for contract in self:
            if contract.amendment:
                contract.display_name = self.env._(
                    "%(contract)s, amendment %(number)s",
                    contract=contract.name,
                    number=contract.amendment,
                )
        return res

    @api.depends("rate_ids")
    def _compute_rate_count(self):
        counts = dict(
            self.env["logistics.rate"]._read_group(
                [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
            )
        )
        for contract in self:
            contract.rate_count = counts.get(contract._origin, 0)

    @api.constrains("kind", "partner_id")
    def _check_vendor(self):
        for contract in self:
            if contract.kind == "buy" and not contract.partner_id:
                raise ValidationError(
                    self.env._(
                        "A buy contract needs a vendor: who do you pay for %(name)s?",
                        name=contract.name,
                    )
                )

    def write(self, vals):
        if not MUTABLE_FIELDS.issuperset(
            name for name in vals if not name.startswith(("message_", "activity_"))
        ):
            self._check_draft()
        if "state" in vals and any(
            STATES.index(vals["state"]) < STATES.index(contract.state)
            for contract in self
        ):
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_draft()

    def action_publish(self):
        self._check_draft()
        empty = self.filtered(lambda contract: not contract.rate_count)
        if empty:
            raise UserError(
                self.env._(
                    "%(names)s: add at least one rate before you publish.",
                    names=", ".join(empty.mapped("name")),
                )
            )
        self._check_overlap()
        self.state = "published"
        for contract in self.filtered("amends_id"):
            contract.amends_id._supersede(contract)

    def action_close(self):
        self.filtered(lambda contract: contract.state == "published").state = "closed"

    def action_new_amendment(self):
        """Copy a published contract into a draft that will take its place."""
        self.ensure_one()
        if self.state == "draft":
            raise UserError(
                self.env._("This contract is still a draft: change it as you like.")
            )
        amendment = self.search([("amends_id", "=", self.id)], limit=1)
        amendment = amendment or self.copy(self._prepare_amendment_vals())
        return amendment._get_form_action()

    def action_view_rates(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_quote.logistics_rate_action"
        )
        action["domain"] = [("contract_id", "=", self.id)]
        action["context"] = {"default_contract_id": self.id}
        return action

    def _prepare_amendment_vals(self):
        self.ensure_one()
        return {
            "name": self.name,
            "amends_id": self.id,
            "amendment": self.amendment + 1,
        }

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def _check_draft(self):
        for contract in self:
            if contract.state != "draft":
                raise UserError(
                    self.env._(
                        "%(contract)s is published and cannot be changed, so that"
                        " quotes can always show what they were based on."
                        " Use “New Amendment” and publish that.",
                        contract=contract.display_name,
                    )
                )

    def _check_overlap(self):
        """Refuse two prices for the same thing on the same day."""
        self.env["logistics.rate"].flush_model()
        rows = self.env.execute_query(rate_queries.overlapping_rates(self.ids))
        if rows:
            rates = self.env["logistics.rate"].browse(rows[0])
            raise UserError(
                self.env._(
                    "Two rates apply to the same days: %(first)s and %(second)s."
                    " Shorten the validity of one or delete it.",
                    first=rates[0]._describe(),
                    second=rates[1]._describe(),
                )
            )

    def _supersede(self, amendment):
        """Let a published amendment take over from its first day.

        Also from the contract that this one has amended: the last one published
        decides about all days that it covers.
        """
        start = amendment.date_from or fields.Date.context_today(self)
        earlier = self.browse()
        contract = self
        while contract and contract not in earlier:
            if not contract.superseded_from or start < contract.superseded_from:
                contract.superseded_from = start
            earlier |= contract
            contract = contract.amends_id
