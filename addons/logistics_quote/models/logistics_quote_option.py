from odoo import api, fields, models
from odoo.exceptions import UserError


class LogisticsQuoteOption(models.Model):
    _name = "logistics.quote.option"
    _description = "Freight Quote Option"
    _order = "order_id, is_stale, sequence, id"
    _check_company_auto = True

    order_id = fields.Many2one(
        "sale.order", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    carrier_id = fields.Many2one("res.partner", check_company=True)
    routing = fields.Char()
    transit_days = fields.Integer()
    free_days = fields.Integer()
    valid_until = fields.Date(help="Of its rates, the first to expire.")
    # which rates these are tells the price to whoever may read the library
    rate_id = fields.Many2one(
        "logistics.rate",
        string="Freight Rate",
        index="btree_not_null",
        ondelete="set null",
        groups="logistics_quote.group_buy_price",
        copy=False,
    )
    rating_key = fields.Char(help="Of the enquiry that was rated.")

    is_chosen = fields.Boolean(string="Chosen")
    is_stale = fields.Boolean(
        string="Outdated", help="The enquiry was rated again after this was chosen."
    )
    is_cheapest = fields.Boolean(string="Cheapest")
    is_fastest = fields.Boolean(string="Fastest")
    is_best_margin = fields.Boolean(
        string="Best Margin", groups="logistics_quote.group_buy_price"
    )
    has_unruled_charge = fields.Boolean(
        string="No Margin Rule",
        help="No margin rule fits at least one of the charges: it is sold at cost.",
        # then the price tells the cost
        groups="logistics_quote.group_buy_price",
    )

    marks = fields.Char(compute="_compute_marks")

    currency_id = fields.Many2one("res.currency", required=True)
    sell_amount = fields.Monetary(string="Price")
    buy_amount = fields.Monetary(
        string="Cost", groups="logistics_quote.group_buy_price", copy=False
    )
    margin = fields.Monetary(
        compute="_compute_margin",
        store=True,
        groups="logistics_quote.group_buy_price",
    )
    margin_percent = fields.Float(
        string="Margin (%)",
        compute="_compute_margin",
        store=True,
        aggregator="avg",
        groups="logistics_quote.group_buy_price",
    )
    line_ids = fields.One2many("logistics.quote.option.line", "option_id")

    @api.depends("is_cheapest", "is_fastest", "is_chosen", "is_stale")
    @api.depends_context("uid", "lang")
    def _compute_marks(self):
        sees_margin = self.env.user.has_group("logistics_quote.group_buy_price")
        for option in self:
            marks = (
                (self.env._("Chosen"), option.is_chosen),
                (self.env._("Outdated"), option.is_stale),
                (self.env._("Cheapest"), option.is_cheapest),
                (self.env._("Fastest"), option.is_fastest),
                (
                    self.env._("Best margin"),
                    # which option earns most is for those who may see margins
                    sees_margin and option.is_best_margin,
                ),
                (
                    self.env._("No margin rule"),
                    sees_margin and option.has_unruled_charge,
                ),
                (
                    self.env._("Ask the pricing desk"),
                    not sees_margin and option.sudo().has_unruled_charge,
                ),
            )
            option.marks = ", ".join(label for label, applies in marks if applies)

    @api.depends("sell_amount", "buy_amount")
    def _compute_margin(self):
        for option in self:
            option.margin = option.sell_amount - option.buy_amount
            option.margin_percent = (
                option.sell_amount and option.margin / option.sell_amount
            )

    def action_choose(self):
        """Turn the option into order lines, in place of those chosen before."""
        self.ensure_one()
        order = self.order_id
        order.check_access("write")
        self._check_can_be_chosen()
        order._get_freight_order_lines().unlink()
        lines = self.env["sale.order.line"].create(self._prepare_order_lines())
        lines._keep_amount_with_included_taxes()
        end = self.valid_until
        if end and (not order.validity_date or end < order.validity_date):
            order.validity_date = end
        # Options are made by rating only: users may choose one, not edit it. The
        # order's own access was checked above.
        options = order.sudo().logistics_option_ids
        options.is_chosen = False
        options.browse(self.id).is_chosen = True
        return True

    def action_open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _check_can_be_chosen(self):
        self.ensure_one()
        order = self.order_id
        if order.state not in ("draft", "sent"):
            raise UserError(
                self.env._(
                    "%(order)s is no longer a quotation. Set it back to a quotation, or"
                    " make a new one, to choose another option.",
                    order=order.display_name,
                )
            )
        if self.is_stale or self.rating_key != order._get_rating_key():
            raise UserError(
                self.env._(
                    "The cargo, the route or the currency changed since this option was"
                    " rated. Use “Find Rates” and choose again."
                )
            )
        # only asks whether the rates still stand; nothing of them is shown
        rates = self.sudo().line_ids.rate_id
        today = fields.Date.context_today(self)
        end = self.valid_until
        day = order.logistics_cargo_date or today
        if (end and end < today) or any(not rate._is_in_force(day) for rate in rates):
            raise UserError(
                self.env._(
                    "A rate of this option has expired or was withdrawn. Use “Find"
                    " Rates” and choose again."
                )
            )

    def _prepare_order_lines(self):
        """Return the order lines' values: a section, then its charges."""
        self.ensure_one()
        order = self.order_id
        sequence = max(order.order_line.mapped("sequence"), default=9)
        sections = self.with_context(lang=order._get_lang())._get_section_names()
        vals_list = []
        section = None
        for line in self.line_ids.filtered(lambda line: not line.is_optional):
            if line.section != section:
                section = line.section
                sequence += 1
                vals_list.append(
                    {
                        "order_id": order.id,
                        "sequence": sequence,
                        "display_type": "line_section",
                        "name": sections[section],
                        "logistics_section": section,
                    }
                )
            sequence += 1
            vals_list.append(line._prepare_order_line_vals(order, sequence))
        return vals_list

    @api.model
    def _get_section_names(self):
        section = self.env["logistics.quote.option.line"]._fields["section"]
        return dict(section._description_selection(self.env))

    def _get_comparison(self):
        """Return the rows of a table that sets the options side by side.

        A charge that an option does not have is None there: it is not the same as a
        charge that costs nothing.
        """
        names = self._get_section_names()
        included = self.line_ids.filtered(lambda line: not line.is_optional)
        rows = []
        for section in names:
            charges = included.filtered_domain([("section", "=", section)])
            if not charges:
                continue
            rows.append({"is_section": True, "name": names[section]})
            for charge_code, lines in charges.grouped("charge_code_id").items():
                amounts = dict.fromkeys(self)
                for line in lines:
                    amount = amounts[line.option_id] or 0.0
                    amounts[line.option_id] = amount + line.sell_amount
                rows.append(
                    {
                        "is_section": False,
                        "name": charge_code.name,
                        "amounts": list(amounts.values()),
                    }
                )
        return rows
