from odoo import api, fields, models

from .logistics_incoterm_responsibility import STEPS

MATRIX = [
    ("seller", "Seller"),
    ("buyer", "Buyer"),
    ("seller_buyer", "Seller, risk: buyer"),
    ("buyer_seller", "Buyer, risk: seller"),
]


class AccountIncoterms(models.Model):
    """Who does what: the matrix of a rule in one line."""

    _inherit = "account.incoterms"

    logistics_sea_only = fields.Boolean(
        string="Sea Only",
        help="For sea and inland waterways only; do not use it for containers handed"
        " over at a terminal, air or road.",
    )
    logistics_named_place = fields.Selection(
        [
            ("premises", "Seller's premises"),
            ("place_of_delivery", "Place of delivery to the carrier"),
            ("port_of_shipment", "Port of shipment"),
            ("port_of_destination", "Port of destination"),
            ("place_of_destination", "Place of destination"),
        ],
        string="Named Place",
        help="Which place is written behind the code: FOB Shanghai.",
    )
    logistics_rule = fields.Char(string="Rule", compute="_compute_logistics_rule")
    logistics_responsibility_ids = fields.One2many(
        "logistics.incoterm.responsibility", "incoterm_id", string="Responsibilities"
    )
    logistics_packing = fields.Selection(
        MATRIX, string="Packing", compute="_compute_logistics_matrix"
    )
    logistics_loading = fields.Selection(
        MATRIX, string="Loading", compute="_compute_logistics_matrix"
    )
    logistics_export_customs = fields.Selection(
        MATRIX, string="Export Customs", compute="_compute_logistics_matrix"
    )
    logistics_origin_handling = fields.Selection(
        MATRIX, string="Origin Terminal", compute="_compute_logistics_matrix"
    )
    logistics_main_carriage = fields.Selection(
        MATRIX, string="Main Carriage", compute="_compute_logistics_matrix"
    )
    logistics_insurance = fields.Selection(
        MATRIX, string="Insurance", compute="_compute_logistics_matrix"
    )
    logistics_destination_handling = fields.Selection(
        MATRIX, string="Destination Terminal", compute="_compute_logistics_matrix"
    )
    logistics_import_customs = fields.Selection(
        MATRIX, string="Import Customs", compute="_compute_logistics_matrix"
    )
    logistics_delivery = fields.Selection(
        MATRIX, string="Delivery", compute="_compute_logistics_matrix"
    )
    logistics_unloading = fields.Selection(
        MATRIX, string="Unloading", compute="_compute_logistics_matrix"
    )

    @api.depends("logistics_named_place", "logistics_sea_only", "code")
    @api.depends_context("lang")
    def _compute_logistics_rule(self):
        field = self._fields["logistics_named_place"]
        places = dict(field._description_selection(self.env))
        for incoterm in self:
            place = places.get(incoterm.logistics_named_place)
            if not place:
                incoterm.logistics_rule = False
            elif incoterm.logistics_sea_only:
                incoterm.logistics_rule = self.env._(
                    "%(code)s and %(place)s; sea and inland waterways only",
                    code=incoterm.code,
                    place=place.lower(),
                )
            else:
                incoterm.logistics_rule = self.env._(
                    "%(code)s and %(place)s; any mode of transport",
                    code=incoterm.code,
                    place=place.lower(),
                )

    @api.depends(
        "logistics_responsibility_ids.payer", "logistics_responsibility_ids.risk_bearer"
    )
    def _compute_logistics_matrix(self):
        for incoterm in self:
            by_step = {
                row.step: row.payer
                if row.payer == row.risk_bearer
                else f"{row.payer}_{row.risk_bearer}"
                for row in incoterm.logistics_responsibility_ids
            }
            for step, _label in STEPS:
                incoterm[f"logistics_{step}"] = by_step.get(step, False)
