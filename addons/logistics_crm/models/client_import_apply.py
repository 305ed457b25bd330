"""The batches of an import: check, apply, undo."""

import logging

from psycopg2 import OperationalError

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from .client_import_check import ClientImportCheck, orm_values

_logger = logging.getLogger(__name__)

CHECKED = 1_000
APPLIED = 500
MAX_ATTEMPTS = 2
# tables that may name a record of the import without anybody having used it
OWN_TABLES = {
    "logistics_client_import_line",
    "logistics_lifecycle_history",
    "logistics_partner_key",
    "logistics_trade_lane",
    "mail_followers",
    "res_partner",
}


class RowError(Exception):
    def __init__(self, line, message):
        self.line = line
        super().__init__(message)


class ClientImportRun:
    def __init__(self, client_import):
        self.client_import = client_import
        self.env = client_import.env
        self.checker = None
        # once, not for each of thousands of rows
        self.first_stage_id = self.env["res.partner"]._get_logistics_first_stage().id

    def begin(self):
        """Count the attempt; give up a transaction that the server keeps cutting."""
        client_import = self.client_import
        once = client_import.mode == "all" and client_import.state == "importing"
        if once and client_import.attempts >= MAX_ATTEMPTS:
            client_import.write(
                {
                    "state": "previewed",
                    "attempts": 0,
                    "problem": self.env._(
                        "The server stopped the import before it was through; nothing"
                        " was changed. Split the file, leave out rows with errors"
                        " (which goes in steps), or have limit_time_real_cron raised."
                    ),
                }
            )
            return False
        client_import.attempts += 1
        return True

    def step(self):
        """Do one batch; return whether there is more to do."""
        if self.client_import.state == "checking":
            return self._check_batch()
        if self.client_import.state != "importing":
            return False
        if self.client_import.mode == "all":
            return self._apply_all()
        return self._apply_batch(strict=False)

    def _check_batch(self):
        lines = self._open_lines([("status", "=", "staged")], CHECKED)
        if not lines:
            self.client_import.state = "previewed"
            return False
        self.checker = self.checker or ClientImportCheck(self.client_import)
        self.checker.check(lines)
        self._forget()
        return True

    def _apply_all(self):
        """Apply the whole file in this transaction, or nothing of it."""
        try:
            with self.env.cr.savepoint():
                while self._apply_batch(strict=True):
                    pass
        except RowError as problem:
            self.env.invalidate_all()
            problem.line.write({"status": "error", "message": str(problem)})
            self.client_import.write(
                {
                    "state": "previewed",
                    "problem": self.env._(
                        "Nothing was imported: row %(row)s of %(sheet)s was refused."
                        " %(message)s",
                        row=problem.line.row,
                        sheet=problem.line.sheet,
                        message=str(problem),
                    ),
                }
            )
        return False

    def _apply_batch(self, *, strict):
        lines = self._open_lines([("outcome", "=", False)], APPLIED)
        if not lines:
            self.client_import.write(
                {"state": "done", "date_done": fields.Datetime.now()}
            )
            return False
        idle = lines.filtered(lambda line: self._action(line) == "skip")
        idle.write({"outcome": "skipped"})
        # one kind after the other: a contact needs its client
        for kind in ("customer", "contact", "lane"):
            of_kind = (lines - idle).filtered(lambda line, kind=kind: line.kind == kind)
            for action in ("create", "update"):
                self._apply_lines(
                    of_kind.filtered(
                        lambda line, action=action: self._action(line) == action
                    ),
                    kind,
                    action,
                    strict,
                )
        self._forget()
        return True

    def _action(self, line):
        match line.status:
            case "new":
                return "create"
            case "update":
                return "update"
            case "duplicate":
                return line.decision or self.client_import.duplicate_action
            case _:
                return "skip"

    def _apply_lines(self, lines, kind, action, strict):
        """Apply in one go; if that is refused, one by one to find who is to blame."""
        if not lines:
            return
        apply = getattr(self, f"_{action}")
        try:
            with self.env.cr.savepoint():
                apply(lines, kind)
                self.env.flush_all()
            return
        except OperationalError:
            raise  # lost connection or conflict: the batch is tried again
        except Exception as problem:
            self.env.invalidate_all()
            _logger.info("A batch of rows was refused, now row by row: %s", problem)
        for line in lines:
            try:
                with self.env.cr.savepoint():
                    apply(line, kind)
                    self.env.flush_all()
            except OperationalError:
                raise
            except Exception as problem:
                message = self._problem_message(problem)
                if strict:
                    raise RowError(line, message) from problem
                self.env.invalidate_all()
                line.write(
                    {"status": "error", "message": message, "outcome": "skipped"}
                )

    def _problem_message(self, problem):
        if isinstance(problem, UserError):
            return str(problem)
        model = self.env["res.partner"]
        if hasattr(problem, "diag"):
            return model._sql_error_to_message(problem)
        return self.env._("The row was refused: %(reason)s", reason=str(problem))

    def _quiet(self, model):
        # thousands of "created" notes and mails would tell nobody anything
        return self.env[model].with_context(
            tracking_disable=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            mail_notrack=True,
        )

    def _create(self, lines, kind):
        prepare = getattr(self, f"_prepare_{kind}_vals")
        vals_list = [prepare(line) for line in lines]
        if kind == "customer":
            # core's own way for many partners at once; not for contacts, where it
            # reads fields of the company that only accountants may see
            records = self._quiet("res.partner")._load_records_create(vals_list)
        elif kind == "contact":
            records = self._quiet("res.partner").create(vals_list)
        else:
            records = self._quiet("logistics.trade.lane").create(vals_list)
        fname = "lane_id" if kind == "lane" else "partner_id"
        for line, record in zip(lines, records, strict=True):
            line.write({fname: record.id, "outcome": "created"})

    def _update(self, lines, kind):
        self.checker = self.checker or ClientImportCheck(self.client_import)
        for line in lines:
            record = line.lane_id if kind == "lane" else line.partner_id
            changes = self.checker._changes(
                record,
                {
                    name: value
                    for name, value in line.values.items()
                    if name not in ("partner_id", "parent_id")
                },
            )
            record.with_context(mail_notrack=True, tracking_disable=True).write(
                orm_values(changes)
            )
            line.outcome = "updated"

    def _prepare_customer_vals(self, line):
        return {
            "is_company": True,
            "logistics_stage_id": self.first_stage_id,
            **orm_values(line.values),
        }

    def _prepare_contact_vals(self, line):
        return {
            **orm_values(line.values),
            "is_company": False,
            "parent_id": self._client(line, "parent_id"),
        }

    def _prepare_lane_vals(self, line):
        return {
            **{k: v for k, v in orm_values(line.values).items() if v not in ("", None)},
            "partner_id": self._client(line, "partner_id"),
        }

    def _client(self, line, fname):
        client_id = line.client_line_id.partner_id.id or line.values.get(fname)
        if not client_id:
            raise UserError(
                self.env._("The client's own row was left out: this one needs it.")
            )
        return client_id

    def _open_lines(self, domain, limit):
        return self.env["logistics.client.import.line"].search(
            [("import_id", "=", self.client_import.id), *domain],
            order="sequence, id",
            limit=limit,
        )

    def _forget(self):
        """Write, and keep the memory flat."""
        self.env.flush_all()
        self.env.invalidate_all()

    def undo(self):
        """Delete what was created and nobody has used since; return how many stay."""
        client_import = self.client_import
        created = client_import.line_ids.filtered(
            lambda line: line.outcome == "created"
        )
        lanes = created.lane_id
        changed = lanes.filtered(lambda lane: lane.write_date > client_import.date_done)
        (lanes - changed).unlink()
        # sudo: who may not delete clients takes back own ones that nobody has used
        partners = created.partner_id.sudo()
        used = self._used_partner_ids(partners)
        used |= set(changed.partner_id.ids)
        kept = partners.browse(used)
        used |= set(kept.parent_id.ids)
        free = partners.filtered(lambda partner: partner.id not in used)
        contacts = free.filtered("parent_id")
        for batch in split_every(500, [*contacts.ids, *(free - contacts).ids]):
            partners.browse(batch).unlink()
        return len(used & set(partners.ids)) + len(changed)

    def _used_partner_ids(self, partners):
        """Return those that another record names, or that were changed since.

        Sources: every foreign key on res_partner, from the catalogue of PostgreSQL as
        core's merge reads it; each has an index or a small table.
        """
        done = self.client_import.date_done
        used = set(partners.filtered(lambda partner: partner.write_date > done).ids)
        own = set(partners.ids)
        children = self.env["res.partner"].with_context(active_test=False)
        # sudo: contacts that others added and the user may not see are uses too
        for child in children.sudo().search([("parent_id", "in", partners.ids)]):
            if child.id not in own:
                used.add(child.parent_id.id)
        lanes = self.env["logistics.trade.lane"].sudo().with_context(active_test=False)
        used |= set(lanes.search([("partner_id", "in", partners.ids)]).partner_id.ids)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        for table, column in wizard._get_fk_on("res_partner"):
            if table in OWN_TABLES or not own:
                continue
            used |= {
                id_
                for (id_,) in self.env.execute_query(
                    SQL(
                        "SELECT DISTINCT %s FROM %s WHERE %s = ANY(%s)",
                        SQL.identifier(column),
                        SQL.identifier(table),
                        SQL.identifier(column),
                        list(own),
                    )
                )
            }
        return used
