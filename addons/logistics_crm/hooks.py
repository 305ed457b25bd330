def post_init_hook(env):
    """Leave locations, aliases and commodities to the user.

    CSV files know no noupdate: without this, an update of the addon would take back
    every name or alias that somebody has corrected. New rows still arrive.
    """
    env["ir.model.data"].search(
        [
            ("module", "=", "logistics_crm"),
            (
                "model",
                "in",
                (
                    "logistics.location",
                    "logistics.location.alias",
                    "logistics.commodity",
                ),
            ),
        ]
    ).noupdate = True
