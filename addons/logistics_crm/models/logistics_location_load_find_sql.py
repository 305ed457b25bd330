"""The statements that compare the list with the locations, in their order.

All work on two temporary tables, one row per place and one per synonym of the files.
Grain of `unlocode_stage` is the UN/LOCODE, so every join below is by one of the keys
code, id or location_id, all of them unique.
"""

from odoo.tools import SQL

FLAGS = {
    "is_port": "1",
    "is_rail_terminal": "2",
    "is_road_terminal": "3",
    "is_airport": "4",
    "is_inland_terminal": "6",
    "is_border_crossing": "B",
}

CREATE_STAGE = SQL("""
    DROP TABLE IF EXISTS unlocode_stage, unlocode_synonym, unlocode_change;
    CREATE TEMPORARY TABLE unlocode_stage (
        file text, row int, change text, country_id int, code text, name text,
        name_ascii text, subdivision text, status text, function text, date text,
        iata text, coordinates text, latitude numeric(9, 6), longitude numeric(9, 6),
        remarks text, is_port bool, is_rail_terminal bool, is_road_terminal bool,
        is_airport bool, is_inland_terminal bool, is_border_crossing bool,
        is_airport_only bool,
        location_id int, is_new bool, iata_free bool DEFAULT TRUE, synonyms text
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE unlocode_synonym (
        file text, row int, country_id int, name text, target text, code text
    ) ON COMMIT DROP
""")

COPY_STAGE = """
    COPY unlocode_stage (file, row, change, country_id, code, name, name_ascii,
        subdivision, status, function, date, iata, coordinates, latitude, longitude,
        remarks, is_port, is_rail_terminal, is_road_terminal, is_airport,
        is_inland_terminal, is_border_crossing, is_airport_only) FROM STDIN
"""
COPY_SYNONYMS = "COPY unlocode_synonym (file, row, country_id, name, target) FROM STDIN"

INDEX_STAGE = SQL("""
    CREATE UNIQUE INDEX ON unlocode_stage (code);
    CREATE INDEX ON unlocode_stage (iata) WHERE iata IS NOT NULL;
    ANALYZE unlocode_stage
""")

# Index: logistics_location_code_uniq, or one pass over the table.
LINK_BY_CODE = SQL("""
    UPDATE unlocode_stage stage
       SET location_id = location.id
      FROM logistics_location location
     WHERE location.code = stage.code
""")

# An airport that was entered by its IATA code alone gets its UN/LOCODE, where the
# entry is the airport and not the town. Index: logistics_location_iata_code_uniq.
LINK_AIRPORTS = SQL("""
    UPDATE unlocode_stage stage
       SET location_id = location.id
      FROM logistics_location location
     WHERE location.iata_code = stage.iata
       AND location.country_id = stage.country_id
       AND location.code IS NULL
       AND stage.is_airport_only
       AND stage.location_id IS NULL
       AND stage.change <> 'X'
       AND NOT EXISTS (
           SELECT FROM unlocode_stage other
            WHERE other.iata = stage.iata AND other.is_airport_only
              AND other.code < stage.code
       )
""")

# An IATA code names one location. Where the airport is a record of its own, or two
# entries claim the code, the entry is the town and no airport.
# Index: logistics_location_iata_code_uniq.
FREE_IATA = SQL("""
    WITH taken AS (
        SELECT stage.code
          FROM unlocode_stage stage
          JOIN logistics_location location
            ON location.iata_code = stage.iata
           AND location.id IS DISTINCT FROM stage.location_id
         UNION
        SELECT code
          FROM (
               SELECT code, change, row_number() OVER (
                          PARTITION BY iata
                          ORDER BY change = 'X', is_airport DESC, is_airport_only DESC,
                                   right(code, 3) = iata DESC, code
                      ) AS place
                 FROM unlocode_stage
                WHERE iata IS NOT NULL
               ) AS claim
         WHERE place > 1 OR change = 'X'
    )
    UPDATE unlocode_stage stage
       SET iata_free = FALSE, is_airport = FALSE
      FROM taken
     WHERE taken.code = stage.code
""")

# A reference holds where its target names one place of the country.
LINK_SYNONYMS = SQL("""
    CREATE INDEX ON unlocode_stage (country_id, lower(name));
    CREATE INDEX ON unlocode_stage (country_id, lower(name_ascii));
    UPDATE unlocode_synonym synonym
       SET code = target.code
      FROM (
           SELECT country_id, label, min(code) AS code
             FROM (
                  SELECT country_id, lower(name) AS label, code FROM unlocode_stage
                   UNION
                  SELECT country_id, lower(name_ascii), code FROM unlocode_stage
                  ) AS labels
            GROUP BY country_id, label HAVING count(*) = 1
           ) AS target
     WHERE target.country_id = synonym.country_id
       AND target.label = lower(synonym.target);
    UPDATE unlocode_stage stage
       SET synonyms = names.synonyms
      FROM (
           SELECT code, string_agg(DISTINCT name, '; ' ORDER BY name) AS synonyms
             FROM unlocode_synonym WHERE code IS NOT NULL GROUP BY code
           ) AS names
     WHERE names.code = stage.code
""")


def find_changes():
    """Keep a line per field in which list and location differ.

    base: the entry of the last load, mine: what stands here, theirs: the new list.
    Only news of the list count; they are taken over where a user has changed nothing.
    A location that has no entry yet counts as empty: gaps are filled, the rest is
    kept. A port that somebody has entered does not become the airport of its town as
    well: rate sheets of air carriers would mean it.
    Index: logistics_location_entry_location_uniq.
    """
    flags = SQL(",").join(
        SQL(
            """
            (%(fname)s,
             coalesce(position(%(sign)s IN entry.function) > 0, FALSE)::text,
             coalesce(location.%(column)s, FALSE)::text, stage.%(column)s::text)
            """,
            fname=fname,
            sign=sign,
            column=SQL.identifier(fname),
        )
        for fname, sign in FLAGS.items()
    )
    return SQL(
        """
    CREATE TEMPORARY TABLE unlocode_change ON COMMIT DROP AS
    SELECT stage.code, stage.location_id, stage.file, stage.row,
           field.name AS field, field.mine AS old_value, field.theirs AS new_value,
           CASE WHEN field.mine IS NOT DISTINCT FROM field.base
                THEN 'changed' ELSE 'kept' END AS kind
      FROM unlocode_stage stage
      JOIN logistics_location location ON location.id = stage.location_id
 LEFT JOIN logistics_location_entry entry ON entry.location_id = location.id
CROSS JOIN LATERAL (VALUES
           ('name', entry.name, location.name, stage.name),
           ('subdivision_code', entry.subdivision, location.subdivision_code,
            stage.subdivision),
           ('iata_code', entry.iata, location.iata_code,
            CASE WHEN stage.iata_free THEN stage.iata ELSE entry.iata END),
           ('coordinates',
            NULLIF(concat_ws(' ', coalesce(entry.latitude, 0)::numeric(9, 6),
                             coalesce(entry.longitude, 0)::numeric(9, 6)),
                   '0.000000 0.000000'),
            NULLIF(concat_ws(' ', coalesce(location.latitude, 0)::numeric(9, 6),
                             coalesce(location.longitude, 0)::numeric(9, 6)),
                   '0.000000 0.000000'),
            stage.latitude || ' ' || stage.longitude),
           %(flags)s
           ) AS field (name, base, mine, theirs)
     WHERE stage.change <> 'X'
       AND (entry.id IS NULL
            OR (entry.name, entry.subdivision, entry.iata, entry.coordinates,
                entry.function)
               IS DISTINCT FROM
               (stage.name, stage.subdivision, stage.iata, stage.coordinates,
                stage.function))
       AND field.theirs IS DISTINCT FROM field.mine
       AND field.theirs IS DISTINCT FROM field.base
       AND NOT (
           entry.id IS NULL
           AND (field.name = 'is_airport' AND location.is_port
                OR field.name = 'is_port' AND location.is_airport)
       )
""",
        flags=flags,
    )


def find_new():
    """Add a line per place that is not here yet."""
    return SQL("""
        UPDATE unlocode_stage SET is_new = location_id IS NULL AND change <> 'X';
        INSERT INTO unlocode_change (code, file, row, new_value, kind)
        SELECT code, file, row, name, 'new' FROM unlocode_stage WHERE is_new
    """)


def find_aliases():
    """Add a line per synonym that neither this load's place nor its entry has.

    A synonym that an earlier load has brought and a user has removed stays away.
    Index: logistics_location_alias_name_uniq.
    """
    return SQL("""
        INSERT INTO unlocode_change (code, location_id, file, row, new_value, kind)
        SELECT DISTINCT ON (stage.code, lower(synonym.name))
               stage.code, stage.location_id, synonym.file, synonym.row,
               synonym.name, 'alias'
          FROM unlocode_synonym synonym
          JOIN unlocode_stage stage ON stage.code = synonym.code
     LEFT JOIN logistics_location_entry entry ON entry.location_id = stage.location_id
         WHERE stage.change <> 'X'
           AND NOT synonym.name = ANY (
               string_to_array(coalesce(entry.synonyms, ''), '; ')
           )
           AND NOT EXISTS (
               SELECT FROM logistics_location_alias alias
                WHERE alias.location_id = stage.location_id
                  AND lower(alias.name) = lower(synonym.name)
           )
         ORDER BY stage.code, lower(synonym.name), synonym.row
    """)


def find_withdrawn(use_query, missing_count_as_removed):
    """Add a line per location that the list gives up, and per one that is back.

    :param use_query: SQL for the ids of the locations that are in use
    :param missing_count_as_removed: entries of the countries of these files that
        the files do not have are given up too
    """
    missing = SQL("FALSE")
    if missing_count_as_removed:
        missing = SQL("""
            stage.code IS NULL AND location.country_id IN (
                SELECT country_id FROM unlocode_stage
            )
        """)
    return SQL(
        """
        INSERT INTO unlocode_change
               (code, location_id, file, row, old_value, new_value, kind)
        SELECT location.code, location.id, stage.file, stage.row, location.name,
               stage.change,
               CASE WHEN location.id IN (%(use_query)s) THEN 'flagged'
                    ELSE 'archived' END
          FROM logistics_location location
     LEFT JOIN unlocode_stage stage ON stage.location_id = location.id
     LEFT JOIN logistics_location_entry entry ON entry.location_id = location.id
         WHERE (stage.change = 'X' OR (%(missing)s AND entry.id IS NOT NULL))
           AND location.is_withdrawn IS NOT TRUE;
        INSERT INTO unlocode_change (code, location_id, file, row, new_value, kind)
        SELECT stage.code, location.id, stage.file, stage.row, stage.name, 'restored'
          FROM unlocode_stage stage
          JOIN logistics_location location ON location.id = stage.location_id
         WHERE location.is_withdrawn AND stage.change <> 'X'
        """,
        use_query=use_query,
        missing=missing,
    )
