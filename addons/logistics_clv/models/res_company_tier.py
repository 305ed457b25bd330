from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    logistics_tiers_automatic = fields.Boolean(
        "Automatic Tiers",
        help="After each valuation the clients get their tier by the tier rule in use. "
        "Playbooks, service levels and margin rules follow it.",
    )
    logistics_snapshots_monthly = fields.Boolean(
        "Monthly Snapshots",
        default=True,
        help="In the first days of a month the values of all clients are kept as the "
        "snapshot of the month before.",
    )
    logistics_snapshots_kept = fields.Integer(
        "Months of Snapshots Kept",
        default=60,
        help="Older snapshots are deleted; 0 keeps all of them.",
    )

    _check_logistics_snapshots_kept = models.Constraint(
        "CHECK (logistics_snapshots_kept >= 0)",
        "The number of months of snapshots is 0 (all) or more.",
    )
