from . import (
    base_partner_merge_care,
    logistics_hand_over_wizard,
    logistics_hand_over_wizard_line,
    logistics_hand_over_wizard_region,
    logistics_lifecycle_hold,
    logistics_lifecycle_loss,
    logistics_lifecycle_move,
)
