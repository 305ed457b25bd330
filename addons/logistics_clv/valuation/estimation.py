"""Maximum likelihood in log-parameters: bounded search, Newton finish, verdict."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

FloatArray = NDArray[np.float64]
# theta -> (negative log-likelihood, its gradient)
Objective = Callable[[FloatArray], tuple[float, FloatArray]]

_DIFFERENCE_STEP = 1e-4
_NEWTON_STEPS = 8
# A log-parameter known no better than by a factor of e^4 (55) is not identified.
_LARGEST_LOG_ERROR = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """Where the search ended, in log-parameters.

    :ivar theta: (k,) logarithms of the parameters
    :ivar value: negative log-likelihood (with penalty, if the objective has one)
    :ivar covariance: (k, k) inverse Hessian, NaN where the optimum is not one
    :ivar converged: gradient vanishes, the Hessian is positive definite, no bound hit
    :ivar at_boundary: a parameter ran to its bound or is not identified by the data
    :ivar iterations: of the search and the Newton finish together
    """

    theta: FloatArray
    value: float
    covariance: FloatArray
    converged: bool
    at_boundary: bool
    iterations: int

    @property
    def parameters(self) -> FloatArray:
        """(k,) the parameters themselves."""
        return np.exp(self.theta)

    @property
    def standard_errors(self) -> FloatArray:
        """(k,) standard errors of the parameters, by the delta method."""
        with np.errstate(invalid="ignore"):
            return self.parameters * np.sqrt(np.diag(self.covariance))


def maximise(
    objective: Objective, start: FloatArray, lower: FloatArray, upper: FloatArray
) -> Estimate:
    """Find the parameters that make the data most likely.

    :param objective: negative log-likelihood and gradient at log-parameters
    :param start: (k,) log-parameters to start from
    :param lower: (k,) smallest log-parameters that make sense
    :param upper: (k,) largest log-parameters that make sense
    """
    search = minimize(
        objective,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=list(zip(lower, upper, strict=True)),
        options={"maxiter": 500, "ftol": 1e-10, "gtol": 1e-6},
    )
    theta = np.clip(search.x, lower, upper)
    on_bound = bool(np.any((theta - lower < 1e-6) | (upper - theta < 1e-6)))
    if on_bound or not np.isfinite(search.fun):
        unknown = np.full((len(theta), len(theta)), np.nan)
        return Estimate(theta, float(search.fun), unknown, False, True, search.nit)
    return refine(objective, theta, lower, upper, search.nit)


def refine(
    objective: Objective,
    theta: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    iterations: int,
) -> Estimate:
    """Take the last digits by Newton steps and judge the optimum by its Hessian.

    :param theta: (k,) log-parameters close to the optimum
    :param iterations: spent so far
    """
    value, gradient = objective(theta)
    hessian = _hessian(objective, theta)
    stationary = definite = False
    for _step in range(_NEWTON_STEPS):
        definite = bool(np.linalg.eigvalsh(hessian)[0] > 0)
        if not definite:
            break
        step = np.linalg.solve(hessian, gradient)
        # Half the decrement is what the log-likelihood can still gain.
        if float(gradient @ step) < 1e-9:
            stationary = True
            break
        proposal = theta - step
        if np.any(proposal < lower) or np.any(proposal > upper):
            break
        new_value, new_gradient = objective(proposal)
        if not new_value <= value:
            break
        theta, value, gradient = proposal, new_value, new_gradient
        iterations += 1
        if np.max(np.abs(step)) > 0.05:
            hessian = _hessian(objective, theta)
    covariance = np.linalg.inv(hessian) if definite else np.full(hessian.shape, np.nan)
    with np.errstate(invalid="ignore"):
        log_errors = np.sqrt(np.diag(covariance))
    identified = bool(np.all(log_errors < _LARGEST_LOG_ERROR))
    return Estimate(
        theta,
        value,
        covariance,
        converged=stationary and identified,
        at_boundary=not identified,
        iterations=iterations,
    )


def _hessian(objective: Objective, theta: FloatArray) -> FloatArray:
    """Differentiate the analytic gradient centrally."""
    size = len(theta)
    hessian = np.empty((size, size))
    for index in range(size):
        step = np.zeros(size)
        step[index] = _DIFFERENCE_STEP
        forward = objective(theta + step)[1]
        backward = objective(theta - step)[1]
        hessian[index] = (forward - backward) / (2 * _DIFFERENCE_STEP)
    return (hessian + hessian.T) / 2
