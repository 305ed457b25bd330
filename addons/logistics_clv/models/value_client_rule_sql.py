"""Set-based SQL of the rules: for whom invoices of agents and payers count."""

from dataclasses import dataclass

from odoo.tools import SQL

from .value_scope_sql import MOVE_TYPES

ROLE_TABLES = (
    "logistics_value_client_rule_role_rel",
    "logistics_partner_role_rel",
    "role_id",
)
TAG_TABLES = (
    "logistics_value_client_rule_category_rel",
    "res_partner_res_partner_category_rel",
    "category_id",
)


@dataclass(frozen=True)
class RuleTerms:
    """What one rule asks of an invoice; what is empty asks nothing."""

    company_ids: tuple[int, ...]
    partner_id: int | None = None
    role_ids: tuple[int, ...] = ()
    tag_ids: tuple[int, ...] = ()
    journal_id: int | None = None
    order_client_id: int | None = None


def ruled_moves(moves: SQL, also=(), without=()) -> SQL:
    """Select the moves that a rule decides on, with the rule and its client.

    Sources: account_move, logistics_value_client_rule, res_partner, sale order.
    Grain: move; those that no rule decides on are left out. The first rule counts
    that matches and whose client is known. For the one who ordered, ``client_id`` is
    NULL: each line keeps its own order's client. Index: the primary keys, and those
    of the relations; without any rule nothing is read at all. The rules are read once,
    and the client that one points to is looked up only where its conditions hold.

    :param moves: selects the ids of the moves in question
    :param also: ids of rules that count as if they were applied, for a preview
    :param without: ids of rules that count as if they were not
    """
    return SQL(
        """
        WITH applied AS MATERIALIZED (%(applied)s)
        SELECT move.id AS move_id,
               choice.rule_id,
               CASE WHEN choice.target <> 'ordering' THEN choice.client_id END
               AS client_id
          FROM account_move AS move
          JOIN res_company AS company ON company.id = move.company_id
     LEFT JOIN res_partner AS payer ON payer.id = move.commercial_partner_id
    CROSS JOIN LATERAL (
               SELECT rule.id AS rule_id, rule.target, pointed.client_id
                 FROM applied AS rule
           CROSS JOIN LATERAL (SELECT (%(client)s) AS client_id OFFSET 0) AS pointed
                WHERE company.parent_path LIKE rule.parent_path || '%%'
                  AND %(conditions)s
                  AND pointed.client_id IS NOT NULL
                ORDER BY rule.sequence, rule.id
                LIMIT 1
               ) AS choice
         WHERE EXISTS (SELECT 1 FROM applied)
           AND move.id = ANY(ARRAY(%(moves)s))
           AND move.move_type IN %(move_types)s
        """,
        client=_target_client(),
        applied=_applied_rules(also, without),
        conditions=SQL(" AND ").join(_conditions()),
        moves=moves,
        move_types=MOVE_TYPES,
    )


def _applied_rules(also, without) -> SQL:
    """Select the rules that count, with what they ask for."""
    return SQL(
        """
        SELECT rule.*,
               owner.parent_path,
               ordering.commercial_partner_id AS order_client_id,
               fixed.commercial_partner_id AS fixed_client_id,
               %(asks_role)s AS asks_role,
               %(asks_tag)s AS asks_tag
          FROM logistics_value_client_rule AS rule
          JOIN res_company AS owner ON owner.id = rule.company_id
     LEFT JOIN res_partner AS ordering ON ordering.id = rule.order_partner_id
     LEFT JOIN res_partner AS fixed ON fixed.id = rule.client_id
         WHERE (rule.active AND rule.state = 'applied' OR rule.id = ANY(%(also)s))
           AND rule.id <> ALL(%(without)s)
        """,
        asks_role=_asks(ROLE_TABLES),
        asks_tag=_asks(TAG_TABLES),
        also=list(also),
        without=list(without),
    )


def moves_of_rules(rules: list[RuleTerms]) -> SQL:
    """Select the posted customer moves that match one of the rules (column ``id``).

    Sources: account_move, res_partner, sale order. Grain: move. Each rule has a
    select of its own, whose conditions are those that it asks for. Index:
    account_move.partner_id over res_partner.commercial_partner_id,
    account_move.journal_id, sale_order.partner_id.
    """
    return SQL(" UNION ").join(_moves_of_rule(rule) for rule in rules)


def _moves_of_rule(rule: RuleTerms) -> SQL:
    payers = []
    if rule.partner_id:
        payers.append(SQL("SELECT %s::int AS id", rule.partner_id))
    for (__, relation, column), keys in (
        (ROLE_TABLES, rule.role_ids),
        (TAG_TABLES, rule.tag_ids),
    ):
        if keys:
            payers.append(
                SQL(
                    "SELECT partner_id AS id FROM %s WHERE %s = ANY(%s)",
                    SQL.identifier(relation),
                    SQL.identifier(column),
                    list(keys),
                )
            )
    conditions = [_is_paid_by(payer) for payer in payers]
    if rule.journal_id:
        conditions.append(SQL("move.journal_id = %s", rule.journal_id))
    if rule.order_client_id:
        conditions.append(_is_ordered_by(rule.order_client_id))
    return SQL(
        """
        SELECT move.id
          FROM account_move AS move
         WHERE move.state = 'posted'
           AND move.move_type IN %(move_types)s
           AND move.company_id = ANY(%(companies)s)
           AND %(conditions)s
        """,
        move_types=MOVE_TYPES,
        companies=list(rule.company_ids),
        conditions=SQL(" AND ").join(conditions or [SQL("TRUE")]),
    )


def _is_paid_by(partners: SQL) -> SQL:
    """Return the condition that ``move`` is for one of the partners, or its contact.

    ``commercial_partner_id`` of a move has no index: its contacts lead there.
    """
    return SQL(
        """
        move.partner_id IN (
            SELECT member.id
              FROM res_partner AS named
              JOIN res_partner AS member
                ON member.commercial_partner_id = named.commercial_partner_id
             WHERE named.id IN (%(partners)s)
        )
        AND (move.partner_id IN (%(partners)s)
             OR move.commercial_partner_id IN (%(partners)s))
        """,
        partners=partners,
    )


def _is_ordered_by(client_id: int) -> SQL:
    """Return the condition that the first order of ``move`` is of the client."""
    return SQL(
        """
        move.id IN (
            SELECT line.move_id
              FROM res_partner AS member
              JOIN sale_order AS sale ON sale.partner_id = member.id
              JOIN sale_order_line AS order_line ON order_line.order_id = sale.id
              JOIN sale_order_line_invoice_rel AS rel
                ON rel.order_line_id = order_line.id
              JOIN account_move_line AS line ON line.id = rel.invoice_line_id
             WHERE member.commercial_partner_id = %(client)s
        )
        AND (%(first)s) = %(client)s
        """,
        client=client_id,
        first=order_clients(),
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
             WHEN 'client' THEN rule.fixed_client_id
             END
        """,
        ordering=order_clients(),
        shipper=order_clients("logistics_shipper_id"),
        consignee=order_clients("logistics_consignee_id"),
    )


def _conditions() -> tuple[SQL, ...]:
    """Return what an applied ``rule`` asks of a ``move``; empty asks nothing.

    Roles and tags are those of the invoiced company or of its contact. The same as
    ``_moves_of_rule`` asks, for moves that are given.
    """
    return (
        SQL(
            """(rule.partner_id IS NULL
                OR rule.partner_id IN (move.partner_id, move.commercial_partner_id))"""
        ),
        SQL("(rule.journal_id IS NULL OR rule.journal_id = move.journal_id)"),
        SQL(
            "(rule.order_partner_id IS NULL OR rule.order_client_id = (%s))",
            order_clients(),
        ),
        SQL("(NOT rule.asks_role OR %s)", _has_one_of(ROLE_TABLES)),
        SQL("(NOT rule.asks_tag OR %s)", _has_one_of(TAG_TABLES)),
    )


def _asks(tables: tuple[str, str, str]) -> SQL:
    return SQL(
        "EXISTS (SELECT 1 FROM %s AS wanted WHERE wanted.rule_id = rule.id)",
        SQL.identifier(tables[0]),
    )


def _has_one_of(tables: tuple[str, str, str]) -> SQL:
    wanted, relation, column = map(SQL.identifier, tables)
    return SQL(
        """
        EXISTS (SELECT 1 FROM %(wanted)s AS wanted
                  JOIN %(relation)s AS has ON has.%(column)s = wanted.%(column)s
                 WHERE wanted.rule_id = rule.id
                   AND has.partner_id IN (move.partner_id, move.commercial_partner_id))
        """,
        wanted=wanted,
        relation=relation,
        column=column,
    )
