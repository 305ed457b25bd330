from odoo import api, models

PREFIX = "logistics_crm."


class LogisticsSeedMixin(models.AbstractModel):
    """Reference data that ships as CSV and belongs to the user once it is there.

    CSV files know no noupdate: without this, an update of the addon would take back
    every name or alias that somebody has corrected. And a row that a later release
    brings may be there already, entered by hand or loaded from the full list: it is
    adopted, where a second one would break the update.
    """

    _name = "logistics.seed.mixin"
    _description = "Seeded Reference Data"

    @api.model
    def _get_seed_domain(self, values):
        """Return the domain of the record that is the same thing as a seed."""
        raise NotImplementedError

    def _load_records(self, data_list, update=False):
        seeds = [
            data for data in data_list if (data.get("xml_id") or "").startswith(PREFIX)
        ]
        for data in seeds:
            data["noupdate"] = True
        if update and seeds:
            self._adopt_seeds(seeds)
        return super()._load_records(data_list, update=update)

    @api.model
    def _adopt_seeds(self, seeds):
        ModelData = self.env["ir.model.data"].sudo()
        rows = ModelData._lookup_xmlids([data["xml_id"] for data in seeds], self)
        known = {f"{module}.{name}" for _id, module, name, *_rest in rows}
        Model = self.with_context(active_test=False)
        adopted = [
            {**data, "record": record}
            for data in seeds
            if data["xml_id"] not in known
            and (record := Model.search(self._get_seed_domain(data["values"]), limit=1))
        ]
        ModelData._update_xmlids(adopted)
