"""Let LibreOffice calculate a workbook anew: no Odoo here, for pure tests too."""

import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

import openpyxl

_SHEET = re.compile(r"xl/worksheets/sheet\d+\.xml")
_RESULT = re.compile(r"(</f>)<v>[^<]*</v>")
_TIMEOUT = 180


def recalculate(content: bytes) -> openpyxl.Workbook:
    """Return the workbook as LibreOffice calculates it, our results taken out first."""
    with tempfile.TemporaryDirectory(prefix="office_") as folder:
        source = Path(folder, "workbook.xlsx")
        source.write_bytes(_without_results(content))
        subprocess.run(
            [
                _find(),
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                "--norestore",
                "--convert-to",
                "xlsx:Calc MS Excel 2007 XML",
                "--outdir",
                f"{folder}/out",
                str(source),
            ],
            check=True,
            capture_output=True,
            timeout=_TIMEOUT,
            env={"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": folder},
        )
        calculated = Path(folder, "out", "workbook.xlsx").read_bytes()
    return openpyxl.load_workbook(io.BytesIO(calculated), data_only=True)


def compare(content: bytes, tolerance: float = 1e-6) -> list[tuple]:
    """Return the formulas whose result beside them LibreOffice does not confirm.

    Each as sheet, cell, formula, our result, LibreOffice's.
    """
    formulas = openpyxl.load_workbook(io.BytesIO(content))
    ours = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    theirs = recalculate(content)
    found = []
    for sheet in formulas:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.data_type != "f":
                continue
            pair = [book[sheet.title][cell.coordinate].value for book in (ours, theirs)]
            if not _same(*pair, tolerance):
                found.append((sheet.title, cell.coordinate, cell.value, *pair))
    return found


def count_formulas(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(
            archive.read(name).count(b"<f>")
            for name in archive.namelist()
            if _SHEET.fullmatch(name)
        )


def _same(ours, theirs, tolerance: float) -> bool:
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return abs(ours - theirs) <= tolerance * max(1, abs(ours))
    return (ours or "") == (theirs or "")


def _without_results(content: bytes) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            if _SHEET.fullmatch(name):
                data = _RESULT.sub(r"\1", data.decode()).encode()
            target.writestr(name, data)
    return stream.getvalue()


def _find() -> str:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if not found:
        raise FileNotFoundError("LibreOffice Calc: apt-get install libreoffice-calc")
    return found
