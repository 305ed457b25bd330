from . import logistics_value_reattribute
