from odoo import models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Hide Client Value from those whom no company lets see their own clients."""
        hidden = super()._load_menus_blacklist()
        user = self.env.user
        menu = self.env.ref("logistics_clv.menu_client_value", raise_if_not_found=False)
        if (
            menu
            and not user.has_group("logistics_clv.group_value_reader")
            # settings of companies: no secret, and not readable for every user
            and not any(user.company_ids.sudo().mapped("logistics_value_own_clients"))
        ):
            hidden.append(menu.id)
        return hidden
