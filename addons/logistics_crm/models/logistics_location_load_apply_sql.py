"""The statements that write what a load has found, in their order.

Sources: the temporary tables of logistics_location_load_find_sql.
"""

from odoo.tools import SQL


def insert_locations(defaults, uid):
    """Insert the new places, and give the stage their ids.

    :param defaults: SQL value by column, of columns that the list does not know
    """
    columns = SQL("").join(SQL(", %s", SQL.identifier(name)) for name in defaults)
    values = SQL("").join(SQL(", %s", value) for value in defaults.values())
    return SQL(
        """
        WITH inserted AS (
            INSERT INTO logistics_location
                   (code, name, name_ascii, iata_code, country_id, subdivision_code,
                    latitude, longitude, is_port, is_rail_terminal, is_road_terminal,
                    is_airport, is_inland_terminal, is_border_crossing, active,
                    is_main, is_withdrawn, use_count,
                    create_uid, create_date, write_uid, write_date %(columns)s)
            SELECT code, name, NULLIF(name_ascii, name),
                   CASE WHEN iata_free THEN iata END, country_id, subdivision,
                   coalesce(latitude, 0), coalesce(longitude, 0), is_port,
                   is_rail_terminal, is_road_terminal, is_airport, is_inland_terminal,
                   is_border_crossing, TRUE, FALSE, FALSE, 0,
                   %(uid)s, now() AT TIME ZONE 'UTC',
                   %(uid)s, now() AT TIME ZONE 'UTC' %(values)s
              FROM unlocode_stage WHERE is_new
             ORDER BY code
         RETURNING id, code
        )
        UPDATE unlocode_stage stage SET location_id = inserted.id
          FROM inserted WHERE inserted.code = stage.code
        """,
        columns=columns,
        values=values,
        uid=uid,
    )


def update_locations(fname, uid):
    """Take over one field where the list has news and no user has changed it."""
    assignments = {
        "name": SQL(
            "name = stage.name, name_ascii = NULLIF(stage.name_ascii, stage.name)"
        ),
        "subdivision_code": SQL("subdivision_code = stage.subdivision"),
        "iata_code": SQL("iata_code = stage.iata"),
        "coordinates": SQL(
            "latitude = coalesce(stage.latitude, 0),"
            " longitude = coalesce(stage.longitude, 0)"
        ),
    }
    column = SQL.identifier(fname)
    return SQL(
        """
        UPDATE logistics_location location
           SET %(assignment)s, write_uid = %(uid)s,
               write_date = now() AT TIME ZONE 'UTC'
          FROM unlocode_change change
          JOIN unlocode_stage stage ON stage.code = change.code
         WHERE change.kind = 'changed' AND change.field = %(fname)s
           AND location.id = change.location_id
        """,
        assignment=assignments.get(fname) or SQL("%s = stage.%s", column, column),
        uid=uid,
        fname=fname,
    )


def link_airports(uid):
    """Give airports that had only an IATA code the UN/LOCODE that was found."""
    return SQL(
        """
        UPDATE logistics_location location
           SET code = stage.code, write_uid = %(uid)s,
               write_date = now() AT TIME ZONE 'UTC'
          FROM unlocode_stage stage
         WHERE location.id = stage.location_id AND location.code IS NULL
        """,
        uid=uid,
    )


def withdraw_and_restore(uid):
    """Archive what nothing uses, flag what is in use, bring back what is listed."""
    return SQL(
        """
        UPDATE logistics_location location
           SET is_withdrawn = change.kind <> 'restored',
               active = CASE change.kind WHEN 'archived' THEN FALSE
                                         WHEN 'restored' THEN TRUE
                                         ELSE active END,
               write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
          FROM unlocode_change change
         WHERE change.location_id = location.id
           AND change.kind IN ('archived', 'flagged', 'restored')
        """,
        uid=uid,
    )


# Index: logistics_location_entry_location_uniq. A row that says the same is not
# written again.
UPSERT_ENTRIES = SQL("""
    INSERT INTO logistics_location_entry AS entry
           (location_id, name, subdivision, status, function, date, iata, coordinates,
            latitude, longitude, synonyms, remarks, change)
    SELECT location_id, name, subdivision, status, function, date, iata, coordinates,
           latitude, longitude, synonyms, remarks, change
      FROM unlocode_stage WHERE location_id IS NOT NULL
        ON CONFLICT (location_id) DO UPDATE
       SET (name, subdivision, status, function, date, iata, coordinates, latitude,
            longitude, synonyms, remarks, change)
         = (excluded.name, excluded.subdivision, excluded.status, excluded.function,
            excluded.date, excluded.iata, excluded.coordinates, excluded.latitude,
            excluded.longitude, excluded.synonyms, excluded.remarks, excluded.change)
     WHERE (entry.name, entry.subdivision, entry.status, entry.function, entry.date,
            entry.iata, entry.coordinates, entry.synonyms, entry.remarks, entry.change)
           IS DISTINCT FROM
           (excluded.name, excluded.subdivision, excluded.status, excluded.function,
            excluded.date, excluded.iata, excluded.coordinates, excluded.synonyms,
            excluded.remarks, excluded.change)
""")


def insert_aliases(uid):
    """Insert the names that the list refers to a place."""
    return SQL(
        """
        INSERT INTO logistics_location_alias
               (name, location_id, create_uid, create_date, write_uid, write_date)
        SELECT change.new_value, stage.location_id,
               %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
          FROM unlocode_change change
          JOIN unlocode_stage stage ON stage.code = change.code
         WHERE change.kind = 'alias'
            ON CONFLICT DO NOTHING
        """,
        uid=uid,
    )


def insert_lines(load_id):
    """Keep the differences as lines of the load, removals and changes first."""
    return SQL(
        """
        INSERT INTO logistics_location_load_line
               (load_id, kind, code, location_id, field, old_value, new_value, file,
                row)
        SELECT %(load_id)s, change.kind, change.code,
               coalesce(change.location_id, stage.location_id), change.field,
               change.old_value, change.new_value, change.file, change.row
          FROM unlocode_change change
     LEFT JOIN unlocode_stage stage ON stage.code = change.code
         ORDER BY array_position(
                      ARRAY['flagged', 'archived', 'restored', 'kept', 'changed'],
                      change.kind
                  ) NULLS LAST, change.code, change.field
        """,
        load_id=load_id,
    )


# The new rows of GIN indexes wait in a list that every search reads until vacuum
# merges it: after a load of the whole list the searches that follow should not.
CLEAN_PENDING = SQL("""
    SELECT gin_clean_pending_list(index_class.oid)
      FROM pg_index
      JOIN pg_class index_class ON index_class.oid = pg_index.indexrelid
      JOIN pg_am ON pg_am.oid = index_class.relam AND pg_am.amname = 'gin'
     WHERE pg_index.indrelid IN (
               'logistics_location'::regclass, 'logistics_location_alias'::regclass
           )
""")
