"""Price a set of charges for some cargo."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from .basis import Basis
from .cargo import (
    SEA_WM,
    ZERO,
    Cargo,
    VolumetricRule,
    chargeable_weight,
    weight_or_measure,
)
from .charge import Break, Charge, ChargePart, ChargeResult, Rating
from .errors import RatingError
from .explanation import Explanation
from .rounding import Convert, RoundAmount, round_step

HUNDRED = Decimal(100)
THOUSAND = Decimal(1000)
ONE = Decimal(1)

# Quantity of a basis that does not depend on the charge.
QUANTITIES: dict[Basis, Callable[[Cargo], Decimal]] = {
    Basis.SHIPMENT: lambda cargo: ONE,
    Basis.TEU: lambda cargo: cargo.teu,
    Basis.FEU: lambda cargo: cargo.teu / 2,
    Basis.GROSS_KG: lambda cargo: cargo.gross_kg,
    Basis.HUNDRED_KG: lambda cargo: cargo.gross_kg / HUNDRED,
    Basis.TONNE: lambda cargo: cargo.gross_kg / THOUSAND,
    Basis.CBM: lambda cargo: cargo.volume_m3,
    Basis.LDM: lambda cargo: cargo.ldm,
    Basis.PIECE: lambda cargo: Decimal(cargo.pieces),
}


def rate(
    charges: Iterable[Charge],
    cargo: Cargo,
    *,
    currency: str,
    convert: Convert,
    round_amount: RoundAmount,
) -> Rating:
    """Price every charge, in the order given, and total them in ``currency``.

    ``convert(amount, from, to)`` and ``round_amount(amount, currency)`` come from the
    caller. Raise RatingError on the first charge that cannot be priced.
    """
    return _Rater(tuple(charges), cargo, currency, convert, round_amount).run()


def select_break(
    breaks: Sequence[Break], quantity: Decimal, *, as_if: bool
) -> tuple[Decimal, Decimal]:
    """Return the quantity and rate to charge, of breaks sorted by quantity.

    The as-if weight rule looks at every higher break, since rates may rise again; the
    own break wins a tie, then the lower one. Raise RatingError when no break applies.
    """
    best: tuple[Decimal, Decimal] | None = None
    best_amount = ZERO
    for step in breaks:
        if step.from_quantity <= quantity:
            best = quantity, step.rate
            best_amount = quantity * step.rate
        elif not as_if:
            break
        else:
            amount = step.from_quantity * step.rate
            if best is None or amount < best_amount:
                best = step.from_quantity, step.rate
                best_amount = amount
    if best is None:
        raise RatingError("break_missing", quantity=quantity)
    return best


class _Rater:
    def __init__(
        self,
        charges: tuple[Charge, ...],
        cargo: Cargo,
        currency: str,
        convert: Convert,
        round_amount: RoundAmount,
    ) -> None:
        self.charges = charges
        self.cargo = cargo
        self.currency = currency
        self.convert = convert
        self.round_amount = round_amount
        self.by_code: dict[str, list[Charge]] = {}
        self.done: dict[str, ChargeResult] = {}
        self.quantities: dict[tuple[Basis, VolumetricRule | None], Decimal] = {}

    def run(self) -> Rating:
        keys = set()
        for charge in self.charges:
            if charge.key in keys:
                raise RatingError("duplicate_key", charge=charge.key)
            keys.add(charge.key)
            self.by_code.setdefault(charge.code, []).append(charge)
        for charge in self.charges:
            self.price(charge, ())
        results = tuple(self.done[charge.key] for charge in self.charges)
        total = sum((line.converted for line in results), ZERO)
        return Rating(results, total, self.currency, self.cargo)

    def price(self, charge: Charge, path: tuple[Charge, ...]) -> ChargeResult:
        if charge.key in self.done:
            return self.done[charge.key]
        if charge.basis.is_percent:
            result = self.price_percent(charge, path)
        elif charge.basis is Basis.CONTAINER:
            result = self.price_containers(charge)
        else:
            result = self.price_quantity(charge)
        self.done[charge.key] = result
        return result

    # one method per family of bases

    def price_quantity(self, charge: Charge) -> ChargeResult:
        actual = self.get_quantity(charge)
        unit = charge.basis.unit
        if charge.basis is Basis.CHARGEABLE_KG and charge.volumetric:
            unit = charge.volumetric.weight_unit
        quantity, unit_rate = actual, charge.rate
        if charge.breaks:
            try:
                quantity, unit_rate = select_break(
                    self.get_breaks(charge), actual, as_if=charge.as_if
                )
            except RatingError as error:
                raise RatingError(
                    error.code, charge=charge.key, **error.params
                ) from None
        amount = self.round_amount(quantity * unit_rate, charge.currency)
        code = "shipment" if charge.basis is Basis.SHIPMENT else "quantity"
        params = {
            "quantity": quantity,
            "unit": unit,
            "rate": unit_rate,
            "amount": amount,
            "currency": charge.currency,
        }
        if quantity != actual:
            code = "as_if"
            params["actual"] = actual
        return self.finish(
            charge,
            quantity * unit_rate,
            amount,
            Explanation(code, params),
            quantity=quantity,
            actual=actual,
            unit=unit,
            unit_rate=unit_rate,
        )

    def price_containers(self, charge: Charge) -> ChargeResult:
        containers = self.cargo.containers
        if not containers:
            raise RatingError(
                "measure_missing", charge=charge.key, measure=charge.basis.value
            )
        lines = []
        for container_type, count in containers.items():
            price = charge.rate
            if charge.container_prices:
                if container_type not in charge.container_prices:
                    raise RatingError(
                        "container_price_missing",
                        charge=charge.key,
                        container_type=container_type,
                    )
                price = charge.container_prices[container_type]
            lines.append((container_type, Decimal(count), price))
        reckoned = sum((count * price for _type, count, price in lines), ZERO)
        amount = self.round_amount(reckoned, charge.currency)
        parts = self.split_parts(lines, amount, charge.currency)
        quantity = sum((count for _type, count, _price in lines), ZERO)
        explanation = Explanation(
            "containers",
            {"parts": parts, "amount": amount, "currency": charge.currency},
        )
        return self.finish(
            charge,
            reckoned,
            amount,
            explanation,
            quantity=quantity,
            actual=quantity,
            unit=charge.basis.unit,
            unit_rate=lines[0][2] if len(lines) == 1 else reckoned / quantity,
            parts=parts if len(parts) > 1 else (),
        )

    def split_parts(
        self, lines: list[tuple[str, Decimal, Decimal]], amount: Decimal, currency: str
    ) -> tuple[ChargePart, ...]:
        """Split the amount per container type; the last part takes the remainder."""
        parts = []
        rest = amount
        for container_type, count, price in lines[:-1]:
            share = self.round_amount(count * price, currency)
            rest -= share
            parts.append(ChargePart(container_type, count, price, share))
        parts.append(ChargePart(*lines[-1], rest))
        return tuple(parts)

    def price_percent(self, charge: Charge, path: tuple[Charge, ...]) -> ChargeResult:
        keys = [step.key for step in path]
        if charge.key in keys:
            cycle = (*path[keys.index(charge.key) :], charge)
            codes = tuple(step.code for step in cycle)
            raise RatingError("percent_cycle", charge=charge.key, path=codes)
        base = ZERO
        for other in self.get_base_charges(charge):
            line = self.price(other, (*path, charge))
            base += self.convert_amount(line.amount, line.currency, charge.currency)
        reckoned = base * charge.rate / HUNDRED
        amount = self.round_amount(reckoned, charge.currency)
        explanation = Explanation(
            "percent",
            {
                "rate": charge.rate,
                "base": base,
                "amount": amount,
                "currency": charge.currency,
            },
        )
        return self.finish(
            charge,
            reckoned,
            amount,
            explanation,
            quantity=base,
            actual=base,
            unit=charge.basis.unit,
            unit_rate=charge.rate,
        )

    # inputs of a price

    def get_base_charges(self, charge: Charge) -> list[Charge]:
        if charge.basis is Basis.PERCENT_FREIGHT:
            base = [
                other
                for other in self.charges
                if other.is_freight and other.key != charge.key
            ]
        else:
            base = [
                other
                for code in dict.fromkeys(charge.percent_of)
                for other in self.by_code.get(code, ())
            ]
        if not base:
            raise RatingError(
                "percent_base_missing", charge=charge.key, codes=charge.percent_of
            )
        if charge.mandatory:  # what is not ordered is not paid for either
            return [other for other in base if other.mandatory]
        return base

    def get_breaks(self, charge: Charge) -> list[Break]:
        breaks = sorted(charge.breaks, key=lambda step: step.from_quantity)
        if charge.rate and breaks[0].from_quantity > 0:
            breaks.insert(0, Break(ZERO, charge.rate))
        return breaks

    def get_quantity(self, charge: Charge) -> Decimal:
        measure = charge.basis, charge.volumetric
        quantity = self.quantities.get(measure)
        if quantity is None:
            quantity = self.quantities[measure] = self.measure(charge)
        if not quantity:
            raise RatingError(
                "measure_missing", charge=charge.key, measure=charge.basis.value
            )
        return round_step(quantity, charge.rounding_step, charge.rounding_direction)

    def measure(self, charge: Charge) -> Decimal:
        if charge.basis is Basis.WM:
            return weight_or_measure(self.cargo, charge.volumetric or SEA_WM)
        if charge.basis is Basis.CHARGEABLE_KG:
            if charge.volumetric is None:
                raise RatingError("volumetric_rule_missing", charge=charge.key)
            return chargeable_weight(self.cargo, charge.volumetric)
        return QUANTITIES[charge.basis](self.cargo)

    # outcome of a price

    def finish(
        self,
        charge: Charge,
        reckoned: Decimal,
        amount: Decimal,
        explanation: Explanation,
        *,
        quantity: Decimal,
        actual: Decimal,
        unit: str,
        unit_rate: Decimal,
        parts: tuple[ChargePart, ...] = (),
    ) -> ChargeResult:
        limit = None
        if charge.minimum is not None and reckoned < charge.minimum:
            limit = "minimum"
            amount = self.round_amount(charge.minimum, charge.currency)
        elif charge.maximum is not None and reckoned > charge.maximum:
            limit = "maximum"
            amount = self.round_amount(charge.maximum, charge.currency)
        if limit:
            parts = ()
            explanation = Explanation(
                limit,
                {
                    "reckoned": explanation,
                    "amount": amount,
                    "currency": charge.currency,
                },
            )
        return ChargeResult(
            key=charge.key,
            code=charge.code,
            quantity=quantity,
            unit=unit,
            rate=unit_rate,
            amount=amount,
            currency=charge.currency,
            converted=self.convert_amount(amount, charge.currency, self.currency),
            explanation=explanation,
            parts=parts,
            actual_quantity=actual,
            mandatory=charge.mandatory,
        )

    def convert_amount(self, amount: Decimal, source: str, target: str) -> Decimal:
        if source == target:
            return amount
        return self.round_amount(self.convert(amount, source, target), target)
