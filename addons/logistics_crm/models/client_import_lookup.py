"""From the words of a file to the ids of records: a few queries for each batch."""

import re
from collections import defaultdict

from ..client_import import TARGETS, label_key
from ..data_quality import (
    normalise_phone,
    normalise_tax_number,
)
from .sheet_messages import tax_number_message

UNITS = {
    "teu": "teu",
    "t": "t",
    "tonnes": "t",
    "tons": "t",
    "吨": "t",
    "cbm": "cbm",
    "m3": "cbm",
    "立方米": "cbm",
    "方": "cbm",
    "shipment": "shipment",
    "shipments": "shipment",
    "票": "shipment",
    "pallet": "pallet",
    "pallets": "pallet",
    "托盘": "pallet",
}


class BadRow(Exception):
    """A row that cannot be used, with the text for its reader and the field."""

    fname = None


class Lookup:
    """Turns parsed rows into values of the ORM; small tables are read once."""

    def __init__(self, env):
        self.env = env
        self.named = {}
        self.locations = {}
        self.containers = {}
        self.users = None

    def load_batch(self, rows):
        """Read what the rows of a batch name, in one query for each kind of thing."""
        labels = {
            str(row[name])
            for row in rows
            for name in ("origin_id", "destination_id")
            if row.get(name)
        } - self.locations.keys()
        if labels:
            found = self.env["logistics.location"]._find_by_labels(list(labels))
            self.locations.update({label: found.get(label) for label in labels})
        labels = {
            row["container_type_id"] for row in rows if "container_type_id" in row
        }
        labels -= self.containers.keys()
        if labels:
            found = self.env["logistics.container.type"]._find_by_labels(list(labels))
            self.containers.update({label: found.get(label) for label in labels})

    def resolve(self, kind, row):
        """Return ({field: value}, country code); raise BadRow."""
        values = {}
        fname = "country_id"
        try:
            country = self._one("res.country", row.get(fname), ("code", "name"))
            for fname, value in row.items():
                values[fname] = self._resolve_value(
                    TARGETS[kind][fname].type, value, country
                )
        except BadRow as problem:
            problem.fname = fname
            raise
        return values, country.code

    def _resolve_value(self, type_, value, country):
        match type_:
            case "text" | "email" | "number" | "date":
                return value
            case "phone":
                # one that cannot be read is kept as it stands: better than none
                return normalise_phone(value, country.code) or value
            case "tax":
                return value and self._tax_number(value, country.code)
            case _:
                return getattr(self, f"_resolve_{type_}")(value, country)

    def _tax_number(self, text, country_code):
        number = normalise_tax_number(text, country_code)
        if number.valid is False:
            raise BadRow(tax_number_message(self.env, text, number.reason))
        return number.value

    def _records(self, model, fnames):
        """Return {key: record} of a small table, by each field in each language."""
        if model not in self.named:
            by_key = defaultdict(self.env[model].browse)
            for lang, _name in self.env["res.lang"].get_installed():
                for record in self.env[model].with_context(lang=lang).search([]):
                    for fname in fnames:
                        if record[fname]:
                            by_key[label_key(record[fname])] |= record
            self.named[model] = by_key
        return self.named[model]

    def _one(self, model, label, fnames):
        if not label:
            return self.env[model]
        found = self._records(model, fnames).get(label_key(label))
        if not found:
            raise BadRow(
                self.env._(
                    "%(what)s “%(label)s” does not exist. Correct the cell, or create"
                    " it first.",
                    what=self.env["ir.model"]._get(model).name,
                    label=label,
                )
            )
        return found[:1]

    def _many(self, model, labels, fnames):
        parts = re.split("[,;、，；]", labels)
        return [
            self._one(model, part.strip(), fnames).id for part in parts if part.strip()
        ]

    def _resolve_country(self, _label, country):
        return country.id

    def _resolve_state(self, label, country):
        key = (country.id, label_key(label))
        states = self.named.setdefault("states", {})
        if country.id not in states:
            states[country.id] = {}
            domain = [("country_id", "=", country.id)]
            for state in self.env["res.country.state"].search(domain):
                states[country.id][label_key(state.code)] = state.id
                states[country.id][label_key(state.name)] = state.id
        # provinces are written in many ways: an unknown one is left out
        return states[country.id].get(key[1], False)

    def _resolve_user(self, label, _country):
        if self.users is None:
            self.users = {}
            # sudo: names of colleagues, which every employee sees on any record
            for user in self.env["res.users"].sudo().search([("share", "=", False)]):
                for text in (user.name, user.email, user.login):
                    self.users.setdefault(label_key(text), user.id)
        if label and label_key(label) not in self.users:
            raise BadRow(
                self.env._(
                    "There is no user “%(label)s”. Enter a name, login or mail address"
                    " of a salesperson.",
                    label=label,
                )
            )
        return self.users.get(label_key(label), False)

    def _resolve_industry(self, label, _country):
        return self._one("res.partner.industry", label, ("name", "full_name")).id

    def _resolve_roles(self, label, _country):
        return self._many("logistics.partner.role", label, ("name", "code"))

    def _resolve_services(self, label, _country):
        return self._many("logistics.service", label, ("name", "code"))

    def _resolve_stage(self, label, _country):
        return self._one("logistics.lifecycle.stage", label, ("name", "code")).id

    def _resolve_tier(self, label, _country):
        return self._one("logistics.value.tier", label, ("code", "name")).id

    def _resolve_scale(self, label, _country):
        return self._selection("res.partner", "logistics_scale", label)

    def _resolve_cooperation(self, label, _country):
        return self._selection("res.partner", "logistics_cooperation", label)

    def _resolve_unit(self, label, _country):
        unit = UNITS.get(label_key(label))
        return unit or self._selection("logistics.trade.lane", "volume_unit", label)

    def _selection(self, model, fname, label):
        if not label:
            return False
        options = self.env[model]._fields[fname]._description_selection(self.env)
        for value, shown in options:
            if label_key(label) in (label_key(value), label_key(shown)):
                return value
        raise BadRow(
            self.env._(
                "“%(label)s” is none of %(options)s.",
                label=label,
                options=", ".join(shown for _value, shown in options),
            )
        )

    def _resolve_location(self, label, _country):
        if label and not self.locations.get(label):
            raise BadRow(
                self.env._(
                    "%(label)s is not a known location, or several have this name."
                    " Enter its UN/LOCODE, or add it as an alias of a location.",
                    label=label,
                )
            )
        return self.locations[label].id if label else False

    def _resolve_container(self, label, _country):
        if label and not self.containers.get(label):
            raise BadRow(
                self.env._(
                    "%(label)s is not a known container type. Add it to the market"
                    " labels of a type.",
                    label=label,
                )
            )
        return self.containers[label].id if label else False

    def _resolve_mode(self, label, _country):
        return self._one("logistics.transport.mode", label, ("name", "code")).id

    def _resolve_incoterm(self, label, _country):
        return self._one("account.incoterms", label[:3], ("code",)).id

    def _resolve_commodity(self, label, _country):
        return self._one("logistics.commodity", label, ("code", "name")).id

    def _resolve_currency(self, label, _country):
        return self._one("res.currency", label, ("name", "symbol")).id
