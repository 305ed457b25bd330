from odoo import fields, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    # a file per subject
    _inherit = "base.partner.merge.automatic.wizard"  # pylint: disable=consider-merging-classes-inherited

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Keep apart what only one of the merged clients may have.

        The merge knows nothing of unique indexes. Days of clients are made anew from
        the ledger, which the merge refreshes; of tiers set by hand the last one stays.
        """
        # whoever may merge partners: what follows from them follows the merge
        self.env["logistics.client.day"].sudo().search(
            [("client_id", "in", partner_ids)]
        ).unlink()
        overrides = self.env["logistics.tier.override"].sudo()
        in_force = overrides._get_in_force(self.env["res.partner"].browse(partner_ids))
        in_force[1:].ended_on = fields.Date.context_today(self)
        in_force.flush_recordset()
        return super()._merge(partner_ids, dst_partner, extra_checks)
