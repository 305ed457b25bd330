from . import (
    test_cost_run,
    test_account_move,
    test_value_access,
    test_value_attribution,
    test_value_client_rule,
    test_value_ledger,
    test_value_own_clients,
    test_value_reconciliation,
    test_value_refresh,
    test_value_run,
    test_value_tour,
    test_value_workbook,
)
