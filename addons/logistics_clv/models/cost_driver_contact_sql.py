"""Events of the cost drivers that come from contact: mail, activities, meetings.

The client of a message or an activity is that of its document: contact, opportunity,
order or invoice. It counts for the company of the document, else of the contact, else
of the person who did it, else for the first company.
"""

from odoo.tools import SQL

DOCUMENTS = SQL(
    """
    LEFT JOIN res_partner AS contact
           ON event.model = 'res.partner' AND contact.id = event.res_id
    LEFT JOIN crm_lead AS lead ON event.model = 'crm.lead' AND lead.id = event.res_id
    LEFT JOIN sale_order AS sale
           ON event.model = 'sale.order' AND sale.id = event.res_id
    LEFT JOIN account_move AS move
           ON event.model = 'account.move' AND move.id = event.res_id
         JOIN res_partner AS partner
           ON partner.id = COALESCE(contact.id, lead.partner_id, sale.partner_id,
                                    move.partner_id, event.sender_id)
    LEFT JOIN res_users AS doer ON doer.id = event.user_id
    """
)


def _of_documents(events: SQL, scope) -> SQL:
    """Select the client of each event, of those that belong to the company.

    ``events`` select record_id, model, res_id, user_id, sender_id, day. Index: the
    primary keys of the documents.
    """
    return SQL(
        """
        SELECT event.record_id,
               partner.commercial_partner_id AS client_id,
               event.day,
               1 AS quantity
          FROM (%(events)s) AS event
          %(documents)s
         WHERE COALESCE(
                   lead.company_id, sale.company_id, move.company_id,
                   partner.company_id, doer.company_id,
                   (SELECT MIN(id) FROM res_company WHERE active)
               ) = %(company_id)s
           AND partner.partner_share
        """,
        events=events,
        documents=DOCUMENTS,
        company_id=scope.company_id,
    )


def mails(scope) -> SQL:
    """Select the mails of the month, in and out.

    Sources: mail_message, mail_notification, the documents. Grain: message. A message
    written in the chatter is a mail when it was mailed to somebody outside.
    Index: none on date, one pass over the messages;
    mail_notification_unique_mail_message_id_res_partner_id_.
    """
    events = SQL(
        """
        SELECT message.id AS record_id,
               message.model,
               message.res_id,
               writer.id AS user_id,
               CASE WHEN message.message_type = 'email' THEN message.author_id END
               AS sender_id,
               %(day)s AS day
          FROM mail_message AS message
     LEFT JOIN LATERAL (
               SELECT users.id FROM res_users AS users
                WHERE users.partner_id = message.author_id
                ORDER BY users.active DESC, users.id
                LIMIT 1
               ) AS writer ON TRUE
         WHERE %(within)s
           AND (message.message_type IN ('email', 'email_outgoing')
                OR message.message_type = 'comment' AND EXISTS (
                   SELECT 1
                     FROM mail_notification AS notification
                     JOIN res_partner AS receiver
                       ON receiver.id = notification.res_partner_id
                    WHERE notification.mail_message_id = message.id
                      AND notification.notification_type = 'email'
                      AND receiver.partner_share
                   ))
        """,
        day=scope.day(SQL("message.date")),
        within=scope.within(SQL("message.date")),
    )
    return _of_documents(events, scope)


def activities(scope) -> SQL:
    """Select the activities done in the month; those with a meeting count as visits.

    Sources: mail_activity (done ones are archived), mail_activity_type, the documents.
    Grain: activity. Index: none on date_done, one pass over the activities.
    """
    events = SQL(
        """
        SELECT activity.id AS record_id,
               activity.res_model AS model,
               activity.res_id,
               COALESCE(activity.user_id, activity.create_uid) AS user_id,
               NULL::int AS sender_id,
               activity.date_done AS day
          FROM mail_activity AS activity
         WHERE activity.active IS NOT TRUE
           AND activity.date_done >= %s
           AND activity.date_done < %s
           AND activity.calendar_event_id IS NULL
        """,
        scope.start,
        scope.end,
    )
    return _of_documents(events, scope)


def visits(scope) -> SQL:
    """Select the meetings that took place in the month, for each client that was there.

    Sources: calendar_event, its attendees from outside and its document. Grain: meeting
    and client. Index: none on stop, one pass over the meetings.
    """
    return SQL(
        """
        WITH meeting AS MATERIALIZED (
            SELECT event.id AS record_id,
                   event.res_model AS model,
                   event.res_id,
                   event.user_id,
                   NULL::int AS sender_id,
                   %(day)s AS day
              FROM calendar_event AS event
             WHERE event.active
               AND %(within)s
               AND event.stop <= now() AT TIME ZONE 'UTC'
        )
        SELECT record_id, client_id, day, quantity FROM (%(documents)s) AS of_document
         UNION
        SELECT meeting.record_id, partner.commercial_partner_id, meeting.day, 1
          FROM meeting
          JOIN calendar_event_res_partner_rel AS rel
            ON rel.calendar_event_id = meeting.record_id
          JOIN res_partner AS partner
            ON partner.id = rel.res_partner_id AND partner.partner_share
     LEFT JOIN res_users AS doer ON doer.id = meeting.user_id
         WHERE COALESCE(
                   partner.company_id, doer.company_id,
                   (SELECT MIN(id) FROM res_company WHERE active)
               ) = %(company_id)s
        """,
        company_id=scope.company_id,
        documents=_of_documents(SQL("SELECT * FROM meeting"), scope),
        day=scope.day(SQL("event.stop")),
        within=scope.within(SQL("event.stop")),
    )


def campaign_touches(scope) -> SQL:
    """Select the mailings sent to clients in the month, where Email Marketing is there.

    Sources: mailing_trace, mailing_mailing, the documents; a mailing contact by its
    address. Grain: trace. Index: none on sent_datetime, one pass over the traces.
    """
    events = SQL(
        """
        SELECT trace.id AS record_id,
               trace.model,
               trace.res_id,
               mailing.user_id,
               CASE WHEN trace.model = 'mailing.contact' THEN (
                    SELECT MIN(known.id) FROM res_partner AS known
                     WHERE known.email_normalized = lower(trim(trace.email))
                   ) END AS sender_id,
               %(day)s AS day
          FROM mailing_trace AS trace
     LEFT JOIN mailing_mailing AS mailing ON mailing.id = trace.mass_mailing_id
         WHERE %(within)s
        """,
        day=scope.day(SQL("trace.sent_datetime")),
        within=scope.within(SQL("trace.sent_datetime")),
    )
    return _of_documents(events, scope)
