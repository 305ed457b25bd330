"""What publishing a rate sheet would change: from the file to import lines."""

import base64

from odoo import fields
from odoo.exceptions import UserError

from ..rate_import import PriceMark, SheetError, parse, read_sheet_file
from .import_messages import cell_error_message, remark_message, sheet_error_message


class SheetPreview:
    """Reads one import's file; locations and container types are looked up once."""

    def __init__(self, rate_import):
        self.rate_import = rate_import
        self.env = rate_import.env
        self.locations = {}
        self.container_types = {}

    def parse_file(self):
        rate_import = self.rate_import
        data = base64.b64decode(rate_import.with_context(bin_size=False).file)
        try:
            return parse(
                read_sheet_file(data, rate_import.file_name),
                resolve_location=self.resolve_location,
                resolve_container=self.resolve_container,
                today=fields.Date.context_today(rate_import),
            )
        except SheetError as error:
            raise UserError(sheet_error_message(self.env, error)) from error

    def resolve_location(self, label):
        """Return the id of a location: ports first for the sea, airports for air."""
        if label not in self.locations:
            kind = "airport" if self.rate_import.mode_id.code == "air" else "port"
            Location = self.env["logistics.location"]
            found = Location._find_by_labels([label], kind=kind)
            found = found or Location._find_by_labels([label])
            self.locations[label] = found[label].id if label in found else None
        return self.locations[label]

    def resolve_container(self, label):
        if label not in self.container_types:
            found = self.env["logistics.container.type"]._find_by_labels([label])
            self.container_types[label] = found[label].id if label in found else None
        return self.container_types[label]

    def prepare_line_vals(self, parsed, contract):
        """Return the values of all lines, compared with the contract in force."""
        library = LibraryPrices(contract.rate_ids)
        charge_codes = self._get_charge_codes(parsed)
        currencies = self._get_currencies()
        name_carrier = len({lane.carrier for lane in parsed.lanes}) > 1
        lines = []
        for lane in parsed.lanes:
            for values in lane_line_values(
                self.rate_import, lane, charge_codes, currencies, name_carrier
            ):
                if not values.get("status"):
                    values.update(library.compare(values))
                lines.append(values)
        lines += [
            self._prepare_missing_lane_vals(*lane)
            for lane in sorted(library.get_missing_lanes(lines))
        ]
        for error in parsed.errors:
            message = cell_error_message(self.env, error)
            lines.append(self._prepare_notice_vals("error", error, message))
        for remark in parsed.remarks:
            message = remark_message(self.env, remark)
            lines.append(self._prepare_notice_vals("remark", remark, message))
        return [dict(values, import_id=self.rate_import.id) for values in lines]

    def _prepare_missing_lane_vals(self, charge_code_id, origin_id, destination_id):
        return {
            "status": "remark",
            "charge_code_id": charge_code_id,
            "origin_id": origin_id,
            "destination_id": destination_id,
            "message": self.env._(
                "Not in the sheet: no longer offered once this is published."
            ),
        }

    def _prepare_notice_vals(self, status, notice, message):
        return {
            "status": status,
            "sheet": notice.sheet,
            "row": notice.row or 0,
            "column": notice.column or "",
            "message": message,
        }

    def _get_charge_codes(self, parsed):
        """Return {code: charge code} of the surcharges that the file names."""
        labels = {
            surcharge.label.upper()
            for lane in parsed.lanes
            for surcharge in lane.surcharges
        }
        ChargeCode = self.env["logistics.charge.code"]
        charge_codes = ChargeCode.search(
            [
                ("code", "in", list(labels)),
                *ChargeCode._check_company_domain(self.rate_import.company_id),
            ]
        )
        # a company's own code wins over the shared one
        return {
            charge_code.code: charge_code
            for charge_code in charge_codes.sorted(lambda code: code.company_id.id or 0)
        }

    def _get_currencies(self):
        """Return {name: currency}, archived ones too."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        return {
            currency.name: currency
            for currency in currencies.search([("name", "!=", False)])
        }


def lane_line_values(rate_import, lane, charge_codes, currencies, name_carrier):
    """Yield the values of one line per price of the lane.

    Lines with a status already are notices; the others are still to be compared.

    :param charge_codes: {code: charge code} of the surcharges
    :param currencies: {name: currency}, archived ones too
    :param name_carrier: the sheet has several carriers: routings must tell them apart
    """
    env = rate_import.env
    routing = [lane.carrier] if name_carrier else []
    routing += [lane.routing] if lane.routing else []
    common = {
        "sheet": lane.sheet,
        "row": lane.row,
        "origin_id": lane.origin,
        "destination_id": lane.destination,
        "transit_days": lane.transit_days or 0,
        "free_days": lane.free_days or 0,
        "routing": ", ".join(filter(None, routing)),
        "date_from": lane.valid_from or rate_import.date_from,
        "date_to": lane.valid_to or rate_import.date_to,
        "apply_as_if": lane.apply_as_if is not False,
        "volumetric_cm3_per_kg": float(lane.cm3_per_kg or 0),
        "rate_remark": lane.remark,
    }
    default = currencies.get(lane.currency, rate_import.currency_id)
    freight = dict(
        common, charge_code_id=rate_import.charge_code_id.id, currency_id=default.id
    )
    by_container = dict(freight, basis="container", price_kind="container")
    for container_type, price in lane.container_prices.items():
        yield dict(by_container, container_type_id=container_type, new_price=price)
    by_weight = dict(freight, basis="chargeable_kg")
    for start, price in lane.breaks:
        yield dict(by_weight, price_kind="break", from_quantity=start, new_price=price)
    if lane.minimum:
        yield dict(by_weight, price_kind="minimum", new_price=lane.minimum)
    for surcharge in lane.surcharges:
        charge_code = charge_codes.get(surcharge.label.upper())
        place = dict(common, column=surcharge.column)
        if surcharge.is_included:
            message = env._(
                "%(charge)s is included in the freight.", charge=surcharge.label
            )
            # with its code: the included charge is not carried over from the contract
            # that the sheet amends
            code_id = charge_code.id if charge_code else False
            yield dict(place, status="remark", message=message, charge_code_id=code_id)
            continue
        if not charge_code:
            message = env._(
                "There is no charge code %(charge)s: create it and preview again.",
                charge=surcharge.label,
            )
            yield dict(place, status="error", message=message)
            continue
        priced = dict(
            place,
            charge_code_id=charge_code.id,
            currency_id=currencies.get(surcharge.currency, default).id,
            basis=str(surcharge.unit),
        )
        for container_type, price in surcharge.container_prices.items():
            yield dict(
                priced,
                price_kind="container",
                container_type_id=container_type,
                new_price=price,
            )
        for container_type, mark in surcharge.container_marks.items():
            if mark is PriceMark.INCLUDED:  # there, on this container, for nothing
                yield dict(
                    priced,
                    price_kind="container",
                    container_type_id=container_type,
                    new_price=0,
                )
        if surcharge.amount is not None:
            yield dict(priced, price_kind="amount", new_price=surcharge.amount)


class LibraryPrices:
    """The prices of the contract in force, by what they are for."""

    def __init__(self, rates):
        self.prices = {}
        for rate in rates:
            key = (
                rate.charge_code_id.id,
                rate.origin_id.id,
                rate.destination_id.id,
                rate.routing or "",
            )
            currency = rate.currency_id.id
            if rate.minimum:
                self.prices[*key, "minimum", 0, 0.0] = rate.minimum, currency
            if not rate.price_ids:
                self.prices[*key, "amount", 0, 0.0] = rate.amount, currency
            for price in rate.price_ids:
                container_type = price.container_type_id.id
                kind = "container" if container_type else "break"
                self.prices[*key, kind, container_type or 0, price.from_quantity] = (
                    price.amount,
                    currency,
                )

    def compare(self, values):
        """Return the status of a line, and the price that it replaces."""
        new = float(values["new_price"])
        old, currency = self.prices.get(
            (
                values["charge_code_id"],
                values["origin_id"],
                values["destination_id"],
                values["routing"] or "",
                values["price_kind"],
                values.get("container_type_id", 0),
                float(values.get("from_quantity", 0)),
            ),
            (None, None),
        )
        # prices in different currencies are not up or down, they are new
        if old is None or currency != values["currency_id"]:
            return {"status": "new", "new_price": new}
        difference = round(new - old, 6)
        status = "up" if difference > 0 else "down" if difference < 0 else "unchanged"
        return {"status": status, "new_price": new, "old_price": old}

    def get_missing_lanes(self, lines_values):
        """Return (charge code, origin, destination) that the sheet no longer has.

        Of charges that it prices: other charges are carried over.
        """
        in_sheet = {
            (
                values.get("charge_code_id"),
                values.get("origin_id"),
                values.get("destination_id"),
            )
            for values in lines_values
        }
        charge_codes = {charge_code for charge_code, _origin, _destination in in_sheet}
        return {
            (charge_code, origin, destination)
            for charge_code, origin, destination, *_rest in self.prices
            if charge_code in charge_codes
            and (charge_code, origin, destination) not in in_sheet
        }
