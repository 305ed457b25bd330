from . import (
    test_buy_price_secrecy,
    test_choose_option,
    test_disbursement,
    test_find_rates,
    test_freight_quote_report,
    test_freight_tour,
    test_lane_booking,
    test_rate_contract,
    test_rate_import,
    test_rate_search,
    test_rated_lines,
    test_roles,
)
