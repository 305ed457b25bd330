from odoo import api, models
from odoo.tools import ormcache

# reading for the cache itself, and reading several languages at once
UNCACHED = ("logistics_reading_reference", "prefetch_langs", "edit_translations")


class LogisticsReferenceMixin(models.AbstractModel):
    """A short list that every client file shows, read once per process, not per page.

    For models of some dozen rows that every internal user may read in full: stages,
    tiers, roles, services, transport modes. Their rows come from the registry's cache,
    so that the names on a client's form cost no query. Writing clears that cache, in
    other processes too.
    """

    _name = "logistics.reference.mixin"
    _description = "Short Reference List"

    def fetch(self, field_names=None):
        self._fill_from_registry_cache()
        return super().fetch(field_names)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    def _get_cached_fields(self):
        """Return the fields that the web client shows of a row: plain columns."""
        return [
            name
            for name, field in self._fields.items()
            if field.store
            and field.column_type
            and field.prefetch is True
            and not field.groups
            and not field.company_dependent
            and name != "id"
        ]

    def _fill_from_registry_cache(self):
        """Put what is known of the records into memory; the rest is fetched."""
        context = self.env.context
        if not self._origin or any(context.get(key) for key in UNCACHED):
            return
        rows = self._read_reference_rows(self.env.lang)
        known = self._origin.filtered(lambda record: record.id in rows)
        for name in self._get_cached_fields() if known else ():
            values = [rows[record.id][name] for record in known]
            self._fields[name]._insert_cache(known, values)

    @api.model
    @ormcache("lang")
    def _read_reference_rows(self, lang):
        """Return {id: {field: value as the cache keeps it}} of all rows."""
        # the same rows for every reader: all internal users may read them, and access
        # is checked by `fetch` all the same
        reader = self.sudo().with_context(
            lang=lang, active_test=False, logistics_reading_reference=True
        )
        fields = [self._fields[name] for name in self._get_cached_fields()]
        return {
            record.id: {
                field.name: field.convert_to_cache(record[field.name], record)
                for field in fields
            }
            for record in reader.search([])  # pylint: disable=no-search-all
        }
