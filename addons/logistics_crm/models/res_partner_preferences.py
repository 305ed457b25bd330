from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    """How the client wants to be served: carriers, free time, documents, billing."""

    # a file per subject: the profile is in another one
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    logistics_carrier_preferred_ids = fields.Many2many(
        "res.partner",
        "logistics_partner_carrier_preferred_rel",
        "partner_id",
        "carrier_id",
        string="Preferred Carriers",
        groups="base.group_user",
    )
    logistics_carrier_excluded_ids = fields.Many2many(
        "res.partner",
        "logistics_partner_carrier_excluded_rel",
        "partner_id",
        "carrier_id",
        string="Excluded Carriers",
        groups="base.group_user",
        help="Carriers that the client does not want its cargo to travel with.",
    )
    logistics_free_time_days = fields.Integer(
        string="Free Time Wanted (days)",
        groups="base.group_user",
        help="Days at the port of destination before demurrage is charged. 0: as"
        " customary.",
    )
    logistics_detention_days = fields.Integer(
        string="Free Detention Wanted (days)",
        groups="base.group_user",
        help="Days that the client keeps an empty container without charge. 0: as"
        " customary.",
    )

    logistics_document_lang = fields.Selection(
        "_get_logistics_document_langs",
        string="Language of Documents",
        groups="base.group_user",
        help="Empty: the language of the client.",
    )
    logistics_document_originals = fields.Selection(
        [
            ("originals", "Original Bills of Lading"),
            ("telex", "Telex Release"),
            ("waybill", "Sea Waybill"),
            ("electronic", "Electronic Bill of Lading"),
        ],
        string="Release of Cargo",
        groups="base.group_user",
    )
    logistics_document_copies = fields.Integer(
        string="Paper Copies",
        groups="base.group_user",
        help="Copies of documents that the client wants by post. 0: none.",
    )

    logistics_billing_mode = fields.Selection(
        [
            ("job", "One Invoice per Job"),
            ("weekly", "Consolidated by Week"),
            ("monthly", "Consolidated by Month"),
        ],
        string="Billing",
        groups="base.group_user",
    )
    logistics_billing_day = fields.Integer(
        string="Invoice Day",
        groups="base.group_user",
        help="Of consolidated invoices: day of the week (1 is Monday) or of the month."
        " 0: any day.",
    )
    logistics_billing_currency_id = fields.Many2one(
        "res.currency",
        string="Invoice Currency",
        groups="base.group_user",
        help="The currency that the client wants to be billed in.",
    )
    logistics_preference_note = fields.Text(
        string="Other Wishes",
        groups="base.group_user",
    )

    @api.model
    def _get_logistics_document_langs(self):
        return self.env["res.lang"].get_installed()

    @api.constrains("logistics_carrier_preferred_ids", "logistics_carrier_excluded_ids")
    def _check_logistics_carriers(self):
        for partner in self:
            both = (
                partner.logistics_carrier_preferred_ids
                & partner.logistics_carrier_excluded_ids
            )
            if both:
                raise ValidationError(
                    self.env._(
                        "%(carriers)s cannot be preferred and excluded: remove them"
                        " from one of the two.",
                        carriers=", ".join(both.mapped("display_name")),
                    )
                )

    @api.constrains("logistics_billing_mode", "logistics_billing_day")
    def _check_logistics_billing_day(self):
        for partner in self:
            last = {"weekly": 7, "monthly": 31}.get(partner.logistics_billing_mode, 0)
            if partner.logistics_billing_day and not (
                1 <= partner.logistics_billing_day <= last
            ):
                raise ValidationError(
                    self.env._(
                        "The invoice day of %(client)s is 1 to 7 for invoices by week,"
                        " 1 to 31 for invoices by month, and 0 otherwise.",
                        client=partner.display_name,
                    )
                )

    @api.constrains(
        "logistics_free_time_days",
        "logistics_detention_days",
        "logistics_document_copies",
    )
    def _check_logistics_preferences_positive(self):
        for partner in self:
            if (
                min(
                    partner.logistics_free_time_days,
                    partner.logistics_detention_days,
                    partner.logistics_document_copies,
                )
                < 0
            ):
                raise ValidationError(
                    self.env._("Free time and paper copies cannot be negative.")
                )
