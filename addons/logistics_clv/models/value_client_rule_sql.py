"""Set-based SQL of the rules: for whom invoices of agents and payers count."""

from odoo.tools import SQL

from .value_scope_sql import MOVE_TYPES


def ruled_moves(moves: SQL, also=(), without=()) -> SQL:
    """Select the moves that a rule decides on, with the rule and its client.

    Sources: account_move, logistics_value_client_rule, res_partner, sale order.
    Grain: move; those that no rule decides on are left out. The first rule counts
    that matches and whose client is known. For the one who ordered, ``client_id`` is
    NULL: each line keeps its own order's client. Index: the primary keys, and those
    of the relations; without any rule nothing is read at all.

    :param moves: selects the ids of the moves in question
    :param also: ids of rules that count as if they were applied, for a preview
    :param without: ids of rules that count as if they were not
    """
    applied = SQL(
        "(rule.active AND rule.state = 'applied' OR rule.id = ANY(%s))"
        " AND rule.id <> ALL(%s)",
        list(also),
        list(without),
    )
    return SQL(
        """
        SELECT move.id AS move_id,
               choice.rule_id,
               CASE WHEN choice.target <> 'ordering' THEN choice.client_id END
               AS client_id
          FROM account_move AS move
          JOIN res_company AS company ON company.id = move.company_id
     LEFT JOIN res_partner AS payer ON payer.id = move.commercial_partner_id
    CROSS JOIN LATERAL (
               SELECT rule.id AS rule_id, rule.target, (%(client)s) AS client_id
                 FROM logistics_value_client_rule AS rule
                 JOIN res_company AS owner ON owner.id = rule.company_id
                WHERE %(applied)s
                  AND company.parent_path LIKE owner.parent_path || '%%'
                  AND %(conditions)s
                  AND (%(client)s) IS NOT NULL
                ORDER BY rule.sequence, rule.id
                LIMIT 1
               ) AS choice
         WHERE EXISTS (SELECT 1 FROM logistics_value_client_rule AS rule
                        WHERE %(applied)s)
           AND move.id = ANY(ARRAY(%(moves)s))
           AND move.move_type IN %(move_types)s
        """,
        client=_target_client(),
        applied=applied,
        conditions=SQL(" AND ").join(_conditions()),
        moves=moves,
        move_types=MOVE_TYPES,
    )


def moves_of_rules(rule_ids) -> SQL:
    """Select the customer moves that match one of the rules (column ``id``).

    Sources: logistics_value_client_rule, account_move, res_partner, sale order.
    Grain: move. Index: account_move.partner_id where a rule names the partner, its
    roles or its tags; else a pass over the invoices of the company, once per change.
    """
    return SQL(
        """
        SELECT move.id
          FROM logistics_value_client_rule AS rule
          JOIN res_company AS owner ON owner.id = rule.company_id
          JOIN res_company AS company
            ON company.parent_path LIKE owner.parent_path || '%%'
          JOIN account_move AS move ON move.company_id = company.id
     LEFT JOIN res_partner AS payer ON payer.id = move.commercial_partner_id
         WHERE rule.id = ANY(%(rules)s)
           AND move.state = 'posted'
           AND move.move_type IN %(move_types)s
           AND %(conditions)s
           AND (
               NOT %(by_partner)s
               OR move.partner_id IN (
                   SELECT member.id
                     FROM res_partner AS named
                     JOIN res_partner AS member
                       ON member.commercial_partner_id = named.commercial_partner_id
                    WHERE named.id IN (%(named)s)
                   )
           )
        """,
        rules=list(rule_ids),
        move_types=MOVE_TYPES,
        conditions=SQL(" AND ").join(_conditions()),
        by_partner=SQL(
            """
            (rule.partner_id IS NOT NULL
             OR EXISTS (SELECT 1 FROM logistics_value_client_rule_role_rel AS wanted
                         WHERE wanted.rule_id = rule.id)
             OR EXISTS (SELECT 1 FROM logistics_value_client_rule_category_rel
                            AS wanted
                         WHERE wanted.rule_id = rule.id))
            """
        ),
        named=SQL(
            """
            SELECT rule.partner_id
             UNION ALL
            SELECT has.partner_id
              FROM logistics_value_client_rule_role_rel AS wanted
              JOIN logistics_partner_role_rel AS has ON has.role_id = wanted.role_id
             WHERE wanted.rule_id = rule.id
             UNION ALL
            SELECT has.partner_id
              FROM logistics_value_client_rule_category_rel AS wanted
              JOIN res_partner_res_partner_category_rel AS has
                ON has.category_id = wanted.category_id
             WHERE wanted.rule_id = rule.id
            """
        ),
    )


def order_clients(column: str = "partner_id") -> SQL:
    """Select the client of a move's first order: who ordered, ships or receives.

    Sources: account_move_line, sale_order_line_invoice_rel, sale_order. Grain: one
    client. Index: account_move_line.move_id. ``move`` is of the query around it.
    """
    return SQL(
        """
        SELECT partner.commercial_partner_id
          FROM account_move_line AS line
          JOIN sale_order_line_invoice_rel AS rel ON rel.invoice_line_id = line.id
          JOIN sale_order_line AS order_line ON order_line.id = rel.order_line_id
          JOIN sale_order AS sale ON sale.id = order_line.order_id
          JOIN res_partner AS partner ON partner.id = %s
         WHERE line.move_id = move.id
         ORDER BY sale.id
         LIMIT 1
        """,
        SQL.identifier("sale", column),
    )


def _target_client() -> SQL:
    """Select the client that a rule points to from a move; NULL when not known."""
    return SQL(
        """
        CASE rule.target
             WHEN 'ordering' THEN (%(ordering)s)
             WHEN 'shipper' THEN (%(shipper)s)
             WHEN 'consignee' THEN (%(consignee)s)
             WHEN 'delivery' THEN (
                  SELECT commercial_partner_id FROM res_partner
                   WHERE id = move.partner_shipping_id)
             WHEN 'parent' THEN (
                  SELECT commercial_partner_id FROM res_partner
                   WHERE id = payer.parent_id)
             WHEN 'client' THEN (
                  SELECT commercial_partner_id FROM res_partner
                   WHERE id = rule.client_id)
             END
        """,
        ordering=order_clients(),
        shipper=order_clients("logistics_shipper_id"),
        consignee=order_clients("logistics_consignee_id"),
    )


def _conditions() -> tuple[SQL, ...]:
    """Return what a ``rule`` asks of a ``move`` and its ``payer``; empty asks nothing.

    Roles and tags are those of the invoiced company or of its contact.
    """
    return (
        SQL(
            """(rule.partner_id IS NULL
                OR rule.partner_id IN (move.partner_id, move.commercial_partner_id))"""
        ),
        SQL("(rule.journal_id IS NULL OR rule.journal_id = move.journal_id)"),
        SQL(
            """(rule.order_partner_id IS NULL
                OR (SELECT commercial_partner_id FROM res_partner
                     WHERE id = rule.order_partner_id) = (%s))""",
            order_clients(),
        ),
        _has_one_of(
            "logistics_value_client_rule_role_rel",
            "logistics_partner_role_rel",
            "role_id",
        ),
        _has_one_of(
            "logistics_value_client_rule_category_rel",
            "res_partner_res_partner_category_rel",
            "category_id",
        ),
    )


def _has_one_of(wanted: str, relation: str, column: str) -> SQL:
    return SQL(
        """
        (NOT EXISTS (SELECT 1 FROM %(wanted)s AS wanted
                      WHERE wanted.rule_id = rule.id)
         OR EXISTS (SELECT 1 FROM %(wanted)s AS wanted
                      JOIN %(relation)s AS has ON has.%(column)s = wanted.%(column)s
                     WHERE wanted.rule_id = rule.id
                       AND has.partner_id
                           IN (move.partner_id, move.commercial_partner_id)))
        """,
        wanted=SQL.identifier(wanted),
        relation=SQL.identifier(relation),
        column=SQL.identifier(column),
    )
