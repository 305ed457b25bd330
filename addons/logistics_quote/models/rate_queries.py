"""The SQL of the rate library."""

from odoo.tools import SQL


def lane_rates(company_id, mode_id, origin_id, destination_id, date, today, client_id):
    """Return one row per freight rate of the lane: its id, ids of what joins it.

    Reads logistics_rate (index logistics_rate__lane_idx for the lane, its contract's
    index for the charges that join), logistics_rate_contract and
    logistics_charge_code. What joins a freight rate: the other charges of its
    contract whose origin and destination are the lane's or empty, then those of
    published contracts of local charges. Of several rates of one charge the contract's
    own wins over a local one, then the one that names more of the lane. A rate must
    be valid on the cargo's date and, for a date in the past, not have expired since.
    """
    valid_contract = SQL(
        """(c.date_from IS NULL OR c.date_from <= %(date)s)
           AND (c.date_to IS NULL OR c.date_to >= %(last)s)
           AND (c.superseded_from IS NULL OR c.superseded_from > %(date)s)
           AND (NOT EXISTS (
                    SELECT FROM logistics_rate_contract_res_partner_rel named
                     WHERE named.logistics_rate_contract_id = c.id)
                OR EXISTS (
                    SELECT FROM logistics_rate_contract_res_partner_rel named
                     WHERE named.logistics_rate_contract_id = c.id
                       AND named.res_partner_id = %(client)s))""",
        date=date,
        last=max(date, today),
        client=client_id,
    )
    valid_rate = SQL(
        """(r.date_from IS NULL OR r.date_from <= %(date)s)
           AND (r.date_to IS NULL OR r.date_to >= %(last)s)
           AND r.state = 'published' AND r.kind = 'buy'""",
        date=date,
        last=max(date, today),
    )
    return SQL(
        """
        WITH lane AS MATERIALIZED (
            SELECT r.id, r.contract_id
              FROM logistics_rate r
              JOIN logistics_charge_code code
                ON code.id = r.charge_code_id AND code.is_freight
              JOIN logistics_rate_contract c ON c.id = r.contract_id
             WHERE r.company_id = %(company)s
               AND r.mode_id = %(mode)s
               AND r.origin_id = %(origin)s
               AND r.destination_id = %(destination)s
               AND %(valid_rate)s
               AND NOT c.is_local
               AND %(valid_contract)s
        ),
        joining_contract AS (
            SELECT contract_id, contract_id AS source_id, FALSE AS is_local FROM lane
             UNION
            SELECT lane.contract_id, c.id, TRUE
              FROM lane, logistics_rate_contract c
             WHERE c.company_id = %(company)s
               AND c.mode_id = %(mode)s
               AND c.state = 'published'
               AND c.kind = 'buy'
               AND c.is_local
               AND %(valid_contract)s
        ),
        joining AS (
            SELECT DISTINCT ON (source.contract_id, r.charge_code_id)
                   source.contract_id, r.id
              FROM joining_contract source
              JOIN logistics_rate r ON r.contract_id = source.source_id
              JOIN logistics_charge_code code
                ON code.id = r.charge_code_id AND NOT COALESCE(code.is_freight, FALSE)
             WHERE (r.origin_id IS NULL OR r.origin_id = %(origin)s)
               AND (r.destination_id IS NULL OR r.destination_id = %(destination)s)
               AND %(valid_rate)s
             ORDER BY source.contract_id, r.charge_code_id, source.is_local,
                      (r.origin_id IS NULL)::int + (r.destination_id IS NULL)::int,
                      r.id DESC
        )
        SELECT lane.id,
               COALESCE(array_agg(joining.id ORDER BY joining.id)
                        FILTER (WHERE joining.id IS NOT NULL), '{}')
          FROM lane
          LEFT JOIN joining USING (contract_id)
         GROUP BY lane.id, lane.contract_id
         ORDER BY lane.contract_id DESC, lane.id
        """,
        company=company_id,
        mode=mode_id,
        origin=origin_id,
        destination=destination_id,
        valid_rate=valid_rate,
        valid_contract=valid_contract,
    )


def overlapping_rates(contract_ids):
    """Return one pair of rate ids that price the same charge on the same day.

    Grain: pairs of rates within one of the contracts (index on contract_id), same
    charge, lane, routing and transit time, overlapping validity.
    """
    return SQL(
        """
        SELECT a.id, b.id
          FROM logistics_rate a
          JOIN logistics_rate b
            ON b.contract_id = a.contract_id
           AND b.charge_code_id = a.charge_code_id
           AND b.id > a.id
           AND b.origin_id IS NOT DISTINCT FROM a.origin_id
           AND b.destination_id IS NOT DISTINCT FROM a.destination_id
           AND COALESCE(b.routing, '') = COALESCE(a.routing, '')
           AND COALESCE(b.transit_days, 0) = COALESCE(a.transit_days, 0)
           AND COALESCE(a.date_from, '-infinity') <= COALESCE(b.date_to, 'infinity')
           AND COALESCE(b.date_from, '-infinity') <= COALESCE(a.date_to, 'infinity')
         WHERE a.contract_id IN %s
         ORDER BY a.id, b.id
         LIMIT 1
        """,
        tuple(contract_ids),
    )
