"""Maximum likelihood in log-parameters: bounded search, Newton finish, verdict."""

import math
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
    # Not L-BFGS-B: its BLAS calls wake all threads for vectors of four numbers. BFGS
    # knows no bounds, so out there nothing is likely, and the search turns back.
    outside = math.inf, np.zeros(len(start))

    def bounded(theta: FloatArray) -> tuple[float, FloatArray]:
        if np.all((theta >= lower) & (theta <= upper)):
            return objective(theta)
        return outside

    scale = max(abs(objective(start)[0]), 1.0)
    with np.errstate(invalid="ignore"):
        search = minimize(
            bounded,
            start,
            jac=True,
            method="BFGS",
            options={"maxiter": 500, "gtol": 1e-7 * scale},
        )
    return refine(objective, search.x, lower, upper, search.nit)


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
    stationary = definite = ran_away = False
    for _step in range(_NEWTON_STEPS):
        definite = bool(np.linalg.eigvalsh(hessian)[0] > 0)
        if not definite:
            break
        step = np.linalg.solve(hessian, gradient)
        proposal = theta - step
        if np.any(proposal < lower) or np.any(proposal > upper):
            ran_away = True
            break
        # Half the decrement is what the log-likelihood can still gain: nearly nothing
        # here, less than rounding could show, so the last step is taken on trust.
        if float(gradient @ step) < 1e-5:
            theta, stationary = proposal, True
            value = objective(theta)[0]
            break
        new_value, new_gradient = objective(proposal)
        if not new_value <= value:
            break
        theta, value, gradient = proposal, new_value, new_gradient
        iterations += 1
        if np.max(np.abs(step)) > 0.05:
            hessian = _hessian(objective, theta)
    covariance = unknown = np.full(hessian.shape, np.nan)
    identified = False
    if definite:
        covariance = np.linalg.inv(hessian)
        identified = bool(np.sqrt(np.diag(covariance)).max() < _LARGEST_LOG_ERROR)
    converged = stationary and identified
    return Estimate(
        theta,
        value,
        covariance if converged else unknown,
        converged=converged,
        at_boundary=ran_away or not identified,
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
