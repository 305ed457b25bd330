"""Fit and score against ``lifetimes`` in one run.

Run as ``python tests/benchmarks/bench_valuation.py [clients]``. The goal is to fit and
score ten times as fast as lifetimes at the same log-likelihood.

lifetimes is archived; its ``BetaGeoFitter.fit`` and its conditional expectation still
run on arrays with pandas 3, so these two are measured. Its fitter reports the mean
log-likelihood in a time unit of its own; both are compared with ours at its parameters.
"""

import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from lifetimes import BetaGeoFitter
from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))
sys.path.insert(0, str(ROOT / "tests" / "unit" / "valuation"))

import conftest  # noqa: E402, F401  registers the addons without Odoo
from cdnow_sample import load_sample  # noqa: E402

from odoo.addons.logistics_clv.valuation import (  # noqa: E402
    BgNbdFit,
    ClientFacts,
    bg_nbd,
    mbg_nbd,
    predict,
)

GOAL = 10.0
HORIZON_WEEKS = 52.0
Columns = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def simulate(clients: int) -> Columns:
    """Draw clients of three years that follow the BG/NBD model, days as weeks."""
    random = np.random.default_rng(7)
    age = random.integers(1, 1096, clients) / 7
    rate = random.gamma(0.6, 1 / 6, clients)
    drop = random.beta(0.8, 3.5, clients)
    x, tx, now = np.zeros(clients), np.zeros(clients), np.zeros(clients)
    alive = np.ones(clients, dtype=bool)
    while alive.any():
        now = np.where(alive, now + random.exponential(1, clients) / rate, now)
        ordered = alive & (now <= age)
        x[ordered] += 1
        tx[ordered] = now[ordered]
        alive = ordered & (random.random(clients) > drop)
    return x, np.minimum(np.ceil(tx * 7) / 7, age), age


def best_of(runs: int, work: Callable[[], object]) -> float:
    """Return the shortest of several runs, in seconds."""
    seconds = []
    for _run in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def compare(name: str, data: Columns, runs: int) -> float:
    """Print both libraries side by side; return the ratio of fit and score."""
    theirs = BetaGeoFitter()
    ours = bg_nbd.fit(*data)
    score = theirs.conditional_expected_number_of_purchases_up_to_time
    their_fit = best_of(runs, lambda: theirs.fit(*data))
    our_fit = best_of(runs, lambda: bg_nbd.fit(*data))
    their_score = best_of(runs, lambda: score(HORIZON_WEEKS, *data))
    our_score = best_of(runs, lambda: ours.expected_orders(HORIZON_WEEKS, *data))
    same = BgNbdFit(*theirs.params_.to_numpy()).log_likelihoods(*data).sum()
    ratio = (their_fit + their_score) / (our_fit + our_score)
    print(f"{name}: {len(data[0]):,} clients")
    print(f"  log-likelihood     ours {ours.log_likelihood:.4f}   lifetimes {same:.4f}")
    for what, mine, other in (
        ("fit", our_fit, their_fit),
        ("score", our_score, their_score),
        ("fit + score", our_fit + our_score, their_fit + their_score),
    ):
        print(
            f"  {what:<18} ours {mine:.4f} s   lifetimes {other:.4f} s"
            f"   ratio {other / mine:.1f}"
        )
    mbg = best_of(runs, lambda: mbg_nbd.fit(*data))
    print(f"  MBG/NBD fit        ours {mbg:.4f} s")
    return ratio


def main(clients: int) -> int:
    warnings.simplefilter("ignore")
    sample = load_sample()
    compare("CDNOW", (sample.frequency, sample.recency_weeks, sample.age_weeks), 5)
    x, tx, age = simulate(clients)
    ratio = compare("Simulated", (x, tx, age), 3)
    margin = np.random.default_rng(8).gamma(2, 50, clients) * (x + 1)
    facts = ClientFacts(x, tx * 7, age * 7, margin)
    print(f"  whole prediction   ours {best_of(3, lambda: predict(facts)):.3f} s")
    print(f"ratio {ratio:.1f}, goal {GOAL:.0f}")
    return 0 if ratio >= GOAL else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
