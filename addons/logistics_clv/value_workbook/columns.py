"""The columns of the Clients sheet: which there are, and where they stand."""

from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` is that of the label and, but for the sums, of ``ClientLine``."""

    key: str
    kind: str
    width: int
    attribute: str = ""
    summed: bool = False


ALL = (
    Column("client", "text", 34, "name"),
    Column("reference", "text", 12),
    Column("salesperson", "text", 18),
    Column("segment", "text", 14),
    Column("tier", "text", 8),
    Column("stage", "text", 14),
    Column("band", "text", 13),
    Column("first_order", "date", 12),
    Column("last_order", "date", 12),
    Column("order_days", "integer", 10, summed=True),
    Column("revenue", "money", 18, summed=True),
    Column("direct_cost", "money", 18, summed=True),
    Column("cost_to_serve", "money", 18, summed=True),
    Column("contribution", "money", 18, summed=True),
    Column("p_alive", "percent", 11),
    Column("expected_orders", "quantity", 13),
    Column("expected_margin", "money", 18),
    Column("current_value", "money", 18, summed=True),
    Column("current_low", "money", 18),
    Column("current_high", "money", 18),
    Column("run_rate_value", "money", 18, summed=True),
    Column("total_value", "money", 18, summed=True),
    Column("potential", "money", 18, summed=True),
    Column("lifetime_value", "money", 18, summed=True),
)
# Columns that add up others of the same row, in this order.
SUMS = {
    "total_value": ("contribution", "current_value"),
    "lifetime_value": ("total_value", "potential"),
}


class Columns:
    """The columns that this workbook has, by key."""

    def __init__(self, absent: frozenset[str]) -> None:
        if "potential" in absent:
            absent |= {"lifetime_value"}
        self.all = tuple(column for column in ALL if column.key not in absent)
        self.place = {column.key: index for index, column in enumerate(self.all)}
        self.summed = tuple(column.key for column in self.all if column.summed)

    def __contains__(self, key: str) -> bool:
        return key in self.place

    def letter(self, key: str) -> str:
        return xl_col_to_name(self.place[key])
