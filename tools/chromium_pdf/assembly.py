"""Put bodies, headers and footers together into one PDF."""

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NullObject,
    NumberObject,
    RectangleObject,
)

from .arguments import Job
from .renderer import Renderer


def assemble(job: Job, renderer: Renderer) -> PdfWriter:
    printed = [(path, *renderer.print_body(path)) for path in job.bodies]
    bands = [
        renderer.band(path, margins)
        for path, margins in (
            (job.header, job.header_margins),
            (job.footer, job.footer_margins),
        )
        if path
    ]
    # Chromium's sheets are up to 1 pt off, which tests of paper formats would notice.
    sheet = [round(side / 25.4 * 72) for side in (job.width, job.height)]
    total = sum(len(pdf.pages) for _path, pdf, _has_heading in printed)
    writer = PdfWriter()
    outlined = []
    for path, pdf, has_heading in printed:
        if has_heading:
            outlined.append(len(writer.pages))
        for index, body_page in enumerate(pdf.pages, start=1):
            page = writer.add_page(body_page)
            numbers = {
                "page": len(writer.pages),
                "topage": total,
                "sitepage": index,
                "sitepages": len(pdf.pages),
                "section": "",
                "subsection": "",
                "subsubsection": "",
                # Odoo reads the body's number from its file name.
                "webpage": path.name,
            }
            for band in bands:
                page.merge_page(band.print(numbers))
            page.mediabox = RectangleObject((0, 0, *sheet))
    _add_outline(writer, outlined)
    return writer


def _add_outline(writer: PdfWriter, pages: list[int]):
    """Mark the first page of each body with a heading in wkhtmltopdf's way.

    Odoo splits a print of several records there: it reads named destinations from
    the catalogue's `/Dests` (not from a name tree) whose first element is the number
    of the page (not a reference to it).
    """
    destinations = DictionaryObject()
    for number in pages:
        item = writer.add_outline_item(str(number + 1), number).get_object()
        name = NameObject(f"/page_{number}")
        del item["/A"]
        item[NameObject("/Dest")] = name
        destinations[name] = ArrayObject(
            [NumberObject(number), NameObject("/XYZ"), *[NullObject()] * 3]
        )
    if pages:
        writer.root_object[NameObject("/Dests")] = destinations
