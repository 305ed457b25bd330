"""The SQL of the rate library."""

from odoo.tools import SQL


def lane_rates(company_id, mode_id, origin_id, destination_id, date, today, client_id):
    """Return one row per freight rate of the lane: its id, ids of what joins it.

    Reads logistics_rate four times by index logistics_rate_lane_idx (origin and
    destination given or empty), then logistics_rate_contract and
    logistics_charge_code by id. What joins a freight rate: the other charges of its
    contract whose origin and destination are the lane's or empty, then those of
    published contracts of local charges. Of several rates of one charge the contract's
    own wins over a local one, then the one that names more of the lane. A rate must
    be valid on the cargo's date and, for a date in the past, not have expired since.
    """
    last = max(date, today)
    # one branch per way to name the lane: an OR would keep PostgreSQL off the index
    candidates = SQL(" UNION ALL ").join(
        SQL(
            """
            SELECT r.id, r.contract_id, r.charge_code_id, %(missing)s AS missing
              FROM logistics_rate r
             WHERE r.company_id = %(company)s
               AND r.mode_id = %(mode)s
               AND r.origin_id %(origin)s
               AND r.destination_id %(destination)s
               AND (r.date_from IS NULL OR r.date_from <= %(date)s)
               AND (r.date_to IS NULL OR r.date_to >= %(last)s)
               AND r.state = 'published'
               AND r.kind = 'buy'
            """,
            missing=(origin is None) + (destination is None),
            company=company_id,
            mode=mode_id,
            origin=SQL("IS NULL") if origin is None else SQL("= %s", origin),
            destination=(
                SQL("IS NULL") if destination is None else SQL("= %s", destination)
            ),
            date=date,
            last=last,
        )
        for origin in (origin_id, None)
        for destination in (destination_id, None)
    )
    return SQL(
        """
        WITH candidate AS (
            SELECT rate.*, c.is_local IS TRUE AS is_local, code.code,
                   code.is_freight IS TRUE AS is_freight
              FROM (%(candidates)s) rate
              JOIN logistics_rate_contract c ON c.id = rate.contract_id
              JOIN logistics_charge_code code ON code.id = rate.charge_code_id
             WHERE (c.date_from IS NULL OR c.date_from <= %(date)s)
               AND (c.date_to IS NULL OR c.date_to >= %(last)s)
               AND (c.superseded_from IS NULL OR c.superseded_from > %(date)s)
               AND (NOT EXISTS (
                        SELECT FROM logistics_rate_contract_res_partner_rel named
                         WHERE named.logistics_rate_contract_id = c.id)
                    OR EXISTS (
                        SELECT FROM logistics_rate_contract_res_partner_rel named
                          JOIN res_partner p ON p.id = named.res_partner_id
                         WHERE named.logistics_rate_contract_id = c.id
                           AND p.commercial_partner_id = %(client)s))
        ),
        lane AS (
            SELECT id, contract_id FROM candidate
             WHERE missing = 0 AND is_freight AND NOT is_local
        ),
        joining AS (
            SELECT DISTINCT ON (contract.contract_id, rate.code)
                   contract.contract_id, rate.id
              FROM (SELECT DISTINCT contract_id FROM lane) contract
              JOIN candidate rate
                ON (rate.contract_id = contract.contract_id OR rate.is_local)
               AND NOT rate.is_freight
             ORDER BY contract.contract_id, rate.code, rate.is_local,
                      rate.missing, rate.id DESC
        )
        SELECT lane.id,
               COALESCE(array_agg(joining.id ORDER BY joining.id)
                        FILTER (WHERE joining.id IS NOT NULL), '{}')
          FROM lane
          LEFT JOIN joining USING (contract_id)
         GROUP BY lane.id, lane.contract_id
         ORDER BY lane.contract_id DESC, lane.id
        """,
        candidates=candidates,
        date=date,
        last=last,
        client=client_id,
    )


def overlapping_rates(contract_ids):
    """Return one pair of rate ids that price the same charge on the same day.

    Grain: pairs of rates within one of the contracts (index on contract_id), same
    charge, lane, routing and transit time, overlapping validity. All that must be the
    same is compared by =, so that PostgreSQL can hash it: comparing each rate of a big
    contract with each other took minutes.
    """
    return SQL(
        """
        SELECT a.id, b.id
          FROM logistics_rate a
          JOIN logistics_rate b
            ON b.contract_id = a.contract_id
           AND b.charge_code_id = a.charge_code_id
           AND b.id > a.id
           AND COALESCE(b.origin_id, 0) = COALESCE(a.origin_id, 0)
           AND COALESCE(b.destination_id, 0) = COALESCE(a.destination_id, 0)
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
