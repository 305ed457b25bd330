"""Price a set of charges for some cargo."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from .basis import Basis
from .breaks import Break, BreakType, cut_slices, select_break
from .cargo import ZERO, Cargo
from .charge import Charge, ChargePart, ChargeResult, Rating
from .errors import RatingError
from .explanation import Explanation
from .measures import HUNDRED, Measures
from .percentages import Percentages, check_cycle
from .rounding import Convert, RoundAmount, round_step


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
        self.percentages = Percentages(charges)
        self.done: dict[str, ChargeResult | None] = {}
        self.measures = Measures(cargo)

    def run(self) -> Rating:
        keys = set()
        for charge in self.charges:
            if charge.key in keys:
                raise RatingError("duplicate_key", charge=charge.key)
            keys.add(charge.key)
        for charge in self.charges:
            self.price(charge, ())
        results = tuple(
            line for charge in self.charges if (line := self.done[charge.key])
        )
        total = sum((line.converted for line in results), ZERO)
        not_due = tuple(key for key, line in self.done.items() if line is None)
        return Rating(results, total, self.currency, self.cargo, not_due)

    def price(self, charge: Charge, path: tuple[Charge, ...]) -> ChargeResult | None:
        """Return what a charge costs; None where its condition is not met."""
        if charge.key in self.done:
            return self.done[charge.key]
        check_cycle(charge, path)
        measures = self.measures
        if charge.condition:
            cargo = charge.condition.select(self.cargo)
            if cargo is not self.cargo:
                measures = Measures(cargo) if cargo else None
        if measures is None:
            result = None
        elif charge.basis.is_percent:
            result = self.price_percent(charge, path)
        elif charge.basis is Basis.CONTAINER:
            result = self.price_containers(charge, measures.cargo)
        else:
            result = self.price_quantity(charge, measures)
        self.done[charge.key] = result
        return result

    # one method per family of bases

    def price_quantity(self, charge: Charge, measures: Measures) -> ChargeResult:
        actual = self.get_quantity(charge, measures)
        unit = charge.basis.unit
        if charge.basis is Basis.CHARGEABLE_KG and charge.volumetric:
            unit = charge.volumetric.weight_unit
        params: dict[str, Any] = {"unit": unit, "currency": charge.currency}
        quantity = max(actual - charge.free_quantity, ZERO)
        if charge.free_quantity:
            params |= {"actual": actual, "free": charge.free_quantity}
            if not quantity:
                return self.finish_free(charge, params)
        if charge.basis is Basis.AT_COST:
            return self.finish(
                charge,
                quantity * charge.rate,
                "at_cost",
                params,
                quantity=quantity,
                actual=actual,
                unit_rate=charge.rate,
            )
        if charge.breaks and charge.break_type is BreakType.GRADUATED:
            return self.price_slices(charge, quantity, actual, params)
        step = Break(ZERO, charge.rate)
        counted = quantity
        if charge.breaks:
            counted, step = self.find_break(charge, quantity, measures, params)
        base = charge.base_amount + step.base_amount
        if base:
            params["base"] = base
        code = "less_free" if charge.free_quantity else "quantity"
        if counted != quantity:
            code = "as_if"
            params["actual"] = quantity
        elif charge.basis.is_once and counted == 1 and not base:
            code = "shipment"
        return self.finish(
            charge,
            base + counted * step.rate,
            code,
            params | {"quantity": counted, "rate": step.rate},
            quantity=counted,
            actual=actual,
            unit_rate=step.rate,
        )

    def price_slices(
        self,
        charge: Charge,
        quantity: Decimal,
        actual: Decimal,
        params: dict[str, Any],
    ) -> ChargeResult:
        try:
            slices = cut_slices(self.get_breaks(charge), quantity)
        except RatingError as error:
            raise RatingError(error.code, charge=charge.key, **error.params) from None
        if charge.base_amount:
            params["base"] = charge.base_amount
        reckoned = charge.base_amount + sum((part.amount for part in slices), ZERO)
        return self.finish(
            charge,
            reckoned,
            "graduated_less_free" if charge.free_quantity else "graduated",
            params | {"slices": slices},
            quantity=quantity,
            actual=actual,
            unit_rate=slices[-1].rate if len(slices) == 1 else reckoned / quantity,
        )

    def price_containers(self, charge: Charge, cargo: Cargo) -> ChargeResult:
        if not cargo.containers:
            raise RatingError(
                "measure_missing", charge=charge.key, measure=charge.basis.value
            )
        lines = []
        for container_type, count in cargo.containers.items():
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
        priced = sum((count * price for _type, count, price in lines), ZERO)
        amount = self.round_amount(priced, charge.currency)
        parts = self.split_parts(lines, amount, charge.currency)
        quantity = sum((count for _type, count, _price in lines), ZERO)
        params: dict[str, Any] = {"parts": parts, "currency": charge.currency}
        if charge.base_amount:
            params["base"] = charge.base_amount
        return self.finish(
            charge,
            charge.base_amount + priced,
            "containers",
            params,
            quantity=quantity,
            actual=quantity,
            unit_rate=lines[0][2] if len(lines) == 1 else priced / quantity,
            parts=parts if len(parts) > 1 and not charge.base_amount else (),
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

    def price_percent(
        self, charge: Charge, path: tuple[Charge, ...]
    ) -> ChargeResult | None:
        others = self.percentages.base_charges(charge)
        lines = [self.price(other, (*path, charge)) for other in others]
        base = ZERO
        for line in lines:
            if line:
                base += self.convert_amount(line.amount, line.currency, charge.currency)
        params: dict[str, Any] = {"rate": charge.rate, "currency": charge.currency}
        if charge.basis is Basis.PERCENT_VALUE:
            base = (base + self.get_goods_value(charge)) * charge.value_uplift
            params["uplift"] = charge.value_uplift * HUNDRED
            params["base_amount"] = base / charge.value_uplift
        elif lines and not any(lines):
            return None  # a percentage of what is not due
        code = "percent"
        if params.setdefault("base_amount", base) != base:
            code = "percent_value"
        return self.finish(
            charge,
            charge.base_amount + base * charge.rate / HUNDRED,
            code,
            params,
            quantity=base,
            actual=base,
            unit_rate=charge.rate,
        )

    # inputs of a price

    def find_break(
        self,
        charge: Charge,
        quantity: Decimal,
        measures: Measures,
        params: dict[str, Any],
    ) -> tuple[Decimal, Break]:
        """Return the quantity to charge and its break."""
        breaks = self.get_breaks(charge)
        try:
            if charge.break_basis in (None, charge.basis):
                return select_break(breaks, quantity, as_if=charge.as_if)
            by = measures.quantity(charge.break_basis, charge.volumetric)
            params["by"] = by, charge.break_basis.unit
            return quantity, select_break(breaks, by, as_if=False)[1]
        except RatingError as error:
            raise RatingError(error.code, charge=charge.key, **error.params) from None

    def get_breaks(self, charge: Charge) -> list[Break]:
        breaks = sorted(charge.breaks, key=lambda step: step.from_quantity)
        if charge.rate and breaks[0].from_quantity > 0:
            breaks.insert(0, Break(ZERO, charge.rate))
        return breaks

    def get_quantity(self, charge: Charge, measures: Measures) -> Decimal:
        try:
            quantity = measures.quantity(charge.basis, charge.volumetric)
        except RatingError as error:
            raise RatingError(error.code, charge=charge.key) from None
        if not quantity:
            raise RatingError(
                "measure_missing", charge=charge.key, measure=charge.basis.value
            )
        return round_step(quantity, charge.rounding_step, charge.rounding_direction)

    def get_goods_value(self, charge: Charge) -> Decimal:
        value, currency = self.cargo.goods_value, self.cargo.goods_currency
        if not value:
            raise RatingError(
                "measure_missing", charge=charge.key, measure="goods_value"
            )
        return self.convert_amount(value, currency or charge.currency, charge.currency)

    # outcome of a price

    def finish_free(self, charge: Charge, params: dict[str, Any]) -> ChargeResult:
        """Return the result of a charge whose every unit is free: no minimum either."""
        return ChargeResult(
            key=charge.key,
            code=charge.code,
            quantity=ZERO,
            unit=params["unit"],
            rate=ZERO,
            amount=ZERO,
            currency=charge.currency,
            converted=ZERO,
            explanation=Explanation("all_free", params),
            actual_quantity=params["actual"],
            mandatory=charge.mandatory,
        )

    def finish(
        self,
        charge: Charge,
        reckoned: Decimal,
        code: str,
        params: dict[str, Any],
        *,
        quantity: Decimal,
        actual: Decimal,
        unit_rate: Decimal,
        parts: tuple[ChargePart, ...] = (),
    ) -> ChargeResult:
        amount = self.round_amount(reckoned, charge.currency)
        explanation = Explanation(code, params | {"amount": amount})
        limit = None
        if charge.minimum is not None and reckoned < charge.minimum:
            limit, amount = "minimum", charge.minimum
        elif charge.maximum is not None and reckoned > charge.maximum:
            limit, amount = "maximum", charge.maximum
        if limit:
            parts = ()
            amount = self.round_amount(amount, charge.currency)
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
            unit=params.get("unit", charge.basis.unit),
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
