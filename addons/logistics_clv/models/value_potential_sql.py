"""Set-based SQL of the potential: what clients ship, but not with us."""

from odoo.tools import SQL

# Clients of an industry from which on they are compared with each other only.
ENOUGH_PEERS = 5


def lane_offers(company_id: int, as_of, year_before) -> SQL:
    """Select the lanes of clients with volume that is not ours, and what it may earn.

    The contribution of one unit is that of the client's own bookings on the lane, else
    of all clients on this origin, destination and mode, else of the mode. The first
    fitting win rate tells the probability.

    Sources: logistics_trade_lane, logistics_value_entry of twelve months, res_partner,
    logistics_value_win_rate. Grain: lane. Indexes: logistics_value_entry_period_idx,
    logistics_trade_lane.partner_id.
    """
    return SQL(
        """
        WITH lane AS MATERIALIZED (
            SELECT id, partner_id, origin_id, destination_id, mode_id, volume_unit,
                   yearly_volume, booked_volume, share_of_wallet
              FROM logistics_trade_lane
             WHERE active AND (company_id IS NULL OR company_id = %(company_id)s)
        ),
        money AS (
            SELECT client_id, origin_id, destination_id, mode_id,
                   SUM(contribution) AS contribution
              FROM logistics_value_entry
             WHERE company_id = %(company_id)s
               AND date > %(year_before)s AND date <= %(as_of)s
               AND origin_id IS NOT NULL
             GROUP BY client_id, origin_id, destination_id, mode_id
        ),
        own AS (
            SELECT booked.*, money.contribution
              FROM (
                    SELECT partner_id, origin_id, destination_id, mode_id, volume_unit,
                           SUM(booked_volume) AS volume
                      FROM lane
                     WHERE booked_volume > 0
                     GROUP BY partner_id, origin_id, destination_id, mode_id,
                              volume_unit
                   ) AS booked
              JOIN money
                ON money.client_id = booked.partner_id
               AND money.origin_id = booked.origin_id
               AND money.destination_id = booked.destination_id
               AND money.mode_id IS NOT DISTINCT FROM booked.mode_id
        ),
        corridor AS (
            SELECT origin_id, destination_id, mode_id, volume_unit,
                   SUM(contribution) / SUM(volume) AS each
              FROM own
             GROUP BY origin_id, destination_id, mode_id, volume_unit
        ),
        mode AS (
            SELECT mode_id, volume_unit, SUM(contribution) / SUM(volume) AS each
              FROM own
             GROUP BY mode_id, volume_unit
        ),
        open_lane AS (
            SELECT lane.*,
                   yearly_volume - GREATEST(
                       booked_volume, yearly_volume * share_of_wallet / 100, 0
                   ) AS gap,
                   GREATEST(
                       100 * booked_volume / yearly_volume, share_of_wallet, 0
                   ) AS our_share
              FROM lane
             WHERE yearly_volume > 0
        )
        SELECT 'lane' AS kind,
               lane.partner_id AS client_id,
               lane.id AS lane_id,
               NULL::int AS service_id,
               ROUND(lane.gap::numeric, 2)::float8 AS volume,
               lane.volume_unit,
               each.unit_contribution::float8 AS unit_contribution,
               (lane.gap * each.unit_contribution)::float8 AS yearly,
               %(probability)s / 100 AS probability
          FROM open_lane AS lane
          JOIN res_partner AS partner ON partner.id = lane.partner_id
     LEFT JOIN own
            ON own.partner_id = lane.partner_id
           AND own.origin_id = lane.origin_id
           AND own.destination_id = lane.destination_id
           AND own.mode_id IS NOT DISTINCT FROM lane.mode_id
           AND own.volume_unit = lane.volume_unit
     LEFT JOIN corridor
            ON corridor.origin_id = lane.origin_id
           AND corridor.destination_id = lane.destination_id
           AND corridor.mode_id IS NOT DISTINCT FROM lane.mode_id
           AND corridor.volume_unit = lane.volume_unit
     LEFT JOIN mode
            ON mode.mode_id = lane.mode_id
           AND mode.volume_unit = lane.volume_unit
    CROSS JOIN LATERAL (
               SELECT COALESCE(own.contribution / own.volume, corridor.each, mode.each)
                   AS unit_contribution
               ) AS each
         WHERE lane.gap > 0 AND each.unit_contribution > 0
        """,
        company_id=company_id,
        as_of=as_of,
        year_before=year_before,
        probability=_win_rate(company_id),
    )


def _win_rate(company_id: int) -> SQL:
    """Select the first win rate that fits ``lane`` and ``partner``, in percent."""
    return SQL(
        """
        COALESCE((
            SELECT rate.probability
              FROM logistics_value_win_rate AS rate
             WHERE rate.active
               AND (rate.company_id IS NULL OR rate.company_id = %s)
               AND (rate.stage_id IS NULL
                    OR rate.stage_id = partner.logistics_stage_id)
               AND (rate.tier_id IS NULL OR rate.tier_id = partner.logistics_tier_id)
               AND lane.our_share >= COALESCE(rate.least_share, 0)
             ORDER BY rate.sequence, rate.id
             LIMIT 1
        ), 0)
        """,
        company_id,
    )


def service_offers(company_id: int, as_of, year_before) -> SQL:
    """Select the services that clients need and do not buy from us.

    Similar clients are those of the industry, if there are enough of them, else all.
    The probability is the share of them who buy the service, the contribution what it
    brings with one who does.

    Sources: services needed and used of res_partner, logistics_value_entry of twelve
    months. Grain: client and service. Index: logistics_value_entry_period_idx.
    """
    return SQL(
        """
        WITH used AS MATERIALIZED (
            SELECT client_id, service_id, SUM(contribution) AS contribution
              FROM logistics_value_entry
             WHERE company_id = %(company_id)s
               AND date > %(year_before)s AND date <= %(as_of)s
               AND client_id IS NOT NULL
             GROUP BY client_id, service_id
        ),
        client AS MATERIALIZED (
            SELECT buyer.client_id, partner.industry_id
              FROM (SELECT DISTINCT client_id FROM used) AS buyer
              JOIN res_partner AS partner ON partner.id = buyer.client_id
        ),
        peers AS (
            SELECT industry_id, COUNT(*) AS clients
              FROM client
             GROUP BY GROUPING SETS ((industry_id), ())
            HAVING GROUPING(industry_id) = 1
                OR industry_id IS NOT NULL AND COUNT(*) >= %(enough)s
        ),
        bought AS (
            SELECT client.industry_id, used.service_id, COUNT(*) AS clients,
                   AVG(used.contribution) AS contribution
              FROM used
              JOIN client ON client.client_id = used.client_id
             WHERE used.service_id IS NOT NULL
             GROUP BY GROUPING SETS (
                   (used.service_id, client.industry_id), (used.service_id)
                   )
            HAVING GROUPING(client.industry_id) = 1
                OR client.industry_id IS NOT NULL
        )
        SELECT 'service' AS kind,
               needed.partner_id AS client_id,
               NULL::int AS lane_id,
               needed.service_id,
               NULL::float8 AS volume,
               NULL AS volume_unit,
               NULL::float8 AS unit_contribution,
               bought.contribution::float8 AS yearly,
               bought.clients::float8 / peers.clients AS probability
          FROM logistics_partner_service_needed_rel AS needed
          JOIN res_partner AS partner ON partner.id = needed.partner_id
          JOIN peers
            ON peers.industry_id IS NOT DISTINCT FROM (
               SELECT industry_id FROM peers AS own
                WHERE own.industry_id = partner.industry_id
               )
          JOIN bought
            ON bought.service_id = needed.service_id
           AND bought.industry_id IS NOT DISTINCT FROM peers.industry_id
         WHERE bought.contribution > 0
           AND NOT EXISTS (
               SELECT 1
                 FROM logistics_partner_service_used_rel AS known
                WHERE known.partner_id = needed.partner_id
                  AND known.service_id = needed.service_id
               )
           AND NOT EXISTS (
               SELECT 1
                 FROM used
                WHERE used.client_id = needed.partner_id
                  AND used.service_id = needed.service_id
               )
        """,
        company_id=company_id,
        as_of=as_of,
        year_before=year_before,
        enough=ENOUGH_PEERS,
    )


def write_offers(run_id: int, company_id: int, columns) -> SQL:
    """Replace the offers of the company by new ones, given as lists by column.

    Target: logistics_value_offer. Grain: client and lane, or client and service.
    """
    return SQL(
        """
        WITH gone AS (
            DELETE FROM logistics_value_offer WHERE company_id = %(company_id)s
        )
        INSERT INTO logistics_value_offer (%(names)s, run_id, company_id)
        SELECT %(names)s, %(run_id)s, %(company_id)s
          FROM unnest(%(arrays)s) AS fresh(%(names)s)
        """,
        names=SQL(", ").join(SQL.identifier(name) for name in columns),
        arrays=SQL(", ").join(
            SQL("%s::" + sql_type + "[]", values)  # types are constants of this addon
            for sql_type, values in columns.values()
        ),
        run_id=run_id,
        company_id=company_id,
    )
