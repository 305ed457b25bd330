"""What reading a rate sheet reports, in the user's language: every code, one place."""

from ..rate_import import LayoutKind


def sheet_error_message(env, error):
    """Return why a file cannot be read at all, and what to do."""
    limit = error.params.get("limit", "")
    match error.code:
        case "empty_file":
            return env._("The file is empty. Choose another one.")
        case "file_too_large" | "unpacks_too_large":
            return env._(
                "The file is too large. Split it, or delete sheets that hold no rates."
            )
        case "too_many_cells":
            return env._(
                "The file has more than %(limit)s cells. Split it, or delete sheets"
                " that hold no rates.",
                limit=limit,
            )
        case "old_xls" | "binary_workbook":
            return env._(
                "This is an old or binary Excel file. Save it as .xlsx and upload that."
            )
        case "password_protected":
            return env._("The file has a password. Save it without one.")
        case "macro_file":
            return env._("The file contains macros. Save it as .xlsx without macros.")
        case "pdf_file":
            return env._("This is a PDF file. Ask the carrier for a spreadsheet.")
        case "html_file":
            return env._(
                "This is a web page with the name of a spreadsheet. Open it in a"
                " spreadsheet program and save it as .xlsx."
            )
        case "unsafe_file":
            return env._(
                "The file contains what a spreadsheet program does not write, and was"
                " refused. Save it again as .xlsx."
            )
        case "damaged_file":
            return env._(
                "The file is damaged. Open it in a spreadsheet program and save it"
                " again."
            )
        case _:  # not_a_workbook, not_text
            return env._("This is no spreadsheet. Upload an .xlsx or .csv file.")


def layout_name(env, layout):
    """Return how a sheet was understood."""
    match layout:
        case LayoutKind.FCL_WIDE:
            return env._("one column per container type")
        case LayoutKind.AIR_BREAKS:
            return env._("one column per weight break")
        case _:
            return str(layout)


def cell_error_message(env, error):
    """Return what is wrong with a cell, and what to do."""
    params = error.params
    value = params.get("value", "")
    match error.code:
        case "layout_unknown":
            return env._(
                "No table of rates was found: there must be columns for origin,"
                " destination and prices, with usual headings."
            )
        case "location_unknown":
            return env._(
                "%(label)s is not a known location. Add it as an alias of a location"
                " and preview again.",
                label=params["label"],
            )
        case "location_missing":
            return env._("Origin or destination is empty. Fill the cell.")
        case "container_unknown":
            return env._(
                "%(label)s is not a known container type. Add it to the market labels"
                " of a type and preview again.",
                label=params["label"],
            )
        case "price_unreadable":
            return env._("“%(value)s” is not a price. Correct the cell.", value=value)
        case "price_negative":
            return env._("The price %(value)s is negative.", value=value)
        case "price_count":
            return env._(
                "“%(value)s” does not give one price for each of the %(expected)s"
                " container types of the column.",
                value=value,
                expected=params["expected"],
            )
        case "price_missing":
            return env._("The row has no price. Fill the cell or delete the row.")
        case "number_ambiguous":
            return env._(
                "“%(value)s” can be read as thousands or as decimals. Enter it as a"
                " number.",
                value=value,
            )
        case "currency_conflict":
            return env._(
                "The row has prices in different currencies: %(currencies)s.",
                currencies=", ".join(params["currencies"]),
            )
        case "currency_unknown":
            return env._("“%(value)s” is not a currency.", value=value)
        case "date_unreadable":
            return env._("“%(value)s” is not a date. Enter it as a date.", value=value)
        case "dates_reversed":
            return env._("The validity ends before it begins.")
        case "days_unreadable":
            return env._("“%(value)s” is not a number of days.", value=value)
        case "formula_error":
            return env._("The formula gives an error. Correct it.")
        case "formula_not_calculated":
            return env._(
                "The formula has no stored result. Open the file in a spreadsheet"
                " program and save it."
            )
        case "column_twice":
            return env._(
                "The column %(heading)s comes twice: delete one.",
                heading=params.get("heading", ""),
            )
        case _:
            return str(error)


def remark_message(env, remark):
    """Return what a person should see though it is no error."""
    params = remark.params
    match remark.code:
        case "hidden_sheet":
            return env._("A hidden sheet was not read.")
        case "hidden_rows":
            return env._(
                "Hidden rows %(first)s to %(last)s were not read.",
                first=params["first"],
                last=params["last"],
            )
        case "hidden_columns":
            return env._(
                "Hidden columns %(first)s to %(last)s were not read.",
                first=params["first"],
                last=params["last"],
            )
        case "column_not_read":
            return env._("The column “%(heading)s” was not read.", heading=remark.text)
        case "sheet_not_read":
            return env._("No table of rates was found on this sheet.")
        case "encoding_guessed":
            return env._(
                "The text encoding was guessed (%(encoding)s): check names with"
                " accents.",
                encoding=remark.text,
            )
        case "lane_expired":
            return env._("The rate expired on %(date)s.", date=params["date"])
        case "lane_twice":
            return env._(
                "%(lane)s is in row %(row)s of %(sheet)s already, for the same time.",
                lane=params["lane"],
                row=params["row"],
                sheet=params["sheet"],
            )
        case "lane_not_offered":
            return env._("The lane is not offered.")
        case "location_shortened":
            return env._(
                "%(label)s was taken for %(used)s.",
                label=params["label"],
                used=params["used"],
            )
        case "validity_missing":
            return env._("No last day of validity is given.")
        case "currency_missing":
            return env._("No currency is given: the one of the import is taken.")
        case "dollar_read_as_usd":
            return env._("“$” was read as US dollars.")
        case "price_zero":
            return env._("The price is zero.")
        case "price_on_request":
            return env._("The price is on request.")
        case "days_as_text":
            return env._("“%(text)s” is no plain number of days.", text=remark.text)
        case "density_as_text":
            return env._("“%(text)s” is no density such as 1:6.", text=remark.text)
        case "surcharge_unit_unknown":
            return env._(
                "The unit of the surcharge “%(heading)s” is unknown: it was not read.",
                heading=remark.text,
            )
        case _:  # notes and comments in the carrier's own words
            return remark.text or remark.code
