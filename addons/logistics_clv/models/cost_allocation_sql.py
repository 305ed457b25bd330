"""Set-based SQL of a cost run: count each driver once, allocate each pool once.

The steps, on two tables that live as long as the database session:

1. ``create_tables``, ``fill_first_orders``;
2. ``count_driver`` and ``count_formula``: one pass per driver, all clients;
3. ``allocate``: the twin of ``valuation.cost_allocation.allocate``, all clients.
"""

from odoo.tools import SQL

from ..valuation import driver_formula

DROP_TABLES = SQL(
    "DROP TABLE IF EXISTS logistics_cost_count, logistics_cost_first_order"
)
CREATE_TABLES = SQL(
    """
    CREATE TEMP TABLE logistics_cost_count (
        driver_id int, client_id int, quantity numeric, quantity_before numeric
    );
    CREATE TEMP TABLE logistics_cost_first_order (client_id int PRIMARY KEY, day date)
    """
)
ANALYZE_COUNTS = SQL("ANALYZE logistics_cost_count")


def fill_first_orders(company_id: int) -> SQL:
    """Note the first order day of each client: effort before it is acquisition.

    Sources: logistics_value_entry, sale_order, res_partner. Grain: client. Index:
    logistics_value_entry_facts_idx; one pass over the company's orders.
    """
    return SQL(
        """
        INSERT INTO logistics_cost_first_order (client_id, day)
        SELECT client_id, MIN(day)
          FROM (
                SELECT client_id, MIN(order_date) AS day
                  FROM logistics_value_entry
                 WHERE company_id = %(company_id)s AND client_id IS NOT NULL
                 GROUP BY client_id
                 UNION ALL
                SELECT partner.commercial_partner_id, MIN(sale.date_order)::date
                  FROM sale_order AS sale
                  JOIN res_partner AS partner ON partner.id = sale.partner_id
                 WHERE sale.company_id = %(company_id)s AND sale.state = 'sale'
                 GROUP BY partner.commercial_partner_id
               ) AS first
         GROUP BY client_id
        """,
        company_id=company_id,
    )


def count_driver(driver_id: int, events: SQL) -> SQL:
    """Count the events of a driver for all clients, and those before the first order.

    Source: the events (cost_driver_sql.py). Grain: client. The company's own partners
    are no clients; who has credited more than invoiced counts nothing.
    """
    return SQL(
        """
        INSERT INTO logistics_cost_count
        SELECT %(driver_id)s,
               event.client_id,
               SUM(event.quantity),
               GREATEST(COALESCE(SUM(event.quantity) FILTER (
                   WHERE first.day IS NULL OR event.day < first.day
               ), 0), 0)
          FROM (%(events)s) AS event
     LEFT JOIN logistics_cost_first_order AS first
            ON first.client_id = event.client_id
         WHERE event.client_id NOT IN (SELECT partner_id FROM res_company)
         GROUP BY event.client_id
        HAVING SUM(event.quantity) > 0
        """,
        driver_id=driver_id,
        events=events,
    )


def count_formula(driver_id: int, formula: str, drivers: dict) -> SQL:
    """Count a formula over drivers that are counted already.

    Source and target: logistics_cost_count. Grain: client.

    :param drivers: ids by code
    """
    node = driver_formula.parse(formula)
    codes = sorted(driver_formula.codes(node))
    columns = [
        SQL(
            "COALESCE(MAX(%(column)s) FILTER (WHERE driver_id = %(id)s), 0) "
            "AS %(name)s",
            column=SQL.identifier(column),
            id=drivers[code],
            name=SQL.identifier(prefix + code),
        )
        for code in codes
        for prefix, column in (("q_", "quantity"), ("b_", "quantity_before"))
    ]
    return SQL(
        """
        INSERT INTO logistics_cost_count
        SELECT %(driver_id)s, client_id, quantity,
               LEAST(GREATEST(quantity_before, 0), quantity)
          FROM (
                SELECT client_id,
                       (%(quantity)s)::numeric AS quantity,
                       (%(before)s)::numeric AS quantity_before
                  FROM (
                        SELECT client_id, %(columns)s
                          FROM logistics_cost_count
                         WHERE driver_id = ANY(%(driver_ids)s)
                         GROUP BY client_id
                       ) AS counted
               ) AS computed
         WHERE quantity > 0
        """,
        driver_id=driver_id,
        quantity=formula_to_sql(node, "q_"),
        before=formula_to_sql(node, "b_"),
        columns=SQL(", ").join(columns),
        driver_ids=[drivers[code] for code in codes],
    )


def totals_of_driver(driver_id: int) -> SQL:
    """Select what was counted of a driver: what the preview shows, largest first."""
    return SQL(
        """
        SELECT client_id, quantity
          FROM logistics_cost_count
         WHERE driver_id = %s
         ORDER BY quantity DESC, client_id
        """,
        driver_id,
    )


def formula_to_sql(node, prefix: str) -> SQL:
    """Write the tree of a formula as an expression over columns ``prefix + code``."""
    if isinstance(node, driver_formula.Number):
        return SQL("%s::numeric", str(node.value))
    if isinstance(node, driver_formula.Code):
        return SQL.identifier(prefix + node.name)
    operands = [formula_to_sql(operand, prefix) for operand in node.operands]
    if node.operator in FUNCTIONS:
        return SQL("%s(%s)", FUNCTIONS[node.operator], SQL(", ").join(operands))
    if node.operator == "/":
        return SQL("COALESCE(%s / NULLIF(%s, 0), 0)", *operands)
    return SQL("(%s %s %s)", operands[0], INFIX[node.operator], operands[1])


FUNCTIONS = {"min": SQL("LEAST"), "max": SQL("GREATEST")}
INFIX = {"+": SQL("+"), "-": SQL("-"), "*": SQL("*")}


def allocate(line: int, weights: dict, price: SQL, target: SQL, rounding: str) -> SQL:
    """Allocate a pool of a run to all clients, to the last unit of the currency.

    Sources: logistics_cost_count, logistics_cost_run_pool. Grain: client. The largest
    remainders get the units that lack, as in ``valuation.cost_allocation.apportion``.

    :param line: id of the pool in the run (logistics.cost.run.pool)
    :param weights: what a count of each driver weighs, by driver id
    :param price: what one unit of weight costs; may use ``total``, the weight of all
    :param target: what all parts together come to; may use ``exact_total``
    """
    return SQL(
        """
        WITH weight AS (
            SELECT *
              FROM unnest(%(driver_ids)s::int[], %(factors)s::numeric[])
                   AS weight(driver_id, factor)
        ),
        weighed AS (
            SELECT client_id,
                   SUM(quantity) FILTER (WHERE driver_id = %(driver_id)s) AS quantity,
                   SUM(quantity * factor) AS weight,
                   SUM(quantity_before * factor) AS weight_before
              FROM logistics_cost_count
              JOIN weight USING (driver_id)
             GROUP BY client_id
            HAVING SUM(quantity * factor) > 0
        ),
        totalled AS (
            SELECT *, SUM(weight) OVER () AS total FROM weighed
        ),
        exact AS (
            SELECT *,
                   (%(price)s) AS exact
              FROM totalled
        ),
        cut AS (
            SELECT *,
                   ROUND(exact / %(rounding)s, 10) AS units,
                   FLOOR(ROUND(exact / %(rounding)s, 10)) AS whole,
                   SUM(exact) OVER () AS exact_total
              FROM exact
        ),
        ranked AS (
            SELECT *,
                   ROUND(ROUND((%(target)s) / %(rounding)s, 10))
                   - SUM(whole) OVER () AS lacking,
                   ROW_NUMBER() OVER (ORDER BY units - whole DESC, client_id) AS rank
              FROM cut
        ),
        part AS (
            SELECT *,
                   (whole + (rank <= lacking)::int) * %(rounding)s AS amount,
                   ROUND(units) * %(rounding)s AS alone
              FROM ranked
        ),
        written AS (
            INSERT INTO logistics_cost_allocation (
                   run_pool_id, kind, company_id, period, client_id, quantity, minutes,
                   amount, acquisition_amount)
            SELECT line.id, line.kind, line.company_id, line.period, part.client_id,
                   COALESCE(part.quantity, 0),
                   CASE WHEN line.method = 'time' THEN part.weight ELSE 0 END,
                   part.amount,
                   CASE WHEN line.kind IN ('sales', 'marketing')
                        THEN ROUND(
                                 part.amount * LEAST(
                                     part.weight_before / part.weight, 1
                                 ) / %(rounding)s
                             ) * %(rounding)s
                        ELSE 0 END
              FROM part
              JOIN logistics_cost_run_pool AS line ON line.id = %(line)s
             ORDER BY part.client_id
         RETURNING amount, acquisition_amount
        )
        SELECT COUNT(*) AS client_count,
               COALESCE(SUM(quantity), 0) AS quantity,
               COALESCE(SUM(weight), 0) AS weight,
               COALESCE(SUM(amount), 0) AS allocated,
               COALESCE(SUM(amount) - SUM(alone), 0) AS rounding_remainder,
               (SELECT COALESCE(SUM(acquisition_amount), 0) FROM written)
               AS acquisition_amount
          FROM part
        """,
        line=line,
        driver_id=next(iter(weights)),
        driver_ids=list(weights),
        factors=[str(weight) for weight in weights.values()],
        price=price,
        target=target,
        rounding=SQL("%s::numeric", rounding),
    )
