"""The log reader must see what Odoo's exit code hides."""

from devkit.odoo_log import LogReport, complaint_blocks

STAMP = "2026-11-23 10:00:00,123 4711"
INFO = f"{STAMP} INFO db odoo.modules.loading: Modules loaded."
RESULT = f"{STAMP} INFO db odoo.tests.result: %s failed, %s error(s) of %s tests when"


def read(*lines):
    return LogReport.parse("\n".join(lines))


def test_counts_are_summed_over_both_phases():
    report = read(INFO, RESULT % (0, 0, 7), RESULT % (1, 2, 12))
    assert (report.tests, report.failed) == (19, 3)
    assert not report.complaints


def test_an_error_line_is_a_complaint_though_odoo_exits_with_zero():
    line = f"{STAMP} ERROR db odoo.addons.base.models.assetsbundle: no such file"
    assert read(INFO, line).complaints == [line]


def test_a_warning_is_a_complaint():
    line = f"{STAMP} WARNING db odoo.registry: 0 failed, 0 error(s) of 0 tests"
    report = read(INFO, line)
    assert report.complaints == [line]
    assert report.tests == 0


def test_a_traceback_outside_the_log_format_is_a_complaint():
    assert read(INFO, "Traceback (most recent call last):").complaints


def test_a_skipped_test_is_named():
    logger = "odoo.addons.logistics_crm.tests.test_tours"
    line = f"{STAMP} INFO db {logger}: skipped TestTour.test_x : no browser"
    assert read(INFO, line).skipped == ["skipped TestTour.test_x : no browser"]


def test_blocks_hold_the_traceback_below_the_line(tmp_path):
    log = tmp_path / "odoo.log"
    error = f"{STAMP} ERROR db odoo.sql_db: bad query"
    log.write_text("\n".join([INFO, error, "Traceback", "  File x", INFO]))
    assert complaint_blocks(log) == [error, "Traceback", "  File x"]
