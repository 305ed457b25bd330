from . import (
    base_partner_merge,
    base_partner_merge_tier,
    logistics_cost_driver_preview,
    logistics_cost_run_reverse,
    logistics_tier_override_wizard,
    logistics_tier_preview,
    logistics_tier_preview_line,
    logistics_value_reattribute,
    logistics_value_reattribute_line,
)
