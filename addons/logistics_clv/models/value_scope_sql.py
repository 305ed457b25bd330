"""What the value ledger looks at: which documents, and which kinds of accounts."""

INCOME_TYPES = ("income", "income_other")
MOVE_TYPES = ("out_invoice", "out_refund")
