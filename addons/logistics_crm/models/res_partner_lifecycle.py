from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Lifecycle of a client: its stage, and a row of history for each move."""

    # a file per subject: the profile is in the other one
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    logistics_stage_id = fields.Many2one(
        "logistics.lifecycle.stage",
        string="Lifecycle Stage",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        copy=False,
        group_expand="_read_group_logistics_stage_id",
        groups="base.group_user",
    )
    logistics_stage_history_ids = fields.One2many(
        "logistics.lifecycle.history",
        "partner_id",
        string="Stage History",
        groups="logistics_crm.group_salesperson",
    )
    logistics_scheme_id = fields.Many2one(
        "logistics.lifecycle.scheme",
        string="Lifecycle Scheme",
        compute="_compute_logistics_scheme_id",
        groups="base.group_user",
    )
    # computed and not related: a related field is grouped and ordered by without a
    # look at its groups
    logistics_client_stage_id = fields.Many2one(
        "logistics.lifecycle.stage",
        string="Client's Lifecycle Stage",
        compute="_compute_logistics_client_stage_id",
        compute_sudo=True,
        groups="base.group_user",
    )

    logistics_stage_hold_until = fields.Date(
        string="Stage Held until",
        copy=False,
        tracking=True,
        groups="base.group_user",
        help="Up to this day no rule moves the client.",
    )
    logistics_stage_hold_reason = fields.Char(
        string="Why Held", copy=False, groups="base.group_user"
    )
    logistics_is_lost = fields.Boolean(
        related="logistics_stage_id.is_loss",
        string="Lost Client",
        groups="base.group_user",
    )

    # "My Clients" and the record rules of lanes and history look for the owner
    _logistics_user_id_idx = models.Index("(user_id) WHERE user_id IS NOT NULL")

    @api.depends("logistics_stage_id")
    def _compute_logistics_scheme_id(self):
        """Take the scheme of the stage; without one, that of new clients."""
        default = self.env["logistics.lifecycle.scheme"]
        if not all(partner.logistics_stage_id for partner in self):
            default = default._get_default_scheme()
        for partner in self:
            partner.logistics_scheme_id = (
                partner.logistics_stage_id.scheme_id or default
            )

    @api.depends("commercial_partner_id.logistics_stage_id")
    def _compute_logistics_client_stage_id(self):
        for partner in self:
            client = partner.commercial_partner_id
            partner.logistics_client_stage_id = client.logistics_stage_id

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "logistics_stage_id" in fields and not values.get("logistics_stage_id"):
            is_client = self.env.context.get("logistics_new_client")
            if is_client and self.env.context.get("default_is_company"):
                values["logistics_stage_id"] = self._get_logistics_first_stage().id
        return values

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("logistics_new_client"):
            # contacts of a client, made with it or later, are no clients
            vals_list = [
                {**vals, "logistics_stage_id": False}
                if vals.get("parent_id") and not vals.get("is_company")
                else vals
                for vals in vals_list
            ]
        partners = super().create(vals_list)
        partners._log_logistics_stage_moves({})
        return partners

    def write(self, vals):
        if "logistics_stage_id" not in vals:
            return super().write(vals)
        previous = {
            partner.id: partner.logistics_stage_id.id for partner in self.sudo()
        }
        result = super().write(vals)
        self._log_logistics_stage_moves(previous)
        if vals["logistics_stage_id"]:
            self._hold_logistics_stage(previous)
        return result

    def action_view_logistics_moves(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm.logistics_lifecycle_history_action"
        )
        return {
            **action,
            "view_mode": "list",
            "views": [(False, "list")],
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
        }

    def action_ask_logistics_loss_reason(self):
        """Ask why these clients were lost; False where none has to be asked for."""
        lost = self.commercial_partner_id.filtered("logistics_is_lost")
        if self.env.context.get("logistics_only_missing"):
            known = lost._get_last_logistics_moves().filtered("loss_reason_id")
            lost -= known.partner_id
        if not lost or not lost.has_access("write"):
            return False
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why Was the Client Lost?"),
            "res_model": "logistics.lifecycle.loss",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_ids": lost.ids},
        }

    def action_decide_logistics_stage(self):
        """Measure these clients and let the rules decide now."""
        clients = self.commercial_partner_id
        clients.check_access("write")
        # rules decide by facts that the user need not see
        moved = self.env["logistics.lifecycle.run"].sudo()._run_for(clients)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Clients moved: %(count)s", count=moved),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_release_logistics_stage(self):
        """End the hold: the next run may move the client again."""
        self.write(
            {"logistics_stage_hold_until": False, "logistics_stage_hold_reason": False}
        )

    def _get_last_logistics_moves(self):
        """Return the last move of each of these clients."""
        moves = self.env["logistics.lifecycle.history"].search(
            [("partner_id", "in", self.ids)], order="date, id"
        )
        last = {move.partner_id: move.id for move in moves}
        return moves.browse(last.values())

    @api.model
    def _get_logistics_first_stage(self):
        scheme = self.env["logistics.lifecycle.scheme"]._get_default_scheme()
        return scheme.stage_ids[:1]

    @api.model
    def _read_group_logistics_stage_id(self, stages, domain):
        """Show every stage of the default scheme, and others that have clients."""
        scheme = self.env["logistics.lifecycle.scheme"]._get_default_scheme()
        return stages.search(
            Domain("id", "in", stages.ids) | Domain("scheme_id", "=", scheme.id)
        )

    def _hold_logistics_stage(self, previous):
        """Keep what a user has decided for as long as the company wants it kept."""
        days = self.env.company.logistics_manual_hold_days
        moved = self.filtered(
            lambda partner: (
                previous.get(partner.id)
                and previous[partner.id] != partner.logistics_stage_id.id
                and not partner.logistics_stage_hold_until
            )
        )
        if days and moved:
            until = fields.Date.context_today(self) + relativedelta(days=days)
            moved.write(
                {
                    "logistics_stage_hold_until": until,
                    "logistics_stage_hold_reason": self.env._("Moved by hand"),
                }
            )

    def _log_logistics_stage_moves(self, previous):
        """Write the history of all moved clients in one go.

        :param previous: id of the stage before, by partner id
        """
        vals_list = [
            partner._prepare_logistics_history_vals(previous.get(partner.id))
            for partner in self.sudo()
            if partner.logistics_stage_id.id != previous.get(partner.id, False)
        ]
        if not vals_list:
            return
        # users read the history, only moves of a client write it
        self.env["logistics.lifecycle.history"].sudo().create(vals_list)
        moved = self.browse(vals["partner_id"] for vals in vals_list)
        moved._on_logistics_stage_changed(
            {vals["partner_id"]: vals["from_stage_id"] for vals in vals_list}
        )

    def _prepare_logistics_history_vals(self, from_stage_id):
        return {
            "partner_id": self.id,
            "from_stage_id": from_stage_id or False,
            "to_stage_id": self.logistics_stage_id.id,
            "user_id": self.env.uid,
            "reason": self.env.context.get("logistics_stage_reason"),
        }

    def _on_logistics_stage_changed(self, previous):
        """Follow up a change of stage; extend to react to it.

        Called after the stage and its history are written, with every client that
        moved: by hand, by import, at creation, and by the lifecycle run, which calls it
        in batches of some hundreds. So an extension collects what it needs for all of
        `self` at once. It runs as the user who moves the client.

        :param dict previous: id of the stage before (False: none), by partner id
        """
