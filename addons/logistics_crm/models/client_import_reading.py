"""From the file to staged rows: headings, profiles, cells."""

import base64
import io
from itertools import islice

import xlsxwriter

from odoo.exceptions import UserError
from odoo.tools import split_every

from ..client_import import Kind, guess_mapping, missing_targets, parse_row, signature
from ..sheet_files import BadValue, SheetError, open_rows
from .sheet_messages import cell_issue_message, sheet_error_message

MAX_BYTES = 50_000_000
MAX_ROWS = 200_000
BATCH = 2_000
HEAD = 31
ORDER = {Kind.CUSTOMER: 0, Kind.CONTACT: 1, Kind.LANE: 2}


class ClientImportReader:
    def __init__(self, client_import):
        self.client_import = client_import
        self.env = client_import.env
        try:
            self.sources = open_rows(
                base64.b64decode(client_import.with_context(bin_size=False).file),
                client_import.file_name,
                MAX_BYTES,
            )
        except SheetError as error:
            raise UserError(sheet_error_message(self.env, error)) from error

    def map_sheets(self):
        """Create the sheets of the file with their columns, known or guessed."""
        # sudo: columns of a profile have no import, whose owner the rules go by
        Profile = self.env["logistics.client.import.profile"].sudo()
        vals_list = []
        for position, source in enumerate(self.sources):
            head = self._read(lambda source=source: list(islice(source, HEAD)))
            guess = None if source.hidden else guess_mapping(source.name, head)
            if not guess:
                continue
            mark = signature(guess.labels)
            profile = Profile.search([("signature", "=", mark)])
            kind = profile.kind or (str(guess.kind) if guess.columns else False)
            targets = {
                index: f"{guess.kind}.{name}" for index, name in guess.columns.items()
            }
            if profile:
                targets = {c.position: c.target for c in profile.column_ids}
            first = next((v for n, v in head if n > guess.header_row), [])
            columns = [
                {
                    "position": index,
                    "label": label,
                    "sample": str(first[index] if index < len(first) else "" or "")[
                        :80
                    ],
                    "target": targets.get(index, False),
                }
                for index, label in enumerate(guess.labels)
                if label
            ]
            vals_list.append(
                self.client_import._prepare_sheet_vals(
                    position, source.name, kind, guess.header_row, mark, columns
                )
            )
        if not vals_list:
            raise UserError(
                self.env._(
                    "No table was found in the file: there must be a row of headings"
                    " with rows below it."
                )
            )
        self.env["logistics.client.import.sheet"].create(vals_list)

    def is_complete(self):
        """Say whether all sheets can be read without a person's help."""
        return all(
            sheet.kind
            and not missing_targets(
                Kind(sheet.kind),
                [
                    column.target.partition(".")[2]
                    for column in sheet.column_ids
                    if column.target
                ],
            )
            for sheet in self.client_import.sheet_ids
        )

    def stage_rows(self):
        """Make a line of every row, customers first; return how many."""
        sheets = self.client_import.sheet_ids.filtered("kind")
        if not sheets:
            raise UserError(
                self.env._(
                    "Say for at least one sheet what its rows are, then preview."
                )
            )
        mappings = {sheet: sheet._get_mapping() for sheet in sheets}
        count = 0
        Line = self.env["logistics.client.import.line"].with_context(
            tracking_disable=True
        )
        ordered = sheets.sorted(lambda sheet: (ORDER[sheet.kind], sheet.position))
        for sheet in ordered:
            rows = self._sheet_vals(sheet, mappings[sheet], count)
            for vals_list in split_every(BATCH, self._read_on(rows), list):
                count += len(vals_list)
                if count > MAX_ROWS:
                    raise UserError(
                        self.env._(
                            "The file has more than %(limit)s rows. Split it.",
                            limit=MAX_ROWS,
                        )
                    )
                Line.create(vals_list)
                self.env.flush_all()
                Line.invalidate_model()
        if not count:
            raise UserError(self.env._("The file has headings, but no rows."))
        return count

    def _sheet_vals(self, sheet, mapping, sequence):
        kind = Kind(sheet.kind)
        labels = self.env["logistics.client.import.column"]._get_target_labels(kind)
        for number, values in self.sources[sheet.position]:
            if number <= sheet.header_row:
                continue
            row, issues = parse_row(kind, mapping, values)
            if not row and not any(issue.column for issue in issues):
                continue  # only cells that nobody reads
            sequence += 1
            label = row.get("name") or row.get("client_name") or row.get("client_ref")
            if kind == Kind.LANE:
                label = f"{row.get('origin_id', '')} – {row.get('destination_id', '')}"
            vals = {
                "import_id": self.client_import.id,
                "sequence": sequence,
                "kind": str(kind),
                "sheet": sheet.name,
                "row": number,
                "label": label,
                "values": row,
                "status": "staged",
            }
            if issues:
                vals["status"] = "error"
                vals["column"] = ", ".join(i.column for i in issues if i.column)
                vals["message"] = " ".join(
                    cell_issue_message(self.env, issue, labels) for issue in issues
                )
            yield vals

    def error_file(self):
        """Return a workbook with the rows that have errors, as they came."""
        errors = {
            (line.sheet, line.row): line.message
            for line in self.client_import.line_ids.filtered(
                lambda line: line.status == "error"
            )
        }
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True, "remove_timezone": True})
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for sheet in self.client_import.sheet_ids.filtered("kind"):
            page = book.add_worksheet(sheet.name[:31])
            written = width = 0
            for number, values in self.sources[sheet.position]:
                message = errors.get((sheet.name, number))
                if number != sheet.header_row and not message:
                    continue
                form = None if message else bold
                width = max(width, len(values))
                for column, value in enumerate(values):
                    _write(page, written, column, value, form, day)
                note = message or self.env._("What to do")
                page.write_string(written, width, note, form)
                written += 1
        book.close()
        return stream.getvalue()

    def _read_on(self, rows):
        """Yield what a damaged sheet may cut short."""
        try:
            yield from rows
        except SheetError as error:
            raise UserError(sheet_error_message(self.env, error)) from error

    def _read(self, reading):
        try:
            return reading()
        except SheetError as error:
            raise UserError(sheet_error_message(self.env, error)) from error


def _write(page, row, column, value, form, day):
    """Write a cell as it was; text never as a formula."""
    if value is None:
        return
    if isinstance(value, BadValue):
        page.write_string(row, column, value.text, form)
    elif hasattr(value, "year"):
        page.write_datetime(row, column, value, day)
    elif isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, str):
        page.write_string(row, column, value, form)
    else:
        page.write_number(row, column, float(value), form)
