"""The twelve inputs as frozen distributions of scipy.stats, for systems that take those."""

from __future__ import annotations

from typing import Any

from scipy import stats

from benchmarks.peers.ref1 import SIGMA_VOLUME, pert_shapes


def pert(low: float, mode: float, high: float) -> Any:
    """Return a PERT as the beta that it is."""
    return stats.beta(*pert_shapes(low, mode, high), low, high - low)


def triangular(low: float, mode: float, high: float) -> Any:
    """Return a triangular distribution."""
    return stats.triang((mode - low) / (high - low), low, high - low)


def inputs() -> dict[str, Any]:
    """Return the inputs by name, in the order of the case file."""
    return {
        "volume": stats.lognorm(SIGMA_VOLUME, scale=1e5),
        "growth": stats.truncnorm((-0.10 - 0.02) / 0.03, (0.15 - 0.02) / 0.03, 0.02, 0.03),
        "price": pert(0.001, 0.005, 0.010),
        "price_decay": stats.beta(2, 5, 0, 0.8),
        "serving": stats.lognorm(0.5, scale=0.0012),
        "gpu_hours": triangular(8.3, 10.4, 30),
        "gpu_price": stats.uniform(0.9, 1.6),
        "iterations": stats.poisson(1.2, loc=1),
        "eng_hours": stats.lognorm(0.6, scale=40),
        "eng_rate": triangular(60, 90, 160),
        "teacher": pert(80, 100, 250),
        "maintenance": pert(20, 60, 200),
    }
