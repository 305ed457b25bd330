import functools
import random
from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ..valuation.cost_allocation import Method, Pool, allocate
from .cost_common import CostCommon


@tagged("post_install", "-at_install")
class TestCostRun(CostCommon):
    """From the books to what each client bears."""

    def test_kaplan_anderson_2004(self):
        """The quarter of the article as one month: 560,000 over 700,000 minutes."""
        self._book(self.team, 560_000)
        inquiries, checks = self.Driver.create(
            [{"name": name, "code": name} for name in ("inquiries", "checks")]
        )
        self._create_pool(
            method="time",
            minutes_per_event=8,
            people=1,
            hours=14_583.34,
            practical_percent=80,
            term_ids=[
                Command.create({"driver_id": inquiries.id, "minutes": 44}),
                Command.create({"driver_id": checks.id, "minutes": 50}),
            ],
        )
        self._enter(self.client_a, 49_000)
        self._enter(self.client_b, 1_400, driver=inquiries)
        self._enter(self.client_a_office, 2_500, driver=checks)
        run = self._create_run(compute=False)
        run.sudo()._read_books()
        run.sudo().pool_line_ids.capacity_minutes = 700_000
        for __ in run.sudo()._iter_steps(resume=True):
            pass
        self.assertRecordValues(
            run,
            [
                {
                    "state": "computed",
                    "amount": 560_000,
                    "allocated": 462_880,
                    "unused": 97_120,
                    "unallocated": 0,
                    "client_count": 2,
                }
            ],
        )
        # 49,000 x 6.40 + 2,500 x 40.00 and 1,400 x 35.20
        self.assertEqual(
            self._get_amounts(run), {"Client A": 413_600, "Client B": 49_280}
        )
        self.assertEqual(run.pool_line_ids.minutes_used, 578_600)

    def test_share_gives_out_the_last_cent(self):
        self._book(self.team, 100)
        self._create_pool()
        clients = self.client_a | self.client_b
        clients |= clients.create({"name": "Client C", "is_company": True})
        for client in clients:
            self._enter(client, 1)
        run = self._create_run()
        self.assertEqual(
            self._get_amounts(run),
            {"Client A": 33.34, "Client B": 33.33, "Client C": 33.33},
        )
        self.assertRecordValues(
            run, [{"allocated": 100, "unallocated": 0, "rounding_remainder": 0.01}]
        )

    def test_price_leaves_the_rest_unallocated(self):
        self._book(self.team, 1000)
        self._create_pool(method="rate", unit_cost=12.345)
        self._enter(self.client_a, 3)
        self._enter(self.client_b, 7)
        run = self._create_run()
        self.assertEqual(self._get_amounts(run), {"Client A": 37.04, "Client B": 86.41})
        self.assertRecordValues(
            run, [{"allocated": 123.45, "unallocated": 876.55, "unused": 0}]
        )

    def test_orders_are_counted_in_their_month(self):
        for date in ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01"):
            order = self._create_order([(self.sea, 1, 100, 60)])
            order.date_order = f"{date} 12:00:00"
        self._book(self.team, 10)
        self._create_pool(driver_id=self.orders.id)
        run = self._create_run()
        self.assertRecordValues(
            self.Allocation.search([("run_id", "=", run.id)]),
            [{"client_id": self.client_a.id, "quantity": 2, "amount": 10}],
        )

    def test_own_company_is_no_client(self):
        self._book(self.team, 10)
        self._create_pool()
        self._enter(self.client_a, 1)
        self._enter(self.company.partner_id, 9)
        run = self._create_run()
        self.assertEqual(self._get_amounts(run), {"Client A": 10})

    def test_computing_twice_gives_the_same(self):
        self._book(self.team, 99.99)
        self._create_pool()
        self._enter(self.client_a, 1)
        self._enter(self.client_b, 2)
        run = self._create_run()
        first = self.Allocation.search([("run_id", "=", run.id)]).read(
            ["client_id", "quantity", "amount", "acquisition_amount"]
        )
        run.action_compute()
        again = self.Allocation.search([("run_id", "=", run.id)]).read(
            ["client_id", "quantity", "amount", "acquisition_amount"]
        )
        for old, new in zip(first, again, strict=True):
            self.assertEqual({**old, "id": 0}, {**new, "id": 0})

    def test_stopped_computation_goes_on_with_the_next_pool(self):
        self._book(self.team, 100)
        self._book(self.fair, 50)
        self._create_pool()
        self._create_pool(self.fair, name="Fairs", kind="marketing")
        self._enter(self.client_a, 1)
        run = self._create_run(compute=False)
        steps = run.sudo()._iter_steps()
        next(steps)
        next(steps)
        steps.close()
        self.assertEqual(run.pool_line_ids.mapped("is_done"), [True, False])
        for __ in run.sudo()._iter_steps(resume=True):
            pass
        self.assertEqual(self._get_amounts(run), {"Client A": 150})
        self.assertEqual(len(self.Allocation.search([("run_id", "=", run.id)])), 2)

    def test_negative_count_of_a_month_counts_nothing(self):
        self._book(self.team, 100)
        self._create_pool()
        self._enter(self.client_a, 1)
        self._enter(self.client_b, 3)
        self._enter(self.client_b, -4)
        run = self._create_run()
        self.assertEqual(self._get_amounts(run), {"Client A": 100})

    def test_sql_agrees_with_the_plain_allocation(self):
        """The set-based twin gives each client the same, to the cent."""
        chance = random.Random(7)
        self._book(self.team, 1234.57)
        clients = self.env["res.partner"].create(
            [{"name": f"Client {n}", "is_company": True} for n in range(60)]
        )
        counts = {client: round(chance.expovariate(0.1), 4) for client in clients}
        for client, count in counts.items():
            self._enter(client, count)
        run = self._create_run(compute=False)
        pool = self._create_pool(
            unit_cost=1.234567, minutes_per_event=7.25, people=2, hours=150
        )
        decimals = {key.id: Decimal(str(value)) for key, value in counts.items()}
        minutes = {key: value * Decimal("7.25") for key, value in decimals.items()}
        plain = functools.partial(
            Pool,
            amount=Decimal("1234.57"),
            unit_cost=Decimal("1.234567"),
            capacity_minutes=Decimal(14400),
        )
        for method, weights in (
            ("share", decimals),
            ("rate", decimals),
            ("time", minutes),
        ):
            pool.method = method
            run.action_compute()
            expected = allocate(plain(Method(method)), weights)
            allocations = self.Allocation.search([("run_id", "=", run.id)])
            with self.subTest(method=method):
                self.assertEqual(
                    {line.client_id.id: line.amount for line in allocations},
                    {key: float(part) for key, part in expected.parts.items()},
                )
                self.assertRecordValues(
                    run,
                    [
                        {
                            "allocated": float(expected.allocated),
                            "unused": float(expected.unused),
                            "unallocated": float(expected.unallocated),
                            "rounding_remainder": float(expected.rounding_remainder),
                        }
                    ],
                )

    def test_formula_over_drivers(self):
        other = self.Driver.create({"name": "Faxes", "code": "faxes"})
        formula = self.Driver.create(
            {
                "name": "Effort",
                "code": "effort",
                "kind": "formula",
                "formula": "entries + 0.5 * min(faxes, 4) - faxes / 100",
            }
        )
        self._book(self.team, 100)
        self._create_pool(method="rate", unit_cost=1, driver_id=formula.id)
        self._enter(self.client_a, 10)
        self._enter(self.client_a, 10, driver=other)
        self._enter(self.client_b, 2, driver=other)
        run = self._create_run()
        self.assertEqual(self._get_amounts(run), {"Client A": 11.9, "Client B": 0.98})
        preview = self.env["logistics.cost.driver.preview"].create(
            {"driver_id": formula.id, "month": "2026-03-01"}
        )
        preview.action_count()
        self.assertRecordValues(
            preview.line_ids,
            [
                {"client_id": self.client_a.id, "quantity": 11.9},
                {"client_id": self.client_b.id, "quantity": 0.98},
            ],
        )
