from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class LogisticsRateImport(models.Model):
    """Publishing: from the lines of a preview to a contract."""

    _inherit = "logistics.rate.import"

    def action_publish(self):
        """Make the lines a published contract; errors must be corrected first."""
        for rate_import in self:
            if rate_import.error_count:
                raise UserError(
                    self.env._(
                        "%(count)s rows have errors. Correct the file and upload it"
                        " again, or publish without these rows.",
                        count=rate_import.error_count,
                    )
                )
        return self.action_publish_valid()

    def action_publish_valid(self):
        """Publish all lines but the faulty ones."""
        for rate_import in self:
            rate_import._check_state("previewed")
            rate_import._publish()
        return self.contract_id._get_form_action() if len(self) == 1 else True

    def _publish(self):
        self.ensure_one()
        if self.base_contract_id != self._get_base_contract():
            raise UserError(
                self.env._(
                    "The contract in force changed since the preview of %(file)s:"
                    " preview again.",
                    file=self.file_name,
                )
            )
        lines = self.line_ids.filtered("is_price")
        if not lines:
            raise UserError(
                self.env._("%(file)s has no rate to publish.", file=self.file_name)
            )
        contract = self.env["logistics.rate.contract"].create(
            self._prepare_contract_vals(lines)
        )
        self.env["logistics.rate"].create(self._prepare_rate_vals(lines, contract))
        self._carry_over_rates(contract, self.line_ids.charge_code_id)
        contract.action_publish()
        self.write({"state": "published", "contract_id": contract.id})

    def _prepare_contract_vals(self, lines):
        base = self.base_contract_id
        starts = [line.date_from or self.date_from for line in lines]
        ends = [line.date_to or self.date_to for line in lines]
        vals = {
            "kind": "buy",
            "partner_id": self.partner_id.id,
            "carrier_id": self.carrier_id.id,
            "contract_number": self.contract_number,
            "rate_type": self.rate_type,
            "mode_id": self.mode_id.id,
            "currency_id": lines[0].currency_id.id,
            "company_id": self.company_id.id,
            "date_from": min(starts) if all(starts) else False,
            "date_to": max(ends) if all(ends) else False,
            "source_file_name": self.file_name,
            "source_sha256": self.file_sha256,
        }
        if base:
            vals.update(
                base._prepare_amendment_vals(),
                client_ids=[Command.set(base.client_ids.ids)],
                commodity_id=base.commodity_id.id,
            )
        return vals

    def _prepare_rate_vals(self, lines, contract):
        """Return one rate per row, charge and lane, with its prices."""
        rows = defaultdict(list)
        for line in lines:
            rows[line._get_rate_key()].append(line.id)
        return [
            lines.browse(line_ids)._prepare_rate_vals(contract, self.file_name)
            for line_ids in rows.values()
        ]

    def _carry_over_rates(self, contract, charge_codes):
        """Keep charges of the amended contract that the sheet says nothing about."""
        kept = self.base_contract_id.rate_ids.filtered(
            lambda rate: rate.charge_code_id not in charge_codes
        )
        self.env["logistics.rate"].create(kept.copy_data({"contract_id": contract.id}))
