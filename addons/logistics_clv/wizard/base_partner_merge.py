from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Take the partners' entries out of the ledger and make them anew.

        Entries of two partners for one invoice, and days on which both have bought,
        must not meet: the merge of the partners would break on their unique key.
        """
        # whoever may merge partners: the ledger follows without rights of its own
        entries = self.env["logistics.value.entry"].sudo()
        moves = entries.search([("client_id", "in", partner_ids)]).move_id
        # all of them: a merge is no change of a closed period, nothing is adjusted
        entries.search([("move_id", "in", moves.ids)]).unlink()
        # days and values must not meet either: the next refresh and run make them
        gone = [
            partner_id
            for partner_id in partner_ids
            if not dst_partner or partner_id != dst_partner.id
        ]
        for model, ids in (
            ("logistics.client.day", partner_ids),
            ("logistics.client.value", gone),
            ("logistics.value.offer", gone),
        ):
            self.env[model].sudo().search([("client_id", "in", list(ids))]).unlink()
        merged = super()._merge(partner_ids, dst_partner, extra_checks)
        moves._refresh_logistics_value()
        return merged
