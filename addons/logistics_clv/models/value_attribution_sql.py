"""Set-based SQL of re-attribution: change whom documents count for, with a trail."""

from odoo.tools import SQL


def add_documents(batch_id: int, client_by_move: dict) -> SQL:
    """Note whole documents that shall count for clients; None for the default.

    A line that counts for a client of its own goes back to its document. What would
    change nothing is left out. Target: logistics_value_attribution. Grain: document,
    or line. Index: primary key of account_move, account_move_line.move_id.
    """
    return SQL(
        """
        WITH chosen AS MATERIALIZED (
            SELECT *
              FROM unnest(%(moves)s::int[], %(clients)s::int[])
                   AS chosen(move_id, client_id)
        )
        INSERT INTO logistics_value_attribution (
               batch_id, move_id, line_id, company_id,
               attributed_before_id, attributed_after_id, state)
        SELECT %(batch)s, move.id, NULL, move.company_id,
               move.logistics_attributed_client_id, chosen.client_id, 'waiting'
          FROM chosen
          JOIN account_move AS move ON move.id = chosen.move_id
         WHERE move.logistics_attributed_client_id IS DISTINCT FROM chosen.client_id
         UNION ALL
        SELECT %(batch)s, line.move_id, line.id, line.company_id,
               line.logistics_attributed_client_id, NULL, 'waiting'
          FROM chosen
          JOIN account_move_line AS line ON line.move_id = chosen.move_id
         WHERE line.logistics_attributed_client_id IS NOT NULL
         ORDER BY 2, 3 NULLS FIRST
        """,
        batch=batch_id,
        moves=list(client_by_move),
        clients=[client or None for client in client_by_move.values()],
    )


def add_lines(batch_id: int, client_by_line: dict) -> SQL:
    """Note lines that shall count for clients of their own; None for the document's.

    Target: logistics_value_attribution. Grain: line. Index: primary keys.
    """
    return SQL(
        """
        INSERT INTO logistics_value_attribution (
               batch_id, move_id, line_id, company_id,
               attributed_before_id, attributed_after_id, state)
        SELECT %(batch)s, line.move_id, line.id, line.company_id,
               line.logistics_attributed_client_id, chosen.client_id, 'waiting'
          FROM unnest(%(lines)s::int[], %(clients)s::int[])
               AS chosen(line_id, client_id)
          JOIN account_move_line AS line ON line.id = chosen.line_id
         WHERE line.logistics_attributed_client_id IS DISTINCT FROM chosen.client_id
         ORDER BY line.move_id, line.id
        """,
        batch=batch_id,
        lines=list(client_by_line),
        clients=[client or None for client in client_by_line.values()],
    )


def add_reversals(batch_id: int, attribution_ids) -> SQL:
    """Note what takes the given changes back, where nobody changed it again since.

    Source and target: logistics_value_attribution. Grain: document or line.
    Index: primary keys.
    """
    return SQL(
        """
        INSERT INTO logistics_value_attribution (
               batch_id, move_id, line_id, company_id,
               attributed_before_id, attributed_after_id, state, reverses_id)
        SELECT %(batch)s, done.move_id, done.line_id, done.company_id,
               done.attributed_after_id, done.attributed_before_id, 'waiting', done.id
          FROM logistics_value_attribution AS done
          JOIN account_move AS move ON move.id = done.move_id
     LEFT JOIN account_move_line AS line ON line.id = done.line_id
         WHERE done.id = ANY(%(changes)s)
           AND done.state = 'done'
           AND CASE WHEN done.line_id IS NULL
                    THEN move.logistics_attributed_client_id
                    ELSE line.logistics_attributed_client_id
               END IS NOT DISTINCT FROM done.attributed_after_id
         ORDER BY done.move_id, done.line_id NULLS FIRST
        """,
        batch=batch_id,
        changes=list(attribution_ids),
    )


def take(batch_id: int, size: int) -> SQL:
    """Take waiting changes in hand: some documents with all their lines.

    Source: logistics_value_attribution. Grain: document or line. Index:
    logistics_value_attribution_waiting_idx. One who takes the same waits.
    """
    return SQL(
        """
        SELECT id, move_id
          FROM logistics_value_attribution
         WHERE state = 'waiting'
           AND batch_id = %(batch)s
           AND move_id = ANY(ARRAY(
               SELECT DISTINCT move_id
                 FROM logistics_value_attribution
                WHERE state = 'waiting' AND batch_id = %(batch)s
                ORDER BY move_id
                LIMIT %(size)s
               ))
         ORDER BY id
           FOR UPDATE
        """,
        batch=batch_id,
        size=size,
    )


def lock_documents(move_ids) -> SQL:
    """Lock the documents in a settled order, so that two batches never cross.

    Source: account_move. Grain: document. Index: primary key.
    """
    return SQL(
        """
        SELECT id FROM account_move WHERE id = ANY(%s) ORDER BY id
           FOR NO KEY UPDATE
        """,
        list(move_ids),
    )


def write_documents(attribution_ids, reason: str, uid: int) -> SQL:
    """Write the chosen client and the reason to the documents.

    Source: logistics_value_attribution. Target: account_move. Index: primary key.
    The date of writing makes the ledger look at them again, should this be repeated.
    """
    return SQL(
        """
        UPDATE account_move AS move
           SET logistics_attributed_client_id = CASE
                   WHEN change.whole THEN change.client_id
                   ELSE move.logistics_attributed_client_id END,
               logistics_attribution_reason = %(reason)s,
               write_uid = %(uid)s,
               write_date = now() AT TIME ZONE 'UTC'
          FROM (
                SELECT move_id,
                       BOOL_OR(line_id IS NULL) AS whole,
                       MAX(attributed_after_id) FILTER (WHERE line_id IS NULL)
                       AS client_id
                  FROM logistics_value_attribution
                 WHERE id = ANY(%(changes)s)
                 GROUP BY move_id
               ) AS change
         WHERE move.id = change.move_id
        """,
        changes=list(attribution_ids),
        reason=reason,
        uid=uid,
    )


def write_lines(attribution_ids, uid: int) -> SQL:
    """Write the chosen clients to the lines.

    Source: logistics_value_attribution. Target: account_move_line. Index: primary key.
    """
    return SQL(
        """
        UPDATE account_move_line AS line
           SET logistics_attributed_client_id = change.attributed_after_id,
               write_uid = %(uid)s,
               write_date = now() AT TIME ZONE 'UTC'
          FROM logistics_value_attribution AS change
         WHERE change.id = ANY(%(changes)s)
           AND change.line_id = line.id
        """,
        changes=list(attribution_ids),
        uid=uid,
    )


def finish(attribution_ids, before: dict, after: dict) -> SQL:
    """Note that the changes are done, and for whom the documents counted and count.

    Target: logistics_value_attribution. Grain: document or line. Index: primary key.
    A change that is taken back is marked so. ``before`` and ``after`` are the clients
    of the documents by move.
    """
    return SQL(
        """
        WITH client AS (
            SELECT *
              FROM unnest(%(moves)s::int[], %(before)s::int[], %(after)s::int[])
                   AS client(move_id, before_id, after_id)
        ),
        done AS (
            UPDATE logistics_value_attribution AS change
               SET state = 'done',
                   client_before_id = COALESCE(
                       line_before.commercial_partner_id, client.before_id),
                   client_after_id = COALESCE(
                       line_after.commercial_partner_id, client.after_id)
              FROM client,
                   logistics_value_attribution AS self
         LEFT JOIN res_partner AS line_before
                ON line_before.id = self.attributed_before_id
         LEFT JOIN res_partner AS line_after
                ON line_after.id = self.attributed_after_id
             WHERE change.id = ANY(%(changes)s)
               AND self.id = change.id
               AND client.move_id = change.move_id
         RETURNING change.reverses_id
        )
        UPDATE logistics_value_attribution AS reversed
           SET state = 'reversed'
          FROM done
         WHERE reversed.id = done.reverses_id
        """,
        changes=list(attribution_ids),
        moves=list(before),
        before=[client or None for client in before.values()],
        after=[after[move_id] or None for move_id in before],
    )


def copy_note(message_id: int, columns, body_by_move: dict) -> SQL:
    """Copy a log note to other documents, each with a text of its own.

    Source and target: mail_message. Grain: document. Index: primary key.

    :param columns: names of all columns of mail_message
    """
    own = ("id", "res_id", "body", "message_id", "record_name")
    copied = [SQL.identifier(name) for name in columns if name not in own]
    return SQL(
        """
        INSERT INTO mail_message (res_id, body, message_id, %(columns)s)
        SELECT note.move_id, note.body,
               '<' || note.move_id || '.' || LTRIM(first.message_id, '<'),
               %(values)s
          FROM mail_message AS first,
               unnest(%(moves)s::int[], %(bodies)s::text[]) AS note(move_id, body)
         WHERE first.id = %(first)s
         ORDER BY note.move_id
        """,
        columns=SQL(", ").join(copied),
        values=SQL(", ").join(SQL("first.%s", name) for name in copied),
        moves=list(body_by_move),
        bodies=list(body_by_move.values()),
        first=message_id,
    )
