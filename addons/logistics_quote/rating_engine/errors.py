"""The one error that the engine raises."""


class RatingError(Exception):
    """A request that cannot be priced: a code to translate, and its parameters.

    Codes: ``negative_quantity``, ``negative_price``, ``measure_missing``,
    ``container_type_missing``, ``container_price_missing``, ``break_missing``,
    ``percent_base_missing``, ``percent_cycle``, ``volumetric_rule_missing``,
    ``invalid_volumetric_rule``, ``invalid_charge``, ``invalid_condition``,
    ``duplicate_key``, ``free_time_negative``, ``free_time_dates``,
    ``free_time_calendar``.
    """

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(code, params)

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} ({details})" if details else self.code
