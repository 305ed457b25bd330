"""The templates under i18n hold what the addons show now (./dev i18n writes them)."""

import io

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open
from odoo.tools.translate import trans_export

ADDONS = ("logistics_crm", "logistics_quote", "logistics_clv")


@tagged("post_install", "-at_install")
class TestTranslationTemplate(TransactionCase):
    def test_template_holds_the_terms_of_the_addon(self):
        for addon in ADDONS:
            with self.subTest(addon=addon), io.BytesIO() as buffer:
                trans_export(False, [addon], buffer, "po", self.env)
                shown = {
                    entry.msgid for entry in polib.pofile(buffer.getvalue().decode())
                }
                with file_open(f"{addon}/i18n/{addon}.pot") as template:
                    written = {entry.msgid for entry in polib.pofile(template.read())}
                self.assertEqual(shown - written, set(), "missing: run ./dev i18n")
                self.assertEqual(written - shown, set(), "outdated: run ./dev i18n")
