from odoo import models
from odoo.tools import SQL


class LogisticsHandOver(models.Model):
    """Mail subscriptions, and the way back."""

    _inherit = "logistics.hand.over"

    def _move_followers(self):
        """Let the receivers follow what they got, in place of who had it.

        Sources: the lines of this hand-over; mail_followers by its unique index on
        model, record and partner. Where the receiver follows already, the row of who
        had it is deleted and marked as merged.
        """
        giver = self.from_user_id.partner_id.id
        self.env.execute_query(
            SQL(
                """
                WITH wanted AS (
                SELECT follower.id, line.res_model, line.res_id, line.to_user_id,
                       receiver.partner_id,
                       EXISTS (SELECT FROM mail_followers AS other
                                WHERE other.res_model = line.res_model
                                  AND other.res_id = line.res_id
                                  AND other.partner_id = receiver.partner_id) AS merged
                  FROM logistics_hand_over_line AS line
                  JOIN res_users AS receiver ON receiver.id = line.to_user_id
                  JOIN mail_followers AS follower
                       ON follower.res_model = line.res_model
                      AND follower.res_id = line.res_id
                      AND follower.partner_id = %(giver)s
                 WHERE line.hand_over_id = %(hand_over)s
                   AND line.kind IN ('client', 'contact', 'opportunity', 'quote')
                     ),
                     gone AS (
                DELETE FROM mail_followers USING wanted
                 WHERE mail_followers.id = wanted.id AND wanted.merged
                     ),
                     changed AS (
                UPDATE mail_followers SET partner_id = wanted.partner_id
                  FROM wanted
                 WHERE mail_followers.id = wanted.id AND NOT wanted.merged
                     )
                INSERT INTO logistics_hand_over_line
                            (hand_over_id, kind, res_model, res_id, to_user_id,
                             is_merged, is_reverted)
                SELECT %(hand_over)s, 'follower', res_model, res_id, to_user_id,
                       merged, FALSE
                  FROM wanted
                """,
                giver=giver,
                hand_over=self.id,
            )
        )

    def _revert(self):
        """Undo what is still as the hand-over left it; mark the lines."""
        self.env.flush_all()
        self._revert_followers()
        for kind, (table, _model, stamp) in self._get_documents().items():
            self._revert_documents(kind, table, stamp)
        self._revert_clients()
        self._refresh_activity_timezones()
        self.env.invalidate_all(flush=False)

    def _revert_documents(self, kind, table, stamp):
        self.env.execute_query(
            SQL(
                """
                WITH changed AS (
                UPDATE %(table)s AS document
                   SET user_id = %(giver)s, %(stamp)s
                  FROM logistics_hand_over_line AS line
                 WHERE line.hand_over_id = %(hand_over)s AND line.kind = %(kind)s
                   AND document.id = line.res_id
                   AND document.user_id = line.to_user_id
             RETURNING line.id
                     )
                UPDATE logistics_hand_over_line AS line SET is_reverted = TRUE
                  FROM changed WHERE line.id = changed.id
                """,
                table=SQL.identifier(table),
                giver=self.from_user_id.id,
                stamp=stamp,
                hand_over=self.id,
                kind=kind,
            )
        )

    def _revert_clients(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT res_id, to_user_id FROM logistics_hand_over_line"
                " WHERE hand_over_id = %s AND kind = 'client'",
                self.id,
            )
        )
        moved = self.env["res.partner"]._set_logistics_owner(
            [(client, receiver, self.from_user_id.id) for client, receiver in rows],
            "revert",
            self.env._("Hand-over reverted"),
            self,
            contacts=False,
        )
        self.env.execute_query(
            SQL(
                "UPDATE logistics_hand_over_line SET is_reverted = TRUE"
                " WHERE hand_over_id = %s AND kind = 'client' AND res_id = ANY(%s)",
                self.id,
                moved,
            )
        )

    def _revert_followers(self):
        """Give subscriptions back; merged ones are made anew, with their subtypes."""
        giver = self.from_user_id.partner_id.id
        self.env.execute_query(
            SQL(
                """
                WITH wanted AS (
                SELECT line.id, line.is_merged, line.res_model, line.res_id,
                       follower.id AS follower_id
                  FROM logistics_hand_over_line AS line
                  JOIN res_users AS receiver ON receiver.id = line.to_user_id
                  JOIN mail_followers AS follower
                       ON follower.res_model = line.res_model
                      AND follower.res_id = line.res_id
                      AND follower.partner_id = receiver.partner_id
                 WHERE line.hand_over_id = %(hand_over)s AND line.kind = 'follower'
                   AND NOT EXISTS (SELECT FROM mail_followers AS other
                                    WHERE other.res_model = line.res_model
                                      AND other.res_id = line.res_id
                                      AND other.partner_id = %(giver)s)
                     ),
                     changed AS (
                UPDATE mail_followers SET partner_id = %(giver)s
                  FROM wanted
                 WHERE mail_followers.id = wanted.follower_id AND NOT wanted.is_merged
                     ),
                     made AS (
                INSERT INTO mail_followers (res_model, res_id, partner_id)
                SELECT res_model, res_id, %(giver)s FROM wanted WHERE is_merged
             RETURNING id, res_model, res_id
                     ),
                     subtypes AS (
                INSERT INTO mail_followers_mail_message_subtype_rel
                            (mail_followers_id, mail_message_subtype_id)
                SELECT made.id, rel.mail_message_subtype_id
                  FROM made
                  JOIN wanted ON wanted.res_model = made.res_model
                             AND wanted.res_id = made.res_id
                  JOIN mail_followers_mail_message_subtype_rel AS rel
                       ON rel.mail_followers_id = wanted.follower_id
                     )
                UPDATE logistics_hand_over_line AS line SET is_reverted = TRUE
                  FROM wanted WHERE line.id = wanted.id
                """,
                giver=giver,
                hand_over=self.id,
            )
        )
