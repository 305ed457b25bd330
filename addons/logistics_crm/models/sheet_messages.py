"""What reading a file of clients reports, in the user's language."""


def sheet_error_message(env, error):
    """Return why a file cannot be read at all, and what to do."""
    match error.code:
        case "empty_file":
            return env._("The file is empty. Choose another one.")
        case "file_too_large" | "unpacks_too_large" | "too_many_cells":
            return env._("The file is too large. Split it into several files.")
        case "old_xls" | "binary_workbook":
            return env._(
                "This is an old or binary Excel file. Save it as .xlsx and upload that."
            )
        case "password_protected":
            return env._("The file has a password. Save it without one.")
        case "macro_file":
            return env._("The file contains macros. Save it as .xlsx without macros.")
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
        case _:  # not_a_workbook, not_text, pdf_file, html_file
            return env._("This is no spreadsheet. Upload an .xlsx or .csv file.")


def cell_issue_message(env, issue, labels):
    """Return what is wrong with a cell, and what to do.

    :param labels: {field: label} to name fields by
    """
    params = issue.params
    value = params.get("value", "")
    match issue.code:
        case "required_empty":
            return env._(
                "%(fields)s is empty: fill the cell, or delete the row.",
                fields=" / ".join(labels.get(name, name) for name in params["fields"]),
            )
        case "not_a_mail_address":
            return env._("“%(value)s” is no mail address. Correct it.", value=value)
        case "not_a_number":
            return env._("“%(value)s” is no number. Correct it.", value=value)
        case "number_ambiguous":
            return env._(
                "“%(value)s” can be read as thousands or as decimals. Enter it as a"
                " number.",
                value=value,
            )
        case "number_negative":
            return env._("%(value)s is negative. Correct it.", value=value)
        case "not_a_date":
            return env._("“%(value)s” is not a date. Enter it as a date.", value=value)
        case "text_too_long":
            return env._("The text is too long. Shorten it.")
        case "formula_error":
            return env._("The formula gives an error. Correct it.")
        case _:  # formula_not_calculated
            return env._(
                "The formula has no stored result. Open the file in a spreadsheet"
                " program and save it."
            )


def tax_number_message(env, number, reason):
    match reason:
        case "checksum":
            return env._(
                "The tax number %(number)s is wrong: its check digit does not fit."
                " Ask the client.",
                number=number,
            )
        case "length":
            return env._(
                "The tax number %(number)s has too few or too many characters.",
                number=number,
            )
        case _:  # format, component
            return env._(
                "%(number)s is no tax number of this country. Correct it.",
                number=number,
            )
