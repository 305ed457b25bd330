"""Write the workbook sheet by sheet."""

import tempfile
from decimal import Decimal
from typing import BinaryIO

import xlsxwriter

from .book import Book
from .clients import ClientsSheet
from .cohorts import CohortsSheet
from .data import WorkbookData, WorkbookTotals
from .holdout import HoldoutSheet
from .parameters import ParametersSheet
from .reconciliation import ReconciliationSheet
from .summary import SummarySheet
from .tiers import SegmentsSheet, TiersSheet
from .whale import WhaleSheet


def write_workbook(stream: BinaryIO, data: WorkbookData) -> WorkbookTotals:
    """Write the workbook to ``stream`` and return the totals written.

    Memory stays constant but for eight bytes a client (the cumulative curve). Totals
    are formulas; their results go along, so that a viewer which does not calculate
    shows them too. Client value is net contribution plus current value.

    :raises WorkbookError: ``too_many_rows``
    """
    # A folder of its own, so that nothing stays behind if the clients break off.
    with tempfile.TemporaryDirectory(prefix="value_workbook_") as folder:
        book = xlsxwriter.Workbook(
            stream,
            {
                "constant_memory": True,
                "tmpdir": folder,
                "default_date_format": "yyyy-mm-dd",
                # Names are text, whatever character they begin with.
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        try:
            totals = _write_sheets(Book(book, data))
        except BaseException:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()
            raise
        book.close()
    return totals


def _write_sheets(book: Book) -> WorkbookTotals:
    """Add the sheets in the order of reading, and fill them in the order of need."""
    summary = SummarySheet(book)
    clients_sheet = ClientsSheet(book)
    derived = [WhaleSheet(book), TiersSheet(book)]
    if "segment" in book.columns:
        derived.append(SegmentsSheet(book))
    others = [
        CohortsSheet(book),
        HoldoutSheet(book),
        ParametersSheet(book),
        ReconciliationSheet(book),
    ]
    clients = clients_sheet.write()
    for sheet in derived:
        sheet.write(clients)
    for sheet in others:
        sheet.write()
    summary.write(clients)
    summary.sheet.activate()
    return WorkbookTotals(
        clients=clients.count,
        **{
            key: clients.sums.get(key, Decimal(0))
            for key in WorkbookTotals.__dataclass_fields__
            if key != "clients"
        },
    )
