import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .import_messages import layout_name
from .import_preview import SheetPreview
from .selections import RATE_TYPES

COUNTED = {
    "new": "new_count",
    "up": "up_count",
    "down": "down_count",
    "unchanged": "unchanged_count",
    "error": "error_count",
    "remark": "remark_count",
}
# What the preview was reckoned from.
PREVIEWED_FIELDS = frozenset(
    {
        "file",
        "partner_id",
        "mode_id",
        "charge_code_id",
        "currency_id",
        "contract_number",
        "date_from",
        "date_to",
        "company_id",
    }
)


class LogisticsRateImport(models.Model):
    """A rate sheet on its way into the library.

    Preview reads the file into lines that say what would change; publish makes a
    contract of them, or an amendment of the one that they were compared with.
    """

    _name = "logistics.rate.import"
    _description = "Rate Sheet Import"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_name = "file_name"
    _check_company_auto = True

    file_name = fields.Char(required=True)
    file = fields.Binary(string="Rate Sheet", attachment=True, required=True)
    file_sha256 = fields.Char(
        string="SHA-256",
        compute="_compute_file_sha256",
        store=True,
        precompute=True,
        copy=False,
    )
    state = fields.Selection(
        [
            ("uploaded", "Uploaded"),
            ("previewed", "Previewed"),
            ("published", "Published"),
            ("discarded", "Discarded"),
        ],
        required=True,
        readonly=True,
        default="uploaded",
        copy=False,
        tracking=True,
    )
    layout = fields.Char(readonly=True, help="How the sheets were understood.")

    partner_id = fields.Many2one(
        "res.partner", string="Vendor", required=True, check_company=True
    )
    carrier_id = fields.Many2one(
        "res.partner",
        compute="_compute_carrier_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    mode_id = fields.Many2one("logistics.transport.mode", required=True)
    charge_code_id = fields.Many2one(
        "logistics.charge.code",
        string="Freight Charge",
        compute="_compute_charge_code_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        check_company=True,
        domain=[("is_freight", "=", True)],
        help="What the prices of the sheet are for.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.ref("base.USD"),
        help="For prices without a currency in the sheet.",
    )
    contract_number = fields.Char(
        help="Empty: as in the sheet. With the vendor and the mode it decides which"
        " contract the sheet amends."
    )
    rate_type = fields.Selection(RATE_TYPES, required=True, default="contract")
    date_from = fields.Date(
        string="Valid From", help="For rows without a first day. Empty: always."
    )
    date_to = fields.Date(
        string="Valid Until", help="For rows without a last day. Empty: for ever."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    line_ids = fields.One2many("logistics.rate.import.line", "import_id")
    new_count = fields.Integer(string="New", compute="_compute_counts")
    up_count = fields.Integer(string="Up", compute="_compute_counts")
    down_count = fields.Integer(string="Down", compute="_compute_counts")
    unchanged_count = fields.Integer(string="Unchanged", compute="_compute_counts")
    error_count = fields.Integer(string="Errors", compute="_compute_counts")
    remark_count = fields.Integer(string="Remarks", compute="_compute_counts")
    base_contract_id = fields.Many2one(
        "logistics.rate.contract",
        string="Compared With",
        readonly=True,
        copy=False,
        check_company=True,
        help="The contract in force. Publishing makes an amendment of it.",
    )
    contract_id = fields.Many2one(
        "logistics.rate.contract",
        string="Published As",
        readonly=True,
        copy=False,
        check_company=True,
    )

    _file_uniq = models.UniqueIndex(
        "(company_id, file_sha256) WHERE state != 'discarded'",
        "This file was imported before.",
    )

    @api.depends("file")
    def _compute_file_sha256(self):
        for rate_import in self.with_context(bin_size=False):
            rate_import.file_sha256 = self._get_sha256(rate_import.file)

    @api.depends("partner_id")
    def _compute_carrier_id(self):
        for rate_import in self:
            rate_import.carrier_id = rate_import.partner_id

    @api.depends("mode_id")
    def _compute_charge_code_id(self):
        for rate_import in self:
            code = "AFR" if rate_import.mode_id.code == "air" else "OFR"
            rate_import.charge_code_id = self.env["logistics.charge.code"].search(
                [
                    ("code", "=", code),
                    *self.env["logistics.charge.code"]._check_company_domain(
                        rate_import.company_id or self.env.company
                    ),
                ],
                limit=1,
            )

    @api.depends("line_ids.status")
    def _compute_counts(self):
        counts = {
            (rate_import.id, status): count
            for rate_import, status, count in self.env[
                "logistics.rate.import.line"
            ]._read_group(
                [("import_id", "in", self.ids)], ["import_id", "status"], ["__count"]
            )
        }
        for rate_import in self:
            for status, fname in COUNTED.items():
                rate_import[fname] = counts.get((rate_import._origin.id, status), 0)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_file_once(vals.get("file"), vals.get("company_id"))
        return super().create(vals_list)

    def write(self, vals):
        if "file" in vals:
            for rate_import in self:
                rate_import._check_file_once(vals["file"], rate_import.company_id.id)
        if not PREVIEWED_FIELDS.isdisjoint(vals):
            self._check_state("uploaded", "previewed")
            vals = {"state": "uploaded", **vals}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if any(rate_import.state == "published" for rate_import in self):
            raise UserError(
                self.env._(
                    "A published import cannot be deleted: its rates refer to the file."
                )
            )

    def action_preview(self):
        """Read the file into lines and compare them with the library."""
        for rate_import in self:
            rate_import._check_state("uploaded", "previewed")
            rate_import._set_preview()
        return True

    def action_discard(self):
        self._check_state("uploaded", "previewed")
        self.state = "discarded"

    def action_view_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_quote.logistics_rate_import_line_action"
        )
        action["domain"] = [("import_id", "=", self.id)]
        status = self.env.context.get("line_status")
        action["context"] = {f"search_default_{status}": 1} if status else {}
        return action

    def _check_state(self, *states):
        for rate_import in self:
            if rate_import.state not in states:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(file)s is %(state)s: this step is over.",
                        file=rate_import.file_name,
                        state=labels[rate_import.state].lower(),
                    )
                )

    def _check_file_once(self, file, company_id):
        """Name the import that has the file; the unique index only knows the rule."""
        twin = self.search(
            [
                ("id", "not in", self.ids),
                ("company_id", "=", company_id or self.env.company.id),
                ("file_sha256", "=", self._get_sha256(file)),
                ("state", "!=", "discarded"),
            ],
            limit=1,
        )
        if twin:
            raise ValidationError(
                self.env._(
                    "This file was uploaded on %(date)s as %(name)s. Open that import,"
                    " or discard it first.",
                    name=twin.file_name,
                    date=fields.Date.to_string(twin.create_date),
                )
            )

    @api.model
    def _get_sha256(self, file):
        return hashlib.sha256(base64.b64decode(file or b"")).hexdigest()

    # preview

    def _set_preview(self):
        self.ensure_one()
        preview = SheetPreview(self)
        parsed = preview.parse_file()
        numbers = {lane.contract_number for lane in parsed.lanes} - {""}
        if not self.contract_number and len(numbers) == 1:
            self.contract_number = numbers.pop()
        self.base_contract_id = self._get_base_contract()
        self.line_ids.unlink()
        self.env["logistics.rate.import.line"].create(
            preview.prepare_line_vals(parsed, self.base_contract_id)
        )
        self.write(
            {
                "state": "previewed",
                "layout": ", ".join(
                    f"{sheet}: {layout_name(self.env, layout)}"
                    for sheet, layout in parsed.layouts.items()
                ),
            }
        )

    def _get_base_contract(self):
        """Return the contract in force that the sheet amends."""
        domain = Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", "buy"),
                ("state", "=", "published"),
                ("partner_id", "=", self.partner_id.id),
                ("mode_id", "=", self.mode_id.id),
                ("is_local", "=", False),
                ("contract_number", "=", self.contract_number or False),
            ]
        )
        return self.env["logistics.rate.contract"].search(
            domain, order="amendment desc, id desc", limit=1
        )
