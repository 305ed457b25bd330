from . import logistics_reference_mixin, logistics_seed_mixin

# isort: split
# models that inherit the mixins come after them
from . import (
    logistics_client_provider,
    logistics_commodity,
    logistics_container_type,
    logistics_key_date,
    logistics_lifecycle_history,
    logistics_lifecycle_scheme,
    logistics_lifecycle_stage,
    logistics_location,
    logistics_location_alias,
    logistics_partner_key,
    logistics_partner_role,
    logistics_service,
    logistics_trade_lane,
    logistics_trade_lane_booking,
    logistics_transport_mode,
    logistics_value_tier,
    logistics_vessel,
    logistics_vessel_alias,
    logistics_zone,
    product_template,
    res_partner,
    res_partner_duplicate,
    res_partner_completeness,
    res_partner_lifecycle,
    res_partner_preferences,
    res_partner_relations,
    sale_order,
)
