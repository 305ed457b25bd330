"""Set-based SQL of the lifecycle's decisions: who is due, and what becomes of them."""

from odoo.tools import SQL

# What the rules need of one client, in the order in which it is unpacked.
_CLIENT_COLUMNS = SQL(
    """
    measure.id, measure.partner_id, partner.logistics_stage_id,
    measure.candidate_stage_id, measure.candidate_runs,
    partner.logistics_stage_hold_until,
    measure.first_order, measure.last_order, measure.order_count,
    measure.order_days, measure.orders_90, measure.previous_90,
    measure.orders_365, measure.previous_365, measure.shipments_90,
    measure.shipments_365, measure.contribution_365, measure.open_cases,
    measure.overdue_since, measure.overdue_amount, measure.checked_on
    """
)


def take_due(today, size: int, client_ids=None, after=0, everybody=False) -> SQL:
    """Lock and return some clients that rules must look at, with all they need.

    Table: logistics_client_measure by key from where the run is, so that no batch
    looks at those before it again. Two workers never take the same.
    """
    if client_ids is not None:
        due = SQL("measure.partner_id = ANY(%s)", list(client_ids))
    elif everybody:
        due = SQL("measure.id > %s", after)
    else:
        due = SQL(
            "measure.id > %s AND (measure.is_due OR measure.next_check <= %s)",
            after,
            today,
        )
    return SQL(
        """
        SELECT %(columns)s
          FROM logistics_client_measure AS measure
          JOIN res_partner AS partner ON partner.id = measure.partner_id
         WHERE partner.active AND %(due)s
         ORDER BY measure.id
         LIMIT %(size)s
           FOR UPDATE OF measure SKIP LOCKED
        """,
        columns=_CLIENT_COLUMNS,
        due=due,
        size=size,
    )


def measured_clients(stage_ids, is_default: bool, after: int, size: int) -> SQL:
    """Select the clients of a scheme with what rules need, in the order of their key.

    Tables: logistics_client_measure by key, res_partner. Clients without a stage belong
    to the default scheme.
    """
    return SQL(
        """
        SELECT %(columns)s
          FROM logistics_client_measure AS measure
          JOIN res_partner AS partner ON partner.id = measure.partner_id
         WHERE partner.active
           AND measure.id > %(after)s
           AND (partner.logistics_stage_id = ANY(%(stages)s)
                OR (%(is_default)s AND partner.logistics_stage_id IS NULL))
         ORDER BY measure.id
         LIMIT %(size)s
        """,
        columns=_CLIENT_COLUMNS,
        after=after,
        stages=list(stage_ids),
        is_default=is_default,
        size=size,
    )


def write_preview(draft_id: int, moves) -> SQL:
    """Insert the clients that would move; (client, old stage, new stage, facts)."""
    clients, old, new, facts = zip(*moves, strict=True)
    return SQL(
        """
        INSERT INTO logistics_lifecycle_draft_line (
            draft_id, partner_id, from_stage_id, to_stage_id, facts)
        SELECT %s, move.*
          FROM UNNEST(%s::int[], %s::int[], %s::int[], %s::jsonb[]) AS move
        """,
        draft_id,
        list(clients),
        list(old),
        list(new),
        list(facts),
    )


def write_decisions(rows, today) -> SQL:
    """Write what the rules have found; the clients are no longer due.

    Table: logistics_client_measure by key; rows that stay as they are are not touched.

    :param rows: (id, candidate stage, runs, next check), by client measure
    """
    ids, candidates, runs, checks = zip(*rows, strict=True)
    return SQL(
        """
        UPDATE logistics_client_measure AS measure
           SET is_due = FALSE,
               checked_on = fresh.checked_on,
               candidate_stage_id = fresh.candidate,
               candidate_runs = fresh.runs,
               next_check = fresh.next_check
          FROM (
               SELECT *, CASE WHEN candidate IS NOT NULL THEN %(today)s::date END
                         AS checked_on
                 FROM UNNEST(%(ids)s::int[], %(candidates)s::int[], %(runs)s::int[],
                             %(checks)s::date[])
                      AS found (id, candidate, runs, next_check)
               ) AS fresh
         WHERE fresh.id = measure.id
           AND (measure.is_due, measure.checked_on, measure.candidate_stage_id,
                measure.candidate_runs, measure.next_check)
               IS DISTINCT FROM (FALSE, fresh.checked_on, fresh.candidate, fresh.runs,
                                 fresh.next_check)
        """,
        today=today,
        ids=list(ids),
        candidates=list(candidates),
        runs=list(runs),
        checks=list(checks),
    )


def move_clients(moves, now, user_id: int, run_id: int | None) -> SQL:
    """Move clients to their new stages and write their history.

    :param moves: (client, old stage or None, new stage, facts as JSON)

    Tables: res_partner by key, logistics_lifecycle_history (index on partner_id, for
    how long the client was in its old stage). Grain: client.
    """
    clients, old, new, facts = zip(*moves, strict=True)
    return SQL(
        """
        WITH move AS MATERIALIZED (
            SELECT *
              FROM UNNEST(%(clients)s::int[], %(old)s::int[], %(new)s::int[],
                          %(facts)s::jsonb[]) AS move (client_id, old, new, facts)
        ),
        moved AS (
            UPDATE res_partner AS partner
               SET logistics_stage_id = move.new
              FROM move
             WHERE partner.id = move.client_id
        )
        INSERT INTO logistics_lifecycle_history (
            partner_id, from_stage_id, to_stage_id, is_loss, date, user_id,
            is_automatic, facts, run_id, days_in_stage,
            create_uid, create_date, write_uid, write_date
        )
        SELECT move.client_id, move.old, move.new, stage.is_loss, %(now)s, %(user)s,
               TRUE, move.facts,
               %(run)s,
               EXTRACT(EPOCH FROM %(now)s::timestamp - last.date) / 86400,
               %(user)s, %(now)s, %(user)s, %(now)s
          FROM move
          JOIN logistics_lifecycle_stage AS stage ON stage.id = move.new
     LEFT JOIN LATERAL (
               SELECT date FROM logistics_lifecycle_history AS history
                WHERE history.partner_id = move.client_id
                ORDER BY date DESC, id DESC LIMIT 1
          ) AS last ON TRUE
        """,
        clients=list(clients),
        old=list(old),
        new=list(new),
        facts=list(facts),
        now=now,
        user=user_id,
        run=run_id,
    )
