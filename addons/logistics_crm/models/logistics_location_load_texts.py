from odoo import api, models


class LogisticsLocationLoad(models.Model):
    """What is wrong with a row or a file, in the user's words."""

    # a file per subject
    _inherit = "logistics.location.load"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_problem_text(self, code, value):
        texts = {
            "country": self.env._("Unknown country %(value)s.", value=value),
            "reference": self.env._(
                "Reference without a target: %(value)s", value=value
            ),
            "no_code": self.env._("No location code: %(value)s", value=value),
            "code": self.env._("%(value)s is not a UN/LOCODE.", value=value),
            "name": self.env._("%(value)s has no name.", value=value),
            "twice": self.env._(
                "%(value)s is there twice, the first counts.", value=value
            ),
            "coordinates": self.env._(
                "Coordinates %(value)s are unreadable, taken without.", value=value
            ),
        }
        return texts[code]

    @api.model
    def _get_error_text(self, error):
        params = error.params
        texts = {
            "empty": lambda: self.env._(
                "The files have no entry of UN/LOCODE. Upload the parts of the code"
                " list as UNECE publishes them, in CSV."
            ),
            "columns": lambda: self.env._(
                "Row %(row)s of %(file)s has %(found)s columns where the list has 12."
                " Is it the code list, and in CSV?",
                **params,
            ),
            "not_csv": lambda: self.env._(
                "Row %(row)s of %(file)s is not CSV. Download the file again.", **params
            ),
            "encoding": lambda: self.env._(
                "%(file)s has an unknown encoding. Save it as UTF-8.", **params
            ),
            "too_large": lambda: self.env._(
                "%(file)s is larger than the list can be. Upload its CSV files only.",
                **params,
            ),
            "too_many_files": lambda: self.env._(
                "%(file)s has more than %(limit)s files. Upload the CSV files of the"
                " list only.",
                **params,
            ),
            "no_list": lambda: self.env._(
                "%(file)s has no CSV file. UNECE publishes the list in several formats:"
                " take CSV.",
                **params,
            ),
            "bad_zip": lambda: self.env._(
                "%(file)s cannot be opened: it is damaged or has a password.", **params
            ),
        }
        return texts[error.code]()
