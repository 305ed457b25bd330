from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..models.logistics_value_validation import RunValidation
from .common import ValueCommon

AS_OF = fields.Date.to_date("2026-03-30")


class PredictionCommon(ValueCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = cls._create_order_and_invoice(1, 1, "2022-12-30")
        cls.ledger._refresh()

    @classmethod
    def _enter_entries(cls, rows, mode=None, source="vendor_bill"):
        """Enter days in the ledger: (client, date, revenue, contribution).

        The next refresh of the ledger would take them out: no document has them.
        """
        cls.env.cr.executemany(
            """
            INSERT INTO logistics_value_entry (
                move_id, client_id, company_id, currency_id, cost_source, date, period,
                order_date, revenue, cost, contribution, is_order, is_other_account,
                is_adjustment, mode_id)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, TRUE, FALSE,
                TRUE, %s)
            """,
            [
                (
                    cls.document.id,
                    client.id,
                    cls.company.id,
                    cls.company.currency_id.id,
                    source,
                    date,
                    date.replace(day=1),
                    date,
                    revenue,
                    revenue - margin,
                    margin,
                    mode and mode.id,
                )
                for client, date, revenue, margin in rows
            ],
        )

    @classmethod
    def _create_base(cls, count, mode=None, gap=20):
        """Enter three years of regular and of lost clients."""
        clients = cls.env["res.partner"].create(
            [{"name": f"Shipper {gap} {index}"} for index in range(count)]
        )
        start = AS_OF - timedelta(days=1090)
        rows = []
        for index, client in enumerate(clients):
            day = start + timedelta(days=index * 7 % 200)
            last = AS_OF - timedelta(days=0 if index % 4 else index * 13 % 700)
            while day <= last:
                rows.append((client, day, 300, 40 + index % 9 * 12))
                wobble = (index * 5 + day.toordinal()) % 7
                day += timedelta(days=gap + index % 5 * 11 + wobble)
        cls._enter_entries(rows, mode)
        return clients

    @classmethod
    def _create_run(cls, **values):
        runs = cls.env["logistics.value.run"].sudo()
        return runs.create({"as_of_date": AS_OF, **values}).sudo(False)

    def _value(self, **values):
        run = self._create_run(**values)
        run.sudo()._value_clients()
        return run

    def _get_value(self, client):
        return self.env["logistics.client.value"].search(
            [("client_id", "=", client.id), ("company_id", "=", self.company.id)]
        )


@tagged("post_install", "-at_install")
class TestValuePrediction(PredictionCommon):
    """What a run stores of its models, and of their check on the past."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mode_sea = cls.env.ref("logistics_crm.transport_mode_fcl")
        cls.mode_air = cls.env.ref("logistics_crm.transport_mode_air")
        cls.clients = cls._create_base(60, cls.mode_sea)

    def test_default_model_is_fitted_and_kept(self):
        run = self._value()
        orders = run.fit_ids.filtered(lambda fit: fit.purpose == "orders")
        self.assertEqual(orders.model, "MBG/CNBD-k")
        self.assertGreater(orders.stages, 1)
        self.assertIn("\u00b1", orders.parameters)
        self.assertTrue(orders.log_likelihood)
        self.assertGreaterEqual(orders.observations, 60)
        values = run.value_ids.filtered(lambda value: value.client_id in self.clients)
        self.assertEqual(len(values), 60)
        for value in values:
            self.assertLessEqual(value.predicted_low, value.predicted + 0.01)
            self.assertLessEqual(value.predicted_low, value.predicted_high)
            if value.p_order > 0.5:  # else the band is nothing, the mean a little
                self.assertGreater(value.predicted_high, value.predicted)
            self.assertEqual(value.estimate, "fitted")

    def test_check_on_the_past_is_shown(self):
        run = self._value()
        self.assertIn(run.grade, ("a", "b", "c"))
        self.assertTrue(0.7 <= run.base_correction <= 1.3)
        self.assertEqual(
            [(line.measure, line.forecast) for line in run.holdout_ids],
            [
                (measure, forecast)
                for measure in ("orders", "profit")
                for forecast in ("model", "run_rate", "last_year")
            ],
        )
        self.assertEqual(len(run.decile_ids), 20)
        orders = run.holdout_ids[0]
        deciles = run.decile_ids.filtered(lambda line: line.measure == "orders")
        self.assertEqual(sum(deciles.mapped("clients")), orders.clients)
        self.assertAlmostEqual(sum(deciles.mapped("actual")), orders.actual, places=1)
        self.assertAlmostEqual(
            orders.total_ratio, orders.predicted / orders.actual, places=2
        )
        self.assertTrue(orders.auc > 0.5)
        again = self._value(check_holdout=False)
        self.assertFalse(again.holdout_ids)
        self.assertEqual(again.base_correction, 1)

    def test_model_that_loses_is_not_used(self):
        with patch.object(RunValidation, "grade", "c"):
            run = self._value()
        self.assertTrue(run.use_run_rate)
        self.assertEqual(run.order_source, "run_rate")
        self.assertIn("plain rules found the best clients", run.notes)
        self.assertEqual(self._get_value(self.clients[1]).estimate, "run_rate")

    def test_correction_scales_expected_orders(self):
        self._value(check_holdout=False)
        plain = self._get_value(self.clients[1]).expected_orders
        with (
            patch.object(RunValidation, "base_correction", 0.8),
            patch.object(RunValidation, "grade", "a"),
        ):
            self._value()
        corrected = self._get_value(self.clients[1]).expected_orders
        self.assertAlmostEqual(corrected, 0.8 * plain, delta=0.02)

    def test_large_segments_have_fits_of_their_own(self):
        others = self._create_base(12, self.mode_air, gap=35)
        run = self._value(segment_by="mode")
        self.assertEqual(
            {fit.segment or None for fit in run.fit_ids},
            {None, self.mode_sea.display_name},
        )
        self.assertEqual(self._get_value(others[0]).segment, self.mode_air.display_name)

    def test_reference_models_can_be_chosen(self):
        run = self._value(order_model="bg_nbd", money_model="gamma_gamma")
        models = {fit.purpose: fit.model for fit in run.fit_ids}
        self.assertEqual(models["orders"], "BG/NBD")
        self.assertEqual(models["churn"], "MBG/NBD")

    def test_two_runs_give_the_same_figures(self):
        self._value()
        first = self._get_value(self.clients[3]).read(["predicted", "predicted_high"])
        self._value()
        again = self._get_value(self.clients[3]).read(["predicted", "predicted_high"])
        self.assertEqual(first, again)

    def test_contract_is_worth_its_rest_and_the_renewals(self):
        client = self.clients[1]
        self._value()
        client.logistics_contract_renewal_date = AS_OF + timedelta(days=183)
        self._value()
        value = self._get_value(client)
        self.assertEqual(value.estimate, "contract")
        monthly = value.mean_contribution * value.order_days_year / 12
        # six months for sure, then three of four renewals
        self.assertGreater(value.predicted_low, 5.5 * monthly)
        self.assertLess(value.predicted_low, 6.1 * monthly)
        self.assertLess(value.predicted_low, value.predicted)
        self.assertLess(value.predicted, value.predicted_high)
        self.assertAlmostEqual(value.total, value.historical + value.predicted)
        self.assertIn("Under contract", value.sentence)
        self._value(use_contracts=False)
        self.assertEqual(self._get_value(client).estimate, "fitted")

    def test_break_is_left_out_and_must_have_two_days(self):
        run = self._value(break_from="2025-02-01", break_until="2025-04-30")
        self.assertEqual(run.historical, self._value().historical)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._create_run(break_from="2025-02-01")

    def test_sentence_and_cadence(self):
        self._value()
        value = self._get_value(self.clients[1])
        self.assertRegex(
            value.sentence,
            r"Ships every \d+(\.\d)? days on average \(\d+ shipments\); silent for \d+ "
            r"days = \d+\.\d times the usual\. Chance still active \d+ %; expected 12 "
            r"months: [\d.]+ shipments x .* = .*; last 12 months .*\.",
        )
        days = value._get_order_days(fields.Date.to_date("2025-01-01"))
        [dates] = days.values()
        self.assertEqual(dates, sorted(set(dates)))
        self.assertEqual(
            value.cadence["length"],
            (
                fields.Date.context_today(value)
                - fields.Date.to_date(value.cadence["start"])
            ).days,
        )

    def test_bridge_ends_with_the_historical_value(self):
        self._value()
        value = self._get_value(self.clients[1])
        bridge = {row["step"]: row["amount"] for row in value.bridge}
        self.assertEqual(bridge["1_revenue"], value.revenue)
        self.assertAlmostEqual(bridge["net"], value.historical)
        action = value.action_open_bridge_step("1_revenue")
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertAlmostEqual(sum(found.mapped("amount")), value.revenue)

    def test_running_run_is_cancelled_before_its_next_step(self):
        self._value()
        before = self._get_value(self.clients[1]).read()
        run = self._create_run(state="running")
        execution = type(self.env["logistics.value.run"])
        report = execution._report

        def cancel(run, progress, state=None):
            report(run, progress, state)
            if progress == 80:
                run.action_cancel()

        with (
            patch.object(execution, "_report", cancel),
            patch.object(execution, "_write_values") as write,
            patch.object(type(self.env["ir.cron"]), "_commit_progress"),
        ):
            run.sudo()._value_in_steps()
        write.assert_not_called()
        self.assertEqual(run.state, "cancelled")
        self.assertEqual(self._get_value(self.clients[1]).read(), before)

    def test_provisional_below_nine_tenths_of_known_cost(self):
        self._enter_entries(
            [
                (self.clients[1], AS_OF, 200, 200),
                (self.clients[2], AS_OF, 100_000, 100_000),
            ],
            source="none",
        )
        self._value()
        self.assertFalse(self._get_value(self.clients[1]).is_provisional)
        value = self._get_value(self.clients[2])
        self.assertTrue(value.is_provisional)
        self.assertIn("Provisional", value.sentence)


@tagged("post_install", "-at_install")
class TestValueOffers(PredictionCommon):
    """Potential: volume and services that a client does not buy from us."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mode = cls.env.ref("logistics_crm.transport_mode_fcl")
        cls.origin = cls.env.ref("logistics_crm.location_cnsha")
        cls.destination = cls.env.ref("logistics_crm.location_deham")
        for __ in range(2):
            order = cls._create_order(
                [(cls.sea, 1, 100, 60)],
                logistics_mode_id=cls.mode.id,
                logistics_origin_id=cls.origin.id,
                logistics_destination_id=cls.destination.id,
            )
            cls._invoice_order(order, "2026-03-10")
        cls._create_order_and_invoice(
            90, 60, "2026-03-10", cls.client_b, product=cls.air
        )
        cls.ledger._refresh()
        cls.lane = cls._create_lane(cls.client_a, 12)
        cls.lane.sudo().write({"booked_volume": 2, "booked_orders": 2})

    @classmethod
    def _create_lane(cls, client, volume, **vals):
        return (
            cls.env["logistics.trade.lane"]
            .sudo()
            .create(
                {
                    "partner_id": client.id,
                    "origin_id": cls.origin.id,
                    "destination_id": cls.destination.id,
                    "mode_id": cls.mode.id,
                    "volume_unit": "shipment",
                    "yearly_volume": volume,
                    **vals,
                }
            )
        )

    def _get_offers(self, client):
        return self.env["logistics.value.offer"].search(
            [("client_id", "=", client.id), ("company_id", "=", self.company.id)]
        )

    def test_open_volume_of_a_lane(self):
        run = self._value(discount_rate=0)
        # ten shipments of 40 each; 17 % of the lane are ours: one of four
        self.assertRecordValues(
            self._get_offers(self.client_a),
            [
                {
                    "kind": "lane",
                    "lane_id": self.lane.id,
                    "volume": 10,
                    "unit_contribution": 40,
                    "yearly": 400,
                    "probability": 0.25,
                    "amount": 100,
                }
            ],
        )
        value = self._get_value(self.client_a)
        self.assertEqual(value.potential, 100)
        self.assertAlmostEqual(value.total, value.historical + value.predicted)
        self.assertAlmostEqual(value.lifetime_value, value.total + 100)
        self.assertEqual(run.potential, 100)
        self.assertEqual(value.offer_count, 1)
        self.assertEqual(value.action_open_offers()["domain"][0][2], self.client_a.id)

    def test_lane_without_bookings_takes_the_margin_of_others(self):
        self._create_lane(self.client_b, 5)
        self._value(discount_rate=0)
        self.assertRecordValues(
            self._get_offers(self.client_b),
            [{"volume": 5, "unit_contribution": 40, "probability": 0.1, "amount": 20}],
        )

    def test_share_told_by_the_client_counts(self):
        self.lane.sudo().share_of_wallet = 50
        self._value(discount_rate=0)
        self.assertRecordValues(
            self._get_offers(self.client_a),
            [{"volume": 6, "probability": 0.4, "amount": 96}],
        )

    def test_first_win_rate_that_fits_counts(self):
        tier = self.env["logistics.value.tier"].search([], limit=1)
        self.client_a.sudo().logistics_tier_id = tier
        self.env["logistics.value.win.rate"].sudo().create(
            {"sequence": 1, "tier_id": tier.id, "probability": 60}
        )
        self._value(discount_rate=0)
        self.assertEqual(self._get_offers(self.client_a).amount, 240)

    def test_service_that_others_use(self):
        self.client_a.sudo().logistics_service_needed_ids = (
            self.service_air | self.service_sea
        )
        self._value(discount_rate=0, potential_months=24)
        offer = self._get_offers(self.client_a).filtered("service_id")
        # one of two clients uses it, and brings 30 a year
        self.assertRecordValues(
            offer,
            [
                {
                    "service_id": self.service_air.id,
                    "yearly": 30,
                    "probability": 0.5,
                    "amount": 30,
                }
            ],
        )
        self.client_a.sudo().logistics_service_used_ids = self.service_air
        self._value()
        self.assertFalse(self._get_offers(self.client_a).filtered("service_id"))

    def test_lane_at_a_loss_is_no_offer(self):
        self.env.cr.execute(
            "UPDATE logistics_value_entry SET contribution = -5 WHERE client_id = %s",
            [self.client_a.id],
        )
        self._value()
        self.assertFalse(self._get_offers(self.client_a))

    def test_salespeople_see_offers_and_days_of_own_clients(self):
        self._create_lane(self.client_b, 5)
        seller = new_test_user(
            self.env,
            "offer seller",
            "logistics_crm.group_salesperson",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        self.client_a.user_id = seller
        self._value()
        offers = self.env["logistics.value.offer"].with_user(seller)
        days = self.env["logistics.client.day"].with_user(seller)
        self.assertFalse(offers.search([]) or days.search([]))
        self.company.sudo().logistics_value_own_clients = True
        self.env.invalidate_all()
        self.assertEqual(offers.search([]).client_id, self.client_a)
        self.assertEqual(days.search([]).client_id, self.client_a)
        value = self._get_value(self.client_a).with_user(seller)
        self.assertTrue(value.sentence)
        self.assertEqual(value.offer_count, 1)
        self.assertFalse(offers.has_access("write"))
        rates = self.env["logistics.value.win.rate"].with_user(seller)
        self.assertFalse(rates.has_access("read"))

    def test_partner_form_asks_little_more(self):
        self._value()
        client = self.client_a
        fields_read = {
            name: {}
            for name in (
                "logistics_client_value",
                "logistics_client_value_known",
                "logistics_value_sentence",
                "logistics_value_cadence",
            )
        }
        base = {"name": {}, "currency_id": {"fields": {"symbol": {}}}}
        client.web_read(base | fields_read)

        def count(spec):
            self.env.invalidate_all()
            self.env.user.mapped("tz")  # any form asks for the time zone of its reader
            before = self.env.cr.sql_log_count
            client.web_read(spec)
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(count(base | fields_read) - count(base), 5)

    def test_win_rates_are_entered_in_a_list(self):
        form = Form(self.env["logistics.value.win.rate"].sudo())
        form.probability = 30
        self.assertEqual(form.save().display_name, "Any: 30 %")
