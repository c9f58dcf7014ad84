"""The benchmark of draws compares like with like."""

from __future__ import annotations

import pytest

from benchmarks import sampling
from payback.distributions import inverter
from payback.simulator.cube.streams import uniforms


@pytest.mark.parametrize("line", sampling.PEERS)
def test_the_peer_draws_from_the_same_distribution(line: str) -> None:
    d = sampling.drawn_from(line)
    assert d is not None
    u = uniforms(1, "same", 0, 400)
    # scipy's inverse Gaussian quantiles are good to 1e-7.
    assert inverter(d)(u) == pytest.approx(sampling.frozen(sampling.PEERS[line][0], d)(u), rel=1e-6)


def test_what_a_version_lacks_has_no_row() -> None:
    assert sampling.drawn_from("no_such_family(1, 2)") is None


def test_held_distributions_that_exist_draw_from_tables() -> None:
    held = [d for line in sampling.HELD if (d := sampling.drawn_from(line)) is not None]
    assert len(held) >= 3
    assert {inverter(d).kind for d in held} == {"table"}


def test_the_tables_have_a_row_each() -> None:
    text = sampling.table(draws=64, rounds=1)
    for line in ("beta(2, 5)", "truncated(lognormal(100, 1), 50, 5_000)"):
        assert f"| `{line}` | " in text
    assert text.count("ns a draw") == 2
