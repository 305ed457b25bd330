"""What a percentage is taken of, and the refusal of those that refer to each other."""

from collections.abc import Sequence

from .basis import Basis
from .charge import Charge
from .errors import RatingError


class Percentages:
    """The charges that each percentage is taken of, among those of one request."""

    def __init__(self, charges: Sequence[Charge]) -> None:
        self.charges = charges
        self.by_code: dict[str, list[Charge]] = {}
        self.by_family: dict[str, list[Charge]] = {}
        for charge in charges:
            self.by_code.setdefault(charge.code, []).append(charge)
            if charge.family:
                self.by_family.setdefault(charge.family, []).append(charge)

    def base_charges(self, charge: Charge) -> list[Charge]:
        """Return what a percentage is taken of, each charge once.

        What is optional does not raise what is mandatory: it may not be ordered.
        Raise RatingError ``percent_base_missing`` when there is nothing of it.
        """
        base = self._all_base_charges(charge)
        if not base and charge.basis is not Basis.PERCENT_VALUE:
            raise RatingError(
                "percent_base_missing",
                charge=charge.key,
                codes=(*charge.percent_of, *charge.percent_of_families),
            )
        if charge.mandatory:
            return [other for other in base if other.mandatory]
        return base

    def _all_base_charges(self, charge: Charge) -> list[Charge]:
        match charge.basis:
            case Basis.PERCENT:
                found = {
                    other.key: other
                    for code in charge.percent_of
                    for other in self.by_code.get(code, ())
                }
                for family in charge.percent_of_families:
                    for other in self.by_family.get(family, ()):
                        # A charge of the family does not count towards itself.
                        if other.key != charge.key:
                            found[other.key] = other
                return list(found.values())
            case Basis.PERCENT_VALUE if not charge.value_includes_freight:
                return []
            case Basis.PERCENT_FREIGHT_SURCHARGES:
                return [
                    other
                    for other in self.charges
                    if (other.is_freight or other.is_surcharge)
                    and other.key != charge.key
                ]
            case _:
                return [
                    other
                    for other in self.charges
                    if other.is_freight and other.key != charge.key
                ]


def check_cycle(charge: Charge, path: Sequence[Charge]) -> None:
    """Raise RatingError ``percent_cycle``, with the codes in order, on a cycle."""
    keys = [step.key for step in path]
    if charge.key in keys:
        cycle = (*path[keys.index(charge.key) :], charge)
        codes = tuple(step.code for step in cycle)
        raise RatingError("percent_cycle", charge=charge.key, path=codes)
