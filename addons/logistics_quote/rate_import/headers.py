"""Recognise columns by their headings."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from odoo.addons.logistics_crm.sheet_files.currencies import (
    find_currency,
    normalise,
    words,
)

from .values import compact

ResolveContainer = Callable[[str], Hashable | None]


class LayoutKind(StrEnum):
    FCL_WIDE = "fcl_wide"
    AIR_BREAKS = "air_breaks"


class Field(StrEnum):
    ORIGIN = "origin"
    DESTINATION = "destination"
    RECEIPT = "receipt"
    DELIVERY = "delivery"
    CARRIER = "carrier"
    CONTRACT = "contract"
    COMMODITY = "commodity"
    CURRENCY = "currency"
    TRANSIT = "transit"
    FREE_TIME = "free_time"
    EFFECTIVE = "effective"
    EXPIRY = "expiry"
    VALIDITY = "validity"
    ROUTING = "routing"
    SERVICE = "service"
    REMARKS = "remarks"
    AS_IF = "as_if"
    DENSITY = "density"
    IGNORED = "ignored"
    PRICE = "price"
    SURCHARGE = "surcharge"
    MINIMUM = "minimum"
    BREAK = "break"


class SurchargeUnit(StrEnum):
    CONTAINER = "container"
    SHIPMENT = "shipment"
    GROSS_KG = "gross_kg"
    CHARGEABLE_KG = "chargeable_kg"


# Compared without spaces, signs and case: "P.O.L. *" is "POL".
MAX_HEADING = 200  # a longer text is no heading
_ALIASES = {
    Field.ORIGIN: (
        "POL, port of loading, load port, loading port, port of load, origin, from,"
        " origin port, origin base port, base port, base port of loading, from port,"
        " departure, departure port, origin airport, airport of departure, aod, dep,"
        " origin locode, pol code, origin code, pol locode, airport of origin,"
        " 起运港, 装货港, 起运地, 始发港, 装港"
    ),
    Field.DESTINATION: (
        "POD, port of discharge, discharge port, discharging port, destination, to,"
        " dest, destination port, to port, arrival, arrival port, destination airport,"
        " airport of destination, arr, destination locode, pod code, pod locode,"
        " destination code, port of destination, 目的港, 卸货港, 目的地, 卸港"
    ),
    Field.RECEIPT: "PLOR, POR, place of receipt, receipt, 收货地",
    Field.DELIVERY: (
        "PLOD, place of delivery, delivery, final destination, FND, DEL,"
        " final place of delivery, PDEL, 交货地"
    ),
    Field.CARRIER: (
        "carrier, line, shipping line, ssl, liner, carrier name, scac, airline,"
        " air line, airline code, carrier code, 船公司, 承运人, 航空公司"
    ),
    Field.CONTRACT: (
        "contract, contract number, contract no, contract id, contract nr,"
        " contract ref, s/c, s/c no, sc number, service contract, service contract no,"
        " reference,"
        " quote no, quotation no, tariff no, 合约号, 合同号"
    ),
    Field.COMMODITY: (
        "commodity, commodity description, commodity brief, cargo, commodity group,"
        " goods, commodities, 品名, 货物"
    ),
    Field.CURRENCY: "currency, curr, cur, ccy, currency code, 币种, 货币",
    Field.TRANSIT: (
        "transit, transit time, t/t, tt, transit days, transit time days, tt days,"
        " transit time day, days in transit, days, 航程, 时效"
    ),
    Field.FREE_TIME: (
        "free time, free days, ft, free time days, detention free days, dem/det,"
        " free time at pod, free time at destination, free detention, d&d, dnd,"
        " demurrage detention, combined free time, free time pod, 免箱期, 免用箱"
    ),
    Field.EFFECTIVE: (
        "effective, effective date, valid from, validity from, start, start date, eff,"
        " eff date, valid as of, date from, from date, validity start, effect date,"
        " 生效日期, 有效期起"
    ),
    Field.EXPIRY: (
        "expiry, expiry date, expiration, expiration date, exp, exp date, valid to,"
        " valid until, valid till, validity to, end, end date, expire, expires,"
        " date to, to date, validity end, 失效日期, 有效期止"
    ),
    Field.VALIDITY: "validity, valid, validity period, rate validity, 有效期",
    Field.ROUTING: (
        "via, routing, route, via port, via ports, t/s, t/s port, transhipment,"
        " transhipment port, transshipment port, transit port, flight, flight no,"
        " 中转港, 中转"
    ),
    Field.SERVICE: (
        "service, service type, service mode, service name, string, loop, 航线"
    ),
    Field.REMARKS: (
        "remarks, remark, notes, note, comment, comments, conditions, subject to, 备注"
    ),
    Field.AS_IF: (
        "as if, as-if weight, as if allowed, as-if weight allowed, pivot, next break,"
        " next break allowed, pivot allowed"
    ),
    Field.DENSITY: "density, density ratio, ratio, volume ratio, 密度",
    Field.MINIMUM: "M, min, minimum, min charge, minimum charge, min., 最低",
    Field.IGNORED: (
        "no, #, sr no, s/n, sn, item, seq, line no, region, country, trade, trade lane,"
        " area, pol country, pod country, origin country, destination country,"
        " origin region, destination region, 序号"
    ),
}
FIELDS = {
    compact(alias): name
    for name, aliases in _ALIASES.items()
    for alias in aliases.split(",")
    if compact(alias)
}
# Words that do not change what a price column is.
FILLERS = words(
    "RATE RATES PRICE O/F OF OFR OCEAN FREIGHT SEA BASE BASIC ALL IN ALL-IN PER",
    "CONTAINER CONTAINERS CNTR CTR UNIT BOX BUY BUYING NET FCL SELL AMOUNT",
    "海运费 运费",
)

_ISO_LABELS = {
    "22G1": "20GP",
    "42G1": "40GP",
    "45G1": "40HC",
    "L5G1": "45HC",
    "22R1": "20RF",
    "45R1": "40RH",
    "22U1": "20OT",
    "42U1": "40OT",
    "22P3": "20FR",
    "42P3": "40FR",
    "22T1": "20TK",
}
_TYPES = {
    "": "GP",
    **dict.fromkeys(("GP", "DC", "DV", "ST", "SD", "STD", "DRY"), "GP"),
    **dict.fromkeys(("HC", "HQ"), "HC"),
    **dict.fromkeys(("RF", "RE", "RH", "HR", "RQ"), "RF"),
    "OT": "OT",
    "FR": "FR",
    "TK": "TK",
    "NOR": "NOR",
}
_CONTAINER = re.compile(
    r"(?<![A-Z0-9])(?P<iso>" + "|".join(_ISO_LABELS) + r")(?![A-Z0-9])"
    r"|(?<!\d)(?P<size>20|40|45|48|53)\s*(?:['’′`´]|FT\b|FEET\b|FOOT\b)?\s*-?\s*"
    r"(?P<type>GP|DC|DV|STD|ST|SD|DRY|HC|HQ|RF|RE|RH|HR|RQ|OT|FR|TK|NOR)?"
    r"['’]?(?![A-Z0-9])"
    r"|(?<![A-Z0-9'’′`´])(?P<high>HC|HQ)(?![A-Z0-9])"
)
_UNITS = (
    (
        SurchargeUnit.SHIPMENT,
        re.compile(r"(?:\bPER\s+|/\s*)(?:B/?L|BILL|DOC|SHPT|SHIPMENT|SET|AWB)\b"),
    ),
    (
        SurchargeUnit.CONTAINER,
        re.compile(r"(?:\bPER\s+|/\s*)(?:CNTR|CTR|CONTAINER|BOX|UNIT)\b"),
    ),
    (
        SurchargeUnit.GROSS_KG,
        re.compile(
            r"(?:\bPER\s+|/\s*)(?:KGS?\s*\(?\s*(?:GROSS|GW|G\.W\.)|GROSS\s*KGS?)\)?"
        ),
    ),
    (
        SurchargeUnit.CHARGEABLE_KG,
        re.compile(r"(?:\bPER\s+|/\s*)KGS?\b\s*(?:\(?\s*(?:CHARGEABLE|CW|C\.W\.)\)?)?"),
    ),
)
_BREAK = re.compile(r"[+>=≥Q ]*(\d{2,5})(?: ?-\d{2,5})? ?(?:KGS?|K)?[ +]*")
_NORMAL = re.compile(r"N|NORMAL|[-<] ?45 ?(?:KGS?)?|0 ?- ?4[45] ?(?:KGS?)?")


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds; ``containers`` are resolved keys, None where unknown."""

    field: Field
    heading: str
    containers: tuple[Hashable | None, ...] = ()
    container_labels: tuple[str, ...] = ()
    surcharge: str = ""
    unit: SurchargeUnit | None = None
    currency: str | None = None
    from_quantity: Decimal | None = None


def canonical_container(label: str) -> str | None:
    """Return 40HC for "40'HQ", 20GP for "20" or "22G1"; None for no container."""
    found = _CONTAINER.fullmatch(normalise(label))
    if not found:
        return None
    if found["iso"]:
        return _ISO_LABELS[found["iso"]]
    if found["high"]:
        return "40HC"
    size, kind = found["size"], found["type"] or ""
    if size in ("45", "48", "53") and _TYPES[kind] == "GP":
        return f"{size}HC"
    if size != "20" and _TYPES[kind] == "RF":
        return f"{size}RH"  # 40' reefers are high cubes
    return size + _TYPES[kind]


def resolve_label(label: str, resolve: ResolveContainer) -> Hashable | None:
    """Try a market label as written, without signs, and in its usual form."""
    tried = (label, label.replace(" ", ""), compact(label), canonical_container(label))
    for form in dict.fromkeys(form for form in tried if form):
        key = resolve(form)
        if key is not None:
            return key
    return None


def field_of(heading: str) -> Field | None:
    """Return the field of a heading, whatever unit or hint stands in brackets."""
    if len(heading) > MAX_HEADING:
        return None
    for text in (heading, re.sub(r"\(.*?\)|\[.*?\]", " ", heading)):
        if name := FIELDS.get(compact(text)):
            return name
    return None


def classify(
    heading: str, kind: LayoutKind, resolve: ResolveContainer
) -> Column | None:
    """Return what a heading means in this layout, or None."""
    if len(heading) > MAX_HEADING:
        return None
    text = normalise(heading)
    if name := field_of(text):
        if name is Field.MINIMUM and kind is not LayoutKind.AIR_BREAKS:
            return None
        return Column(name, heading)
    currency = find_currency(text)
    if currency:
        text = re.sub(rf"[(\[]?\s*{currency}\s*[)\]]?", " ", text).strip()
    if kind is LayoutKind.AIR_BREAKS:
        return _classify_air(heading, text, currency)
    return _classify_fcl(heading, text, currency, resolve)


def _classify_air(heading: str, text: str, currency: str | None) -> Column | None:
    if compact(text) in ("MIN", "MINIMUM", "M"):
        return Column(Field.MINIMUM, heading, currency=currency)
    if _NORMAL.fullmatch(text):
        zero = Decimal(0)
        return Column(Field.BREAK, heading, currency=currency, from_quantity=zero)
    if found := _BREAK.fullmatch(text):
        start = Decimal(found[1])
        return Column(Field.BREAK, heading, currency=currency, from_quantity=start)
    return _classify_unit_surcharge(heading, text, currency)


def _classify_fcl(
    heading: str, text: str, currency: str | None, resolve: ResolveContainer
) -> Column | None:
    found = list(_CONTAINER.finditer(text))
    if not found:
        return _classify_unit_surcharge(heading, text, currency)
    labels = tuple(match[0].strip() for match in found)
    rest = re.sub(
        r"[()\[\]:,'’*]|\s[-/]|[-/]\s|[-/]$|^[-/]", " ", _CONTAINER.sub(" ", text)
    )
    words = [word for word in rest.split() if word.strip("-/+&.")]
    label = " ".join(word for word in words if word not in FILLERS)
    name = Field.PRICE
    if label:
        if not any(char.isalpha() for char in label):
            return None
        if field_of(label) or field_of(" ".join(words)):
            return None  # "Free time 40HC"
        name = Field.SURCHARGE
    return Column(
        name,
        heading,
        containers=tuple(resolve_label(label, resolve) for label in labels),
        container_labels=labels,
        surcharge=label,
        unit=SurchargeUnit.CONTAINER if label else None,
        currency=currency,
    )


def _classify_unit_surcharge(
    heading: str, text: str, currency: str | None
) -> Column | None:
    """A surcharge whose heading names its unit: "Doc fee / BL", "FSC per kg"."""
    for unit, pattern in _UNITS:
        if found := pattern.search(text):
            label = " ".join((text[: found.start()] + text[found.end() :]).split())
            label = label.strip(" -/:()")
            if label:
                return Column(
                    Field.SURCHARGE,
                    heading,
                    surcharge=label,
                    unit=unit,
                    currency=currency,
                )
    return None
