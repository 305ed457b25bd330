from . import (
    test_client_tour,
    test_duplicates,
    test_lifecycle,
    test_location,
    test_partner_profile,
    test_query_counts,
    test_reference_data,
    test_sale_order,
    test_trade_lane,
    test_vessel,
)
