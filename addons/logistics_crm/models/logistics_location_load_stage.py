import io

from odoo import api, models
from odoo.exceptions import UserError

from ..unlocode import (
    Entry,
    Problem,
    Skipped,
    Synonym,
    UnlocodeError,
    classify,
    read_files,
    read_list,
)
from ..unlocode.functions import is_airport_only
from . import logistics_location_load_find_sql as find

CHUNK = 5_000
MAX_ERROR_LINES = 1_000


class LogisticsLocationLoad(models.Model):
    """From the files to the differences, in temporary tables."""

    # a file per subject
    _inherit = "logistics.location.load"  # pylint: disable=consider-merging-classes-inherited

    def _stage(self):
        """Fill the temporary tables and find the differences."""
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(find.CREATE_STAGE)
        errors = self._copy_rows()
        cr.execute(find.INDEX_STAGE)
        cr.execute(find.LINK_BY_CODE)
        cr.execute(find.LINK_AIRPORTS)
        cr.execute(find.FREE_IATA)
        cr.execute(find.LINK_SYNONYMS)
        cr.execute(find.find_changes())
        cr.execute(find.find_new())
        cr.execute(find.find_aliases())
        cr.execute(
            find.find_withdrawn(
                self.env["logistics.location"]._get_use_query(), self.is_complete
            )
        )
        if errors:
            cr.execute_values(
                "INSERT INTO unlocode_change (kind, code, new_value, file, row)"
                " VALUES %s",
                errors,
                page_size=1_000,
            )

    def _copy_rows(self):
        """Copy the rows into the temporary tables, in chunks.

        :return: rows of unlocode_change for what could not be read
        """
        countries = {
            country.code: country.id
            for country in self.env["res.country"].search([("code", "!=", False)])
        }
        places, synonyms, errors = [], [], []
        seen = set()
        counts = dict.fromkeys(("row_count", "skipped_count", "error_count"), 0)

        def note(item, code, reason):
            counts["error_count"] += 1
            if len(errors) < MAX_ERROR_LINES:
                errors.append(("error", code, reason, item.file, item.row))

        for item in self._read_items():
            if isinstance(item, Skipped):
                counts["skipped_count"] += 1
                continue
            if isinstance(item, Problem):
                note(item, None, self._get_problem_text(item.code, item.value))
                continue
            country_id = countries.get(item.country)
            if not country_id:
                note(item, None, self._get_problem_text("country", item.country))
                continue
            if isinstance(item, Synonym):
                synonyms.append(
                    (item.file, item.row, country_id, item.name, item.target)
                )
                continue
            if item.code in seen:
                note(item, item.code, self._get_problem_text("twice", item.code))
                continue
            seen.add(item.code)
            counts["row_count"] += 1
            if item.coordinates and item.latitude is None:
                text = self._get_problem_text("coordinates", item.coordinates)
                note(item, item.code, text)
            places.append(self._prepare_stage_row(item, country_id))
            if len(places) == CHUNK:
                self._copy(find.COPY_STAGE, places)
                places.clear()
        self._copy(find.COPY_STAGE, places)
        self._copy(find.COPY_SYNONYMS, synonyms)
        self.write(counts)
        self.env.flush_all()
        return errors

    def _read_items(self):
        """Yield what the files say, and turn their errors into messages."""
        files = ((file.name, file.raw) for file in self.attachment_ids.sorted("name"))
        try:
            yield from read_list(read_files(files))
        except UnlocodeError as error:
            raise UserError(self._get_error_text(error)) from error

    @api.model
    def _prepare_stage_row(self, entry: Entry, country_id):
        functions = classify(entry.function)
        return (
            entry.file,
            entry.row,
            entry.change,
            country_id,
            entry.code,
            entry.name,
            entry.name_ascii,
            entry.subdivision or None,
            entry.status or None,
            entry.function or None,
            entry.date or None,
            entry.iata or None,
            entry.coordinates or None,
            entry.latitude,
            entry.longitude,
            entry.remarks or None,
            functions.port,
            functions.rail,
            functions.road,
            functions.airport,
            functions.inland,
            functions.border,
            is_airport_only(entry.function),
        )

    def _copy(self, statement, rows):
        text = "".join("\t".join(map(_copy_text, row)) + "\n" for row in rows)
        self.env.cr.copy_expert(statement, io.StringIO(text))


def _copy_text(value):
    if value is None:
        return r"\N"
    return str(value).replace("\\", "\\\\")
