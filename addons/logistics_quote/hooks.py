"""Keep what an existing database shows to its users.

`logistics_quote` hides the cost and margin fields of `sale_margin` behind a group.
Where `sale_margin` was in use before, everybody goes on seeing them until an
administrator decides otherwise in the sales settings.
"""

MARGIN_WAS_VISIBLE = "logistics_quote.margin_was_visible"


def pre_init_hook(env):
    # Modules that this very run installs or updates are listed in the registry:
    # one that is not among them was there before, with its users.
    if "sale_margin" not in env.registry.updated_modules:
        env["ir.config_parameter"].set_param(MARGIN_WAS_VISIBLE, "1")


def post_init_hook(env):
    parameters = env["ir.config_parameter"]
    if parameters.get_param(MARGIN_WAS_VISIBLE):
        env.ref("base.group_user")._apply_group(
            env.ref("logistics_quote.group_buy_price")
        )
        parameters.search([("key", "=", MARGIN_WAS_VISIBLE)]).unlink()
