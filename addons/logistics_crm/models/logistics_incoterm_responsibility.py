import csv

from odoo import api, fields, models
from odoo.tools import file_open

MATRIX = "logistics_crm/data/incoterm_matrix.csv"
STEPS = [
    ("packing", "Export Packing"),
    ("loading", "Loading at Origin"),
    ("export_customs", "Export Customs"),
    ("origin_handling", "Origin Terminal Handling"),
    ("main_carriage", "Main Carriage"),
    ("insurance", "Insurance"),
    ("destination_handling", "Destination Terminal Handling"),
    ("import_customs", "Import Customs"),
    ("delivery", "Delivery"),
    ("unloading", "Unloading"),
]
# section of a quotation in which the step is charged; packing is not ours to charge
SECTION_BY_STEP = {
    "loading": "origin",
    "export_customs": "customs",
    "origin_handling": "origin",
    "main_carriage": "main",
    "insurance": "insurance",
    "destination_handling": "destination",
    "import_customs": "customs",
    "delivery": "destination",
    "unloading": "destination",
}
SIDES = {"S": "seller", "B": "buyer"}


class LogisticsIncotermResponsibility(models.Model):
    """Who pays for a step of the carriage under an Incoterm, and who bears its risk."""

    _name = "logistics.incoterm.responsibility"
    _description = "Incoterm Responsibility"
    _order = "incoterm_id, sequence, id"
    _rec_name = "step"

    incoterm_id = fields.Many2one(
        "account.incoterms", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(compute="_compute_sequence", store=True, precompute=True)
    step = fields.Selection(STEPS, required=True)
    payer = fields.Selection(
        [("seller", "Seller"), ("buyer", "Buyer")], string="Paid by", required=True
    )
    risk_bearer = fields.Selection(
        [("seller", "Seller"), ("buyer", "Buyer")],
        string="At the Risk of",
        required=True,
    )
    note = fields.Char(translate=True, help="What was agreed otherwise in your trade.")

    _step_uniq = models.Constraint(
        "UNIQUE (incoterm_id, step)", "This Incoterm has this step already."
    )

    @api.depends("step")
    def _compute_sequence(self):
        order = {step: place for place, (step, _label) in enumerate(STEPS)}
        for responsibility in self:
            responsibility.sequence = order.get(responsibility.step, len(order))

    @api.model
    def _get_charged_sections(self, incoterm, side):
        """Return the sections of a quotation that one side of the sale pays for.

        A section of which each side pays a part, as customs, is among those of both.
        Without an Incoterm, or for one without a matrix, it is every section.

        :param incoterm: record of account.incoterms, may be empty
        :param side: "seller" or "buyer"
        :return: list of section codes in the order of the carriage
        """
        steps = self._get_charged_steps(incoterm, side)
        sections = (SECTION_BY_STEP[step] for step in steps if step in SECTION_BY_STEP)
        return list(dict.fromkeys(sections))

    @api.model
    def _get_charged_steps(self, incoterm, side):
        """Return the steps that one side pays for, in their order."""
        rows = self.search([("incoterm_id", "in", incoterm.ids)], order="sequence")
        if not rows:
            return [step for step, _label in STEPS]
        return rows.filtered(lambda row: row.payer == side).mapped("step")

    @api.model
    def _seed(self):
        """Give the Incoterms 2020 their matrix, those that the database still has.

        By code and not by reference: accountants may have deleted or replaced the
        records that Odoo ships. What somebody has changed stays.
        """
        with file_open(MATRIX) as file:
            matrix = {row.pop("code"): row for row in csv.DictReader(file)}
        incoterms = (
            self.env["account.incoterms"]
            .with_context(active_test=False)
            .search([("code", "in", list(matrix))])
        )
        filled = self.search([("incoterm_id", "in", incoterms.ids)]).incoterm_id
        seeds = []
        for incoterm in incoterms - filled:
            row = matrix[incoterm.code]
            incoterm.write(
                {
                    "logistics_sea_only": row["sea_only"] == "1",
                    "logistics_named_place": row["named_place"],
                }
            )
            seeds += [
                self._prepare_seed(incoterm, step, row[step]) for step, _label in STEPS
            ]
        self.create(seeds)

    @api.model
    def _prepare_seed(self, incoterm, step, sides):
        """:param sides: letters of who pays and who bears the risk, "SB"."""
        return {
            "incoterm_id": incoterm.id,
            "step": step,
            "payer": SIDES[sides[0]],
            "risk_bearer": SIDES[sides[1]],
        }
