from odoo import models
from odoo.tools import format_amount


class LogisticsValueExplanation(models.AbstractModel):
    """Turn the codes of the pure package into sentences."""

    _name = "logistics.value.explanation"
    _description = "Client value: sentences of a run"

    def _explain(self, code, params):
        """Return the sentence for a note or an error of the pure package."""
        sentence = self._get_explanations(params).get(code)
        if sentence:
            return sentence
        details = ", ".join(f"{key}: {value}" for key, value in params.items())
        return f"{code} ({details})" if details else code

    def _get_explanations(self, params):
        """Return the sentences by code; a parameter of another code stays empty."""
        get = params.get
        return {
            "no_orders": self.env._("No client has an order day: nothing to predict."),
            "outside_clients": self.env._(
                "%(amount)s of the contribution in the ledger belong to no client: own "
                "companies, or invoices without a client.",
                amount=format_amount(
                    self.env, get("amount", 0), self.company_id.currency_id
                ),
            ),
            "cost_without_orders": self.env._(
                "%(amount)s of cost-to-serve went to clients without an invoice: they "
                "are not valued, and their cost is not in the values.",
                amount=format_amount(
                    self.env, get("amount", 0), self.company_id.currency_id
                ),
            ),
            "unexpected": get("reason", ""),
            "cost_unknown": self.env._(
                "Direct cost is known for %(share)s %% of the revenue only: without "
                "it the whole revenue counts as contribution, and values are too high.",
                share=get("share", 0),
            ),
            "template_parameters": self.env._(
                "There are %(clients)s clients, %(repeaters)s of them with repeat "
                "orders, over %(days)s days; parameters of your own need "
                "%(min_clients)s, %(min_repeaters)s and %(min_days)s. Usual values "
                "are used instead: take the expected values as a rough guide.",
                clients=get("clients", 0),
                repeaters=get("repeaters", 0),
                days=get("history_days", 0),
                min_clients=get("min_clients", 0),
                min_repeaters=get("min_repeaters", 0),
                min_days=get("min_history_days", 0),
            ),
            "fit_at_boundary": self.env._(
                "The %(model)s model found no inner optimum on your clients; it was "
                "fitted again, held near usual values.",
                model=self._get_model_name(get("model")),
            ),
            "fit_not_converged": self.env._(
                "The %(model)s model did not settle on your clients; it was fitted "
                "again, held near usual values.",
                model=self._get_model_name(get("model")),
            ),
            "far_from_prior": self.env._(
                "The parameters of the %(model)s model are far from usual values: "
                "check the first and last orders of your clients.",
                model=self._get_model_name(get("model")),
            ),
            "run_rate_only": self.env._(
                "No %(model)s model fits your clients: their orders so far are carried "
                "on unchanged.",
                model=self._get_model_name(get("model")),
            ),
            "margins_not_positive": self.env._(
                "%(clients)s clients have no positive contribution: the expected "
                "contribution is a credibility mean, which allows losses.",
                clients=get("clients", 0),
            ),
            "few_margins": self.env._(
                "Only %(clients)s clients tell about contributions: the expected "
                "contribution is a credibility mean.",
                clients=get("clients", 0),
            ),
            "gamma_gamma_unusable": self.env._(
                "The contributions do not follow the Gamma-Gamma model: the expected "
                "contribution is a credibility mean."
            ),
            "credibility_by_default": self.env._(
                "The spread of contributions cannot be told from so few orders: %(k)s "
                "orders of a client weigh as much as the mean of all.",
                k=get("k", 0),
            ),
            "margin_depends_on_orders": self.env._(
                "Contribution and number of orders go together (correlation "
                "%(correlation)s): values of very small and very large clients are "
                "less certain.",
                correlation=get("correlation", 0),
            ),
            "age_clipped": self.env._(
                "%(clients)s clients have their first order after the date of the run.",
                clients=get("clients", 0),
            ),
            "recency_clipped": self.env._(
                "%(clients)s clients have order dates that do not follow one another.",
                clients=get("clients", 0),
            ),
            "shape_mismatch": self.env._("The facts of the clients are incomplete."),
            "not_finite": self.env._(
                "The facts of the clients hold a number that is none: %(name)s.",
                name=get("name", ""),
            ),
            "negative": self.env._(
                "The facts of the clients hold a negative number: %(name)s.",
                name=get("name", ""),
            ),
            "no_data": self.env._("There are no clients to value."),
            "run_rate_won": self.env._(
                "Over the last twelve months plain rules found the best clients better "
                "than the model: the orders so far are carried on unchanged."
            ),
            "run_rate_chosen": self.env._("Expected orders are the run rate."),
            "no_holdout": self.env._(
                "The history is too short to check the model on the last twelve months."
            ),
            "older_than_ledger": self.env._(
                "%(clients)s clients were clients before the first invoice here: their "
                "first order day is not the first of all.",
                clients=get("clients", 0),
            ),
            "bad_rate": self.env._("The discount rate must be above -100 %."),
            "bad_horizon": self.env._("The horizon must be at least one month."),
        }

    def _get_model_name(self, model):
        return {
            "bg_nbd": "BG/NBD",
            "mbg_nbd": "MBG/NBD",
            "mbg_cnbd": "MBG/CNBD-k",
        }.get(model, model or "")
