from odoo import models


class LogisticsValueResult(models.AbstractModel):
    """Results that nobody enters: read-only in forms, imports and calls alike.

    ``readonly`` on a field binds the web client only. Here it binds every user; the
    addon's own code writes such fields as superuser.
    """

    _name = "logistics.value.result"
    _description = "Client value: record of results"

    def _has_field_access(self, field, operation):
        if operation == "write" and field.readonly and not self.env.su:
            return False
        return super()._has_field_access(field, operation)
