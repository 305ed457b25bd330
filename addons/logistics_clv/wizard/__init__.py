from . import base_partner_merge, logistics_value_reattribute
