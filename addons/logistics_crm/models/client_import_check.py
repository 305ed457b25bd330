"""What a batch of rows would do: find the records that are meant, and compare."""

from odoo.fields import Command
from odoo.tools import html2plaintext, split_every

from ..client_import import KEY_FIELDS, Kind
from ..data_quality import (
    normalise_name,
    normalise_phone,
    normalise_tax_number,
)
from ..sheet_files import column_letter
from .client_import_lookup import BadRow, Lookup

STRONG = {"vat", "name"}
X2MANY = ("logistics_role_ids", "logistics_service_needed_ids")
LANE_KEY = ("origin_id", "destination_id", "mode_id", "container_type_id")


class ClientImportCheck:
    """Checks staged lines; knows the clients of the whole file by their keys."""

    def __init__(self, client_import):
        self.client_import = client_import
        self.env = client_import.env
        self.lookup = Lookup(self.env)
        self.line_by_key = self._load_file_keys()
        self.letters = {
            (column.sheet_id.name, column.target.partition(".")[2]): column_letter(
                column.position + 1
            )
            for column in client_import.sheet_ids.column_ids
            if column.target
        }

    def check(self, lines):
        self.lookup.load_batch([line.values for line in lines])
        for kind in Kind:
            of_kind = [line for line in lines if line.kind == kind]
            if not of_kind:
                continue
            rows = []
            for line in of_kind:
                try:
                    values, country_code = self.lookup.resolve(kind, line.values)
                except BadRow as problem:
                    line.write(
                        {
                            "status": "error",
                            "message": str(problem),
                            "column": self.letters.get((line.sheet, problem.fname)),
                        }
                    )
                else:
                    rows.append((line, values, country_code))
            getattr(self, f"_check_{kind}s")(rows)

    # customers

    def _check_customers(self, rows):
        by_ref = self._find_by_ref([values.get("ref") for _l, values, _c in rows])
        candidates = self._find_duplicates(
            [{**values, "country_code": code} for _line, values, code in rows]
        )
        ids = {found["partner_id"] for match in candidates for found in match}
        self.env["res.partner"].browse(ids).fetch(["name", "active"])
        for (line, values, code), found in zip(rows, candidates, strict=True):
            keys = self._keys(values, code)
            twins = [self.line_by_key[key] for key in keys if key in self.line_by_key]
            if twins:
                message = self.env._(
                    "Row %(row)s of %(sheet)s is the same client: delete one of the"
                    " two.",
                    row=twins[0][2],
                    sheet=twins[0][1],
                )
                line.write({"status": "error", "message": message})
                continue
            for key in keys:
                self.line_by_key[key] = (line.id, line.sheet, line.row)
            vals = {"values": values, "client_line_id": False}
            partner = by_ref.get(values.get("ref"))
            if partner:
                changed = self._changes(partner, values)
                status = "update" if changed else "unchanged"
            elif match := self._strong_match(found, values):
                partner = match[0]
                if self._changes(partner, values):
                    status = "duplicate"
                    vals["message"] = self.env._(
                        "Looks like %(client)s: %(reasons)s. Choose what to do.",
                        client=partner.display_name,
                        reasons=", ".join(
                            self.env["res.partner"]._get_logistics_duplicate_labels()[
                                reason
                            ]
                            for reason in match[1]
                        ),
                    )
                else:
                    status = "unchanged"
            else:
                status = "new"
            vals.update(status=status, partner_id=partner.id if partner else False)
            line.write(vals)

    def _strong_match(self, found, values):
        """Return (partner, reasons) of who has the tax number or the name."""
        for match in found:
            partner = self.env["res.partner"].browse(match["partner_id"])
            refs = {ref for ref in (partner.ref, values.get("ref")) if ref}
            if STRONG & set(match["reasons"]) and len(refs) < 2:
                return partner, match["reasons"]
        return None

    def _find_duplicates(self, values_list):
        fnames = ("name", "vat", "phone", "email", "website", "country_code")
        return self.env["res.partner"]._find_logistics_duplicates(
            [
                {name: values[name] for name in fnames if values.get(name)}
                for values in values_list
            ]
        )

    def _find_by_ref(self, refs):
        refs = [ref for ref in refs if ref]
        if not refs:
            return {}
        partners = self.env["res.partner"].search(
            [
                ("ref", "in", refs),
                ("parent_id", "=", False),
                ("company_id", "in", [False, self.client_import.company_id.id]),
            ],
            order="id desc",
        )
        return {partner.ref: partner for partner in partners}

    def _changes(self, partner, values):
        """Return what differs; an empty cell never empties a field."""
        changes = {}
        for name, value in values.items():
            if value in (False, "", None, []) or name in KEY_FIELDS:
                continue
            if not self._is_same(partner, name, value):
                changes[name] = value
        return changes

    def _is_same(self, record, name, value):
        current = record[name]
        field = record._fields[name]
        if field.type == "many2one":
            return current.id == value
        if name in X2MANY:
            return set(value) <= set(current.ids)
        if field.type == "html":
            return html2plaintext(current or "").strip() == value
        if field.type in ("float", "monetary"):
            return abs(current - value) < 0.005
        if field.type == "date":
            return bool(current) and current.isoformat() == value
        if name == "phone":
            code = record.country_id.code
            return (normalise_phone(current, code) or current) == value
        if name == "vat":
            code = record.country_id.code
            return normalise_tax_number(current, code).value == value
        if name == "website":
            return (current or "").partition("://")[2] == value.rpartition("://")[2]
        return (current or "") == value

    # contacts

    def _check_contacts(self, rows):
        clients = self._find_clients(rows)
        partners = self.env["res.partner"].browse(
            {c[0].id for c in clients if c and c[0]}
        )
        contacts = {}
        for contact in self.env["res.partner"].search(
            [("parent_id", "in", partners.ids), ("type", "=", "contact")]
        ):
            for key in (contact.email, normalise_name(contact.name)):
                if key:
                    contacts.setdefault((contact.parent_id.id, key.lower()), contact)
        for (line, values, _code), client in zip(rows, clients, strict=True):
            if not client:
                continue
            partner, line_id = client
            vals = {"values": values, "client_line_id": line_id, "status": "new"}
            if partner:
                contact = next(
                    (
                        contacts[partner.id, key.lower()]
                        for key in (values.get("email"), normalise_name(values["name"]))
                        if key and (partner.id, key.lower()) in contacts
                    ),
                    None,
                )
                vals["values"] = {**values, "parent_id": partner.id}
                if contact:
                    changed = self._changes(contact, values)
                    vals["status"] = "update" if changed else "unchanged"
                    vals["partner_id"] = contact.id
            line.write(vals)

    # lanes

    def _check_lanes(self, rows):
        clients = self._find_clients(rows)
        partners = self.env["res.partner"].browse(
            {c[0].id for c in clients if c and c[0]}
        )
        lanes = {
            (lane.partner_id.id, *(lane[name].id or False for name in LANE_KEY)): lane
            for lane in self.env["logistics.trade.lane"].search(
                [("partner_id", "in", partners.ids)]
            )
        }
        for (line, values, _code), client in zip(rows, clients, strict=True):
            if not client:
                continue
            partner, line_id = client
            vals = {"values": values, "client_line_id": line_id, "status": "new"}
            if partner:
                key = (partner.id, *(values.get(name) or False for name in LANE_KEY))
                vals["values"] = {**values, "partner_id": partner.id}
                if lane := lanes.get(key):
                    changed = self._changes(lane, values)
                    vals["status"] = "update" if changed else "unchanged"
                    vals["lane_id"] = lane.id
            line.write(vals)

    # the client of a contact or a lane

    def _find_clients(self, rows):
        """Return for each row (partner, id of its line) of its client, or None.

        The file comes before the database: a client may be new with this file.
        """
        found = []
        outside = []
        Line = self.env["logistics.client.import.line"]
        for position, (_line, values, code) in enumerate(rows):
            own = {
                "ref": values.get("client_ref"),
                "vat": values.get("client_vat"),
                "name": values.get("client_name"),
            }
            key = next(
                (k for k in self._keys(own, code, wide=True) if k in self.line_by_key),
                None,
            )
            if key:
                client_line = Line.browse(self.line_by_key[key][0])
                known = client_line.status in ("update", "unchanged", "duplicate")
                partner = client_line.partner_id if known else None
                found.append((partner, client_line.id))
            else:
                found.append(None)
                outside.append((position, own, code))
        by_ref = self._find_by_ref([own["ref"] for _p, own, _c in outside])
        searched = [
            (position, {"vat": own["vat"], "name": own["name"], "country_code": code})
            for position, own, code in outside
            if own["ref"] not in by_ref
        ]
        matches = self._find_duplicates([values for _position, values in searched])
        by_position = {
            position: [
                self.env["res.partner"].browse(match["partner_id"])
                for match in match_list
                if ("vat" if values["vat"] else "name") in match["reasons"]
                and match["active"]
            ]
            for (position, values), match_list in zip(searched, matches, strict=True)
        }
        for position, own, _code in outside:
            partners = by_position.get(position) or [
                by_ref[own["ref"]] for _one in (1,) if own["ref"] in by_ref
            ]
            if len(partners) == 1:
                found[position] = (partners[0], False)
                continue
            name = own["name"] or own["ref"] or own["vat"]
            message = (
                self.env._(
                    "Several clients are called %(name)s. Give the customer number.",
                    name=name,
                )
                if partners
                else self.env._(
                    "There is no client %(name)s. Import it first, or correct the"
                    " cell.",
                    name=name,
                )
            )
            rows[position][0].write({"status": "error", "message": message})
        return found

    def _keys(self, values, country_code, *, wide=False):
        """Return the keys by which a row of the file is known.

        The name alone counts only between rows without a number: branches of one name
        are told apart by theirs. `wide` looks for a client by any of them.
        """
        ref, vat = values.get("ref"), values.get("vat")
        keys = []
        if ref:
            keys.append(("ref", ref))
        if vat:
            keys.append(("vat", vat))
        if values.get("name") and (wide or not (ref or vat)):
            keys.append(("name", normalise_name(values["name"])))
        return keys

    def _load_file_keys(self):
        """Return {key: (line id, sheet, row)} of customers checked so far."""
        lines = self.env["logistics.client.import.line"].search_fetch(
            [
                ("import_id", "=", self.client_import.id),
                ("kind", "=", "customer"),
                ("status", "not in", ("staged", "error")),
            ],
            ["values", "sheet", "row"],
        )
        keys = {}
        for batch in split_every(1000, lines.ids, lines.browse):
            for line in batch:
                for key in self._keys(line.values, "", wide=True):
                    keys.setdefault(key, (line.id, line.sheet, line.row))
            batch.invalidate_recordset()
        return keys


def orm_values(values):
    """Return the values of a line as create() and write() take them."""
    result = {}
    for name, value in values.items():
        if name in KEY_FIELDS:
            continue
        if name in X2MANY:
            value = [Command.link(id_) for id_ in value]
        result[name] = value
    return result
