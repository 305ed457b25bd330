"""Write the sample rate sheets: for the tests, and the same for the demo data.

Run as ``python tools/make_sample_rate_sheets.py``. The files come out the same, byte
for byte, each time. Carriers and prices are invented; ports, airports and the layout
of the sheets are as in the trade.
"""

from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT / "tests" / "samples", ROOT / "addons" / "logistics_quote" / "demo")
CREATED = datetime(2026, 9, 21, 9, 0)
EFFECTIVE = date(2026, 10, 1)
EXPIRY = date(2027, 3, 31)

# Base port: name, code, and what it adds to a 40' from Shanghai.
ORIGINS = (
    ("Shanghai", "CNSHA", 0),
    ("Ningbo", "CNNGB", 0),
    ("Yantian", "CNYTN", 50),
    ("Shekou", "CNSHK", 50),
    ("Qingdao", "CNTAO", 25),
    ("Tianjin Xingang", "CNTXG", 50),
    ("Dalian", "CNDLC", 125),
    ("Xiamen", "CNXMN", 25),
    ("Hong Kong", "HKHKG", 75),
    ("Kaohsiung", "TWKHH", 100),
    ("Ho Chi Minh City", "VNSGN", 150),
    ("Haiphong", "VNHPH", 175),
    ("Laem Chabang", "THLCH", 150),
    ("Port Klang", "MYPKG", 125),
    ("Singapore", "SGSIN", 100),
    ("Jakarta", "IDJKT", 225),
)
# Trade: the 20GP, 40GP and 40HC price from Shanghai, transit days, BAF per 20' and 40',
# and destinations with what they add to a 40' and to the transit time.
TRADES = (
    (
        "ASIA - NORTH EUROPE",
        (1050, 1800, 1850),
        33,
        (150, 300),
        (
            ("Hamburg", "DEHAM", 0, 0),
            ("Rotterdam", "NLRTM", -25, -3),
            ("Antwerp", "BEANR", -25, -2),
            ("Felixstowe", "GBFXT", 0, -2),
            ("Le Havre", "FRLEH", 0, -3),
            ("Gothenburg", "SEGOT", 200, 5),
            ("Aarhus", "DKAAR", 200, 5),
            ("Gdansk", "PLGDN", 150, 6),
        ),
    ),
    (
        "ASIA - MEDITERRANEAN",
        (1350, 2300, 2300),
        28,
        (180, 360),
        (
            ("Genoa", "ITGOA", 0, 0),
            ("Barcelona", "ESBCN", 50, 2),
            ("Valencia", "ESVLC", 50, 1),
            ("Fos Sur Mer", "FRFOS", 25, 2),
            ("Piraeus", "GRPIR", -100, -5),
            ("Koper", "SIKOP", 75, 3),
        ),
    ),
)
# North America is quoted for pairs of ports, the two 40' types in one price each.
AMERICAN_ORIGINS = (
    ("SHANGHAI/NINGBO", 0),
    ("YANTIAN/SHEKOU", 50),
    ("QINGDAO", 50),
    ("XIAMEN", 75),
    ("HONG KONG (HKHKG)", 75),
    ("VNSGN/VNHPH", 200),
)
AMERICAN_PORTS = (
    ("LOS ANGELES/LONG BEACH", 1750, 14, "AMS"),
    ("USOAK", 1850, 17, "AMS"),
    ("SEATTLE/TACOMA", 1850, 16, "AMS"),
    ("NEW YORK (USNYC)", 2650, 29, "AMS"),
    ("USSAV", 2650, 31, "AMS"),
    ("USHOU", 2800, 34, "AMS"),
    ("VANCOUVER (CAVAN)", 1900, 16, "ACI"),
    ("CAPRR", 1875, 14, "ACI"),
    ("CAHAL", 2850, 33, "ACI"),
    ("MONTREAL (CAMTR)", 2950, 36, "ACI"),
)
OCEAN_COLUMNS = (
    ("POL", 22),
    ("POD", 24),
    ("Commodity", 12),
    ("20GP", 9),
    ("40GP", 9),
    ("40HC", 9),
    ("BAF 20", 9),
    ("BAF 40", 9),
    ("OTHC 20", 9),
    ("OTHC 40", 9),
    ("DO per B/L", 11),
    ("AMS per B/L", 11),
    ("ACI per B/L", 11),
    ("Transit time\n(days)", 12),
    ("Free time\n(days)", 10),
    ("Effective", 12),
    ("Expiry", 12),
    ("Remarks", 32),
)
OCEAN_FOOTNOTES = (
    "* Cargo over 20 t in a 20GP is accepted subject to approval.",
    "Rates exclude destination terminal handling, duties and taxes.",
    "Dangerous goods and out-of-gauge cargo on request.",
    "Free time is combined demurrage and detention at the port of discharge.",
)

AIR_COLUMNS = (
    ("Airline", 9),
    ("Origin", 9),
    ("Destination", 12),
    ("Commodity", 12),
    ("Density", 9),
    ("Currency", 9),
    ("Minimum", 10),
    ("Normal", 9),
    (45, 9),
    (100, 9),
    (300, 9),
    (500, 9),
    (1000, 9),
    ("MYC per kg (chargeable)", 14),
    ("SSC per kg (gross)", 14),
    ("As-if weight", 11),
    ("Transit (days)", 11),
    ("Start", 12),
    ("End", 12),
    ("Remarks", 36),
)
AIR_START = "01/10/2026"
AIR_END = "31/03/2027"
# Origin, destination, currency, minimum, normal and breaks, fuel, security, as-if
# allowed, transit days; remark.
AIR_LANES = """
YYZ LHR CAD  95 5.10 3.85 3.20 2.85 2.65 2.50 1.15 0.20 Y 2
YYZ FRA CAD  95 5.25 3.95 3.30 2.95 2.75 2.60 1.15 0.20 Y 2
YYZ CDG CAD  95 5.25 3.95 3.30 2.95 2.75 2.60 1.15 0.20 Y 2
YYZ AMS CAD  95 5.20 3.90 3.25 2.90 2.70 2.55 1.15 0.20 Y 2
YYZ LGG CAD 100 5.60 4.20 3.55 3.10 2.90 2.75 1.15 0.20 Y 3
YYZ MXP CAD 100 5.75 4.35 3.70 3.25 3.05 2.90 1.15 0.20 Y 3
YYZ DXB CAD 120 7.90 6.10 5.40 4.95 4.70 4.55 1.45 0.20 Y 3
YYZ HKG CAD 120 7.40 5.80 5.10 4.60 4.40 4.25 1.60 0.20 N 3 Next break not allowed
YUL LHR CAD  95 5.15 3.90 3.25 2.90 2.70 2.55 1.15 0.20 Y 2
YUL CDG CAD  95 5.05 3.80 3.15 2.80 2.60 2.45 1.15 0.20 Y 1
YUL FRA CAD  95 5.20 3.90 3.25 2.90 2.70 2.55 1.15 0.20 Y 2
YVR LHR CAD 105 6.05 4.60 3.95 3.50 3.30 3.15 1.15 0.20 Y 2
YVR HKG CAD 110 6.20 4.85 4.20 3.80 3.60 3.45 1.60 0.20 Y 2
YVR NRT CAD 110 6.30 4.95 4.30 3.90 3.70 3.55 1.60 0.20 Y 2
YVR ICN CAD 110 6.30 4.95 4.30 3.90 3.70 3.55 1.60 0.20 Y 2
PVG FRA CNY   -  N/A   10    9    8    -    - INCL INCL Y 3 98 kg are charged as 100 kg
PVG AMS CNY   -   16    9    -    -    -    - INCL INCL Y 3 30 kg are charged as 45 kg
PVG LHR CNY 320   42 31.5   28 26.5   25   24  7.5  1.2 Y 3 Ex-works pick-up on request
PVG YYZ CNY 420   55   43 39.5   37 35.5   34    9  1.2 Y 4
HKG YYZ HKD 450   62 48.5   44   41   39 37.5   11  1.2 Y 4
SIN LHR SGD  90  9.8  7.4  6.6  6.1  5.8  5.6  1.1 0.15 Y 3
"""
AIR_FOOTNOTES = (
    "Volumetric weight: 6000 cm3 per kg on the whole consignment.",
    "Dangerous goods, live animals and temperature-controlled cargo on request.",
)


class Book:
    """A workbook in memory with the formats that both sheets use."""

    def __init__(self, title: str, author: str) -> None:
        self.buffer = BytesIO()
        self.book = xlsxwriter.Workbook(self.buffer, {"in_memory": True})
        self.book.set_properties({"title": title, "author": author, "created": CREATED})
        self.title = self.add(bold=True, font_size=14)
        self.label = self.add(bold=True)
        self.heading = self.add(
            bold=True, bg_color="#1F3A5F", font_color="white", text_wrap=True, border=1
        )
        self.section = self.add(bold=True, bg_color="#DCE6F1")
        self.price = self.add(num_format="#,##0", border=1)
        self.rate = self.add(num_format="0.00", border=1)
        self.cell = self.add(border=1)
        self.day = self.add(num_format="dd-mmm-yyyy", border=1)
        self.small = self.add(italic=True, font_size=9)

    def add(self, **properties: object) -> Format:
        return self.book.add_format(properties)

    def write_headings(
        self, sheet: Worksheet, row: int, columns: tuple[tuple[object, int], ...]
    ) -> None:
        for number, (heading, width) in enumerate(columns):
            sheet.set_column(number, number, width)
            sheet.write(row, number, heading, self.heading)

    def write_row(
        self, sheet: Worksheet, row: int, values: list[object], number_format: Format
    ) -> None:
        for number, value in enumerate(values):
            if isinstance(value, date):
                sheet.write_datetime(row, number, value, self.day)
            elif isinstance(value, int | float):
                sheet.write_number(row, number, value, number_format)
            elif value:
                sheet.write_string(row, number, str(value), self.cell)

    def save(self) -> bytes:
        self.book.close()
        return self.buffer.getvalue()


def make_ocean_sheet() -> bytes:
    book = Book("FAK contract rates", "Meridian Container Line")
    sheet = book.book.add_worksheet("FAK Asia export")
    last = len(OCEAN_COLUMNS) - 1
    sheet.merge_range(0, 0, 0, last, "MERIDIAN CONTAINER LINE", book.title)
    sheet.merge_range(
        1,
        0,
        1,
        last,
        "FAK contract rates, Asia to Europe and North America",
        book.label,
    )
    sheet.write_row(2, 0, ["Contract No:", "MCL-2026-1078"], book.label)
    sheet.write_row(3, 0, ["Carrier:", "Meridian Container Line"], book.label)
    sheet.write_row(4, 0, ["Currency:", "USD"], book.label)
    sheet.merge_range(
        5,
        0,
        5,
        last,
        "All rates per container unless stated; BAF INCL where shown is part of the"
        " ocean freight.",
        book.small,
    )
    book.write_headings(sheet, 7, OCEAN_COLUMNS)
    sheet.set_row(7, 30)
    sheet.freeze_panes(8, 2)
    row = 8
    for title, prices, transit, fuel, ports in TRADES:
        sheet.merge_range(row, 0, row, last, title, book.section)
        row += 1
        for values in _ocean_lanes(prices, transit, fuel, ports):
            book.write_row(sheet, row, values, book.price)
            row += 1
    sheet.merge_range(row, 0, row, last, "ASIA - NORTH AMERICA", book.section)
    row += 1
    for values in _american_lanes():
        book.write_row(sheet, row, values, book.price)
        row += 1
    for footnote in OCEAN_FOOTNOTES:
        row += 1
        sheet.write(row, 0, footnote, book.small)
    return book.save()


def _ocean_lanes(
    prices: tuple[int, int, int],
    transit: int,
    fuel: tuple[int, int],
    ports: tuple[tuple[str, str, int, int], ...],
) -> list[list[object]]:
    lanes: list[list[object]] = []
    for index, (port, port_code, port_extra, port_days) in enumerate(ports):
        for number, (base, base_code, extra) in enumerate(ORIGINS):
            added = extra + port_extra
            is_outport = base_code in ("CNDLC", "IDJKT") and port_extra >= 150
            handling = (90, 120) if base_code.startswith("CN") else (110, 165)
            lanes.append(
                [
                    # carriers mix codes and names
                    base_code if number % 3 else f"{base} ({base_code})",
                    port_code if index % 2 else f"{port} ({port_code})",
                    "FAK",
                    "N/A" if is_outport else prices[0] + added // 2,
                    prices[1] + added,
                    prices[2] + added,
                    # this line sells Hamburg with its fuel included
                    *(("INCL", "INCL") if port_code == "DEHAM" else fuel),
                    *handling,
                    30,
                    "-",
                    "-",
                    transit + port_days + extra // 50,
                    14 if port_code in ("DEHAM", "NLRTM", "BEANR") else 10,
                    EFFECTIVE,
                    EXPIRY,
                    "20GP not accepted from this port*" if is_outport else "",
                ]
            )
    return lanes


def _american_lanes() -> list[list[object]]:
    lanes: list[list[object]] = []
    for port, price, days, filing in AMERICAN_PORTS:
        for base, extra in AMERICAN_ORIGINS:
            high_cube = price + extra
            lanes.append(
                [
                    base,
                    port,
                    "FAK",
                    # text prices with a separator, as copied from a mail
                    f"{round(high_cube * 0.8 / 5) * 5:,}",
                    f"USD {high_cube:,}",
                    f"USD {high_cube:,}",
                    320,
                    640,
                    95,
                    140,
                    35,
                    35 if filing == "AMS" else "-",
                    30 if filing == "ACI" else "-",
                    f"{days}-{days + 2} days",
                    7,
                    "01/10/2026",
                    "31/03/2027",
                    "",
                ]
            )
    return lanes


def make_air_sheet() -> bytes:
    book = Book("General cargo tariff", "Aurora Cargo Airways")
    sheet = book.book.add_worksheet("General cargo")
    last = len(AIR_COLUMNS) - 1
    sheet.merge_range(
        0, 0, 0, last, "AURORA CARGO AIRWAYS - general cargo rates per kg", book.title
    )
    sheet.write_row(1, 0, ["Contract No:", "ACA-GEN-2026-10"], book.label)
    sheet.merge_range(
        2, 0, 2, last, "MYC on chargeable weight, SSC on gross weight", book.small
    )
    book.write_headings(sheet, 4, AIR_COLUMNS)
    sheet.set_row(4, 30)
    sheet.freeze_panes(5, 3)
    row = 5
    for line in AIR_LANES.strip().splitlines():
        origin, destination, currency, *rest = line.split(maxsplit=14)
        *prices, as_if, transit = rest[:11]
        values = [
            *("AQ", origin, destination, "GEN", "1:6", currency),
            *(_number(price) for price in prices),
            *(as_if, int(transit), AIR_START, AIR_END),
            *rest[11:],
        ]
        book.write_row(sheet, row, values, book.rate)
        row += 1
    for footnote in AIR_FOOTNOTES:
        row += 1
        sheet.write(row, 0, footnote, book.small)
    return book.save()


def _number(text: str) -> float | str:
    return float(text) if text[0].isdigit() else text


FILES = {
    "ocean_fcl_wide.xlsx": make_ocean_sheet,
    "air_breaks.xlsx": make_air_sheet,
}


def main() -> None:
    for name, make in FILES.items():
        data = make()
        for folder in FOLDERS:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
            print(f"{(folder / name).relative_to(ROOT)}: {len(data):,} bytes")


if __name__ == "__main__":
    main()
