from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """Clients belong to the company: each change of owner is kept and can be undone."""

    # a file per subject
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    logistics_protection_date = fields.Date(
        string="Protected until",
        index="btree_not_null",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Without work until then, the client goes back to the pool.",
    )
    logistics_ownership_history_ids = fields.One2many(
        "logistics.ownership.history",
        "partner_id",
        string="Ownership History",
        groups="logistics_crm.group_salesperson",
    )

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if self.env.company.logistics_protect_clients:
            partners._log_logistics_owners({})
        return partners

    def write(self, vals):
        if "user_id" not in vals:
            return super().write(vals)
        # sudo: the change is logged whoever makes it
        previous = {
            client.id: client.user_id.id
            for client in self.sudo()
            if client.logistics_stage_id
        }
        result = super().write(vals)
        self.browse(previous)._log_logistics_owners(previous)
        return result

    @api.model
    def _set_logistics_owner(
        self, moves, kind, reason=None, hand_over=None, contacts=True
    ):
        """Give many clients another owner in two statements, and log it.

        Contacts that had the owner of their company get the new one too. A client
        that has another owner by now is left alone. Followers, chatter and
        subscriptions are not touched: the history is the log.

        Source and target: res_partner by its primary key, contacts by the index on the
        commercial partner. Grain: client.

        :param list moves: (client id, id of the owner, id of the next), None: nobody
        :param bool contacts: whether contacts with the same owner go with them
        :return: ids of the clients that have moved
        """
        if not moves:
            return []
        self.env["res.partner"].flush_model(["user_id", "commercial_partner_id"])
        clients, owners, receivers = (
            list(column) for column in zip(*moves, strict=True)
        )
        move = SQL(
            "unnest(%s::int[], %s::int[], %s::int[]) AS move (client, owner, receiver)",
            clients,
            [owner or None for owner in owners],
            [receiver or None for receiver in receivers],
        )
        stamp = SQL(
            "write_date = now() AT TIME ZONE 'UTC', write_uid = %s", self.env.uid
        )
        moved = self.env.execute_query(
            SQL(
                """
                UPDATE res_partner AS partner
                   SET user_id = move.receiver, logistics_protection_date = NULL,
                       logistics_next_contact_date = NULL, %s
                  FROM %s
                 WHERE partner.id = move.client
                   AND partner.user_id IS NOT DISTINCT FROM move.owner
             RETURNING partner.id, move.owner, move.receiver
                """,
                stamp,
                move,
            )
        )
        if not moved:
            return []
        ids, owners, receivers = (list(column) for column in zip(*moved, strict=True))
        if contacts:
            self.env.execute_query(
                SQL(
                    """
                    UPDATE res_partner AS contact
                       SET user_id = move.receiver, %s
                      FROM unnest(%s::int[], %s::int[], %s::int[])
                           AS move (client, owner, receiver)
                     WHERE contact.commercial_partner_id = move.client
                       AND contact.id <> move.client
                       AND contact.user_id IS NOT DISTINCT FROM move.owner
                    """,
                    stamp,
                    ids,
                    owners,
                    receivers,
                )
            )
        self.env.execute_query(
            SQL(
                """
                INSERT INTO logistics_ownership_history
                            (partner_id, from_user_id, to_user_id, kind, reason,
                             hand_over_id, user_id, date, is_reverted,
                             create_uid, create_date, write_uid, write_date)
                SELECT client, owner, receiver, %(kind)s, %(reason)s, %(hand_over)s,
                       %(uid)s, %(now)s, FALSE, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM unnest(%(ids)s::int[], %(owners)s::int[], %(receivers)s::int[])
                       AS move (client, owner, receiver)
                """,
                kind=kind,
                reason=reason or None,
                hand_over=hand_over and hand_over.id,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                ids=ids,
                owners=owners,
                receivers=receivers,
            )
        )
        self.env["res.partner"].invalidate_model(flush=False)
        self.env["logistics.ownership.history"].invalidate_model(flush=False)
        return ids

    def _log_logistics_owners(self, previous):
        """Write the history of all clients whose owner has changed, in one go."""
        vals_list = [
            client._prepare_logistics_ownership_vals(previous.get(client.id))
            for client in self.sudo()
            if client.logistics_stage_id
            and client.user_id.id != previous.get(client.id, False)
        ]
        if vals_list:
            # users read the history, only changes of a client write it
            self.env["logistics.ownership.history"].sudo().create(vals_list)

    def _prepare_logistics_ownership_vals(self, from_user_id):
        return {
            "partner_id": self.id,
            "from_user_id": from_user_id or False,
            "to_user_id": self.user_id.id,
            "kind": self.env.context.get("logistics_owner_kind") or "manual",
            "reason": self.env.context.get("logistics_owner_reason"),
            "user_id": self.env.uid,
        }
