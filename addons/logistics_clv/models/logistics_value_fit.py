import math

from odoo import api, fields, models

MODEL_NAMES = {
    "BgNbdFit": "BG/NBD",
    "MbgNbdFit": "MBG/NBD",
    "MbgCnbdFit": "MBG/CNBD-k",
    "GammaGammaFit": "Gamma-Gamma",
    "CredibilityFit": "Bühlmann",
}


class LogisticsValueFit(models.Model):
    """Parameters and diagnostics of one model of a valuation run."""

    _name = "logistics.value.fit"
    _description = "Client value: fitted model"
    _order = "run_id, id"

    run_id = fields.Many2one(
        "logistics.value.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    segment = fields.Char(
        readonly=True, help="Empty: the company, with all segments that are too small."
    )
    purpose = fields.Selection(
        [
            ("orders", "Expected orders"),
            ("churn", "Still active"),
            ("margin", "Contribution per order day"),
        ],
        required=True,
        readonly=True,
    )
    model = fields.Char(readonly=True)
    source = fields.Selection(
        [
            ("fitted", "Your clients"),
            ("prior", "Your clients, held near usual values"),
            ("template", "Usual values"),
            ("gamma_gamma", "Your clients"),
            ("credibility", "Your clients"),
        ],
        "Based on",
        readonly=True,
    )
    parameters = fields.Char(readonly=True)
    stages = fields.Integer(
        "k",
        readonly=True,
        aggregator=False,
        help="How regularly clients order: 1 at random, 6 like clockwork.",
    )
    log_likelihood = fields.Float(digits=(16, 4), readonly=True, aggregator=False)
    observations = fields.Integer("N", readonly=True, aggregator=False)
    iterations = fields.Integer(readonly=True, aggregator=False)
    converged = fields.Boolean(readonly=True)

    @api.model
    def _prepare_fit_vals(self, run, purpose, fit, source):
        """Return the values of a fit of the pure package, whatever its model."""
        log_likelihood = getattr(fit, "log_likelihood", math.nan)
        return {
            "run_id": run.id,
            "purpose": purpose,
            "model": MODEL_NAMES.get(type(fit).__name__, type(fit).__name__),
            "source": str(source),
            "parameters": ", ".join(
                f"{name.removeprefix('population_')} {getattr(fit, name):.4g}"
                + ("" if math.isnan(error) else f" (\u00b1 {error:.2g})")
                for name, error in self._get_parameters(fit)
            ),
            "log_likelihood": 0 if math.isnan(log_likelihood) else log_likelihood,
            "stages": fit.k if isinstance(getattr(fit, "k", None), int) else 0,
            "observations": int(fit.n),
            "iterations": getattr(fit, "iterations", 0),
            "converged": getattr(fit, "converged", getattr(fit, "estimated", False)),
        }

    @api.model
    def _get_parameters(self, fit):
        """Return the names of the parameters of a fit with their standard errors."""
        names = next(
            names
            for names in (("r", "alpha", "a", "b"), ("p", "q", "v"), ("k",))
            if all(hasattr(fit, name) for name in names)
        )
        if hasattr(fit, "population_mean"):
            names = (*names, "population_mean")
        errors = tuple(getattr(fit, "standard_errors", ()))
        errors += (math.nan,) * (len(names) - len(errors))
        return zip(names, errors, strict=True)
