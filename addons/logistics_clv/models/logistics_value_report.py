from odoo import api, models
from odoo.fields import Domain

FILTERS = ("tier_id", "stage_id", "user_id", "band", "segment")


class LogisticsValueReport(models.AbstractModel):
    """What the value reports of the web client read: one call per report.

    All reports are about the current company, in its currency, and about the clients
    that the user may see: they start from the record rules of client values, days and
    snapshots, as every list does.
    """

    _name = "logistics.value.report"
    _description = "Client value: reports of the web client"

    @api.model
    @api.readonly
    def get_choices(self):
        """Return what the reports can be narrowed to, and the measures' currency."""
        values = self.env["logistics.client.value"]
        values.check_access("read")
        mine = self._get_value_domain({})
        users = values._read_group(mine, ["user_id"], limit=200)
        segments = values._read_group(mine, ["segment"], limit=200)
        bands = values._fields["band"]._description_selection(self.env)
        return {
            "tier_id": [
                {"id": tier.id, "name": tier.display_name} for tier in self._get_tiers()
            ],
            "stage_id": [
                {"id": stage.id, "name": stage.display_name}
                for [stage] in values._read_group(mine, ["stage_id"])
                if stage
            ],
            "user_id": [
                {"id": user.id, "name": user.display_name} for [user] in users if user
            ],
            "band": [{"id": key, "name": label} for key, label in bands],
            "segment": [
                {"id": segment, "name": segment} for [segment] in segments if segment
            ],
        }

    @api.model
    def _get_value_domain(self, filters):
        """Return the client values that filters leave over, as a domain."""
        domain = Domain("company_id", "=", self.env.company.id)
        for name, value in (filters or {}).items():
            if name in FILTERS and value:
                domain &= Domain(name, "=", value)
        return domain

    @api.model
    def _get_tiers(self):
        return self.env["logistics.value.tier"].search([], limit=20)

    @api.model
    def _prepare_frame(self):
        """Return what every report tells: company and currency of its amounts."""
        company = self.env.company
        grading = self.env["logistics.tier.grading"].sudo()
        run = grading._get_last_run(company)
        return {
            "company": company.display_name,
            "currency_id": company.currency_id.id,
            # the day of the values: no secret to whoever sees them
            "as_of": run.as_of_date,
        }

    @api.model
    def _action_clients(self, name, domain):
        """Open client values in a list."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "logistics.client.value",
            "views": [(False, "list"), (False, "form"), (False, "pivot")],
            "domain": list(domain),
        }
