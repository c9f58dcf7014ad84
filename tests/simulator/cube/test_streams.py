"""Streams: published vectors, purity, seeds, and the quality that a simulation needs."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

from payback.simulator.cube.streams import LARGEST, Stream, open_unit, require_seed, uniforms, words

# Random123 1.14, tests/kat_vectors, lines "philox4x64 10": counter, key, output (least significant word first).
KNOWN_ANSWERS = [
    (
        (0, 0, 0, 0),
        (0, 0),
        (0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B),
    ),
    (
        (2**64 - 1,) * 4,
        (2**64 - 1,) * 2,
        (0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0),
    ),
    (
        (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89),
        (0x452821E638D01377, 0xBE5466CF34E90C6C),
        (0xA528F45403E61D95, 0x38C72DBD566E9788, 0xA5A1610E72FD18B5, 0x57BD43B5E52B7FE6),
    ),
]


def joined(parts: tuple[int, ...]) -> int:
    return sum(word << 64 * i for i, word in enumerate(parts))


@pytest.mark.parametrize(("counter", "key", "output"), KNOWN_ANSWERS)
def test_words_are_philox(counter: tuple[int, ...], key: tuple[int, ...], output: tuple[int, ...]) -> None:
    # numpy counts up before each block of four words, so words 0-3 belong to counter 1
    start = 4 * ((joined(counter) - 1) % 2**256)
    assert words(joined(key), start, start + 4).tolist() == list(output)


def test_scalar_twin() -> None:
    got = uniforms(7, "traffic", 1_000_001, 1_000_009)
    raw = words(Stream(7, "traffic").key(), 1_000_001, 1_000_009).tolist()
    assert got.tolist() == [((w >> 12) + 0.5) * 2.0**-52 for w in raw]


def test_any_part_is_the_same() -> None:
    whole = uniforms(1, "price", 0, 10_000)
    for start, stop in [(0, 1), (1, 2), (3, 9), (4, 8), (5, 5), (4093, 8190), (9_999, 10_000)]:
        assert uniforms(1, "price", start, stop).tobytes() == whole[start:stop].tobytes()


def test_ends_stay_inside() -> None:
    fractions = np.array([0, 2**52 - 1], dtype=np.uint64) | np.uint64(0x3FF0_0000_0000_0000)
    ends = np.empty(2)
    open_unit(fractions, ends)
    assert ends.tolist() == [2.0**-53, LARGEST]
    assert LARGEST < 1.0
    assert 1.0 - ends[1] == ends[0]


@pytest.mark.parametrize("seed", [0, 1, 2**63, 2**64, 2**128, 10**50, np.int64(3)])
def test_seeds_accepted(seed: int) -> None:
    assert require_seed(seed) == seed
    assert 0 < uniforms(require_seed(seed), "x", 0, 1)[0] < 1


@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (1.0, TypeError), (True, TypeError), ("1", TypeError)])
def test_seeds_refused(seed: object, error: type[Exception]) -> None:
    with pytest.raises(error, match="seed"):
        require_seed(seed)


def test_keys_differ() -> None:
    streams = [Stream(1, "1x"), Stream(11, "x"), Stream(1, "x"), Stream(2, "x"), Stream(1, "x[1]"), Stream(1, "x1")]
    keys = [s.key() for s in streams] + [s.key("scramble") for s in streams]
    assert len(set(keys)) == len(keys)


def test_global_state_is_nobodys() -> None:
    everybodys = importlib.import_module("numpy.random")  # what a user may call in between
    before = uniforms(1, "x", 0, 100)
    everybodys.seed(5)
    state = everybodys.get_state()[1].copy()
    assert (uniforms(1, "x", 0, 100) == before).all()
    assert (everybodys.get_state()[1] == state).all()


def test_uniformity_and_pair_correlations() -> None:
    axes, trials = 200, 16_384
    cube = np.column_stack([uniforms(3, f"axis {i}", 0, trials) for i in range(axes)])
    z = (cube - 0.5) * np.sqrt(12)
    # means: axes standard normals; the sum of squares is chi-square(200), sd 20: a bound of 4 sd
    assert abs((z.sum(axis=0) ** 2).sum() / trials - axes) < 4 * np.sqrt(2 * axes)
    correlations = (z.T @ z / np.sqrt(trials))[np.triu_indices(axes, 1)]
    pairs = correlations.size  # 19,900 independent standard normals: largest about 4.1, chi-square sd sqrt(2 pairs)
    assert np.abs(correlations).max() < 5.5
    assert abs((correlations**2).sum() - pairs) < 4 * np.sqrt(2 * pairs)
    for lag in (1, 2, 4, 16, 512):
        serial = (z[lag:] * z[:-lag]).sum(axis=0) / np.sqrt(trials - lag)
        assert abs((serial**2).sum() - axes) < 4 * np.sqrt(2 * axes)
    # 64 equal cells an axis: chi-square with 200 x 63 degrees of freedom
    counts = np.stack([np.bincount((column * 64).astype(int), minlength=64) for column in cube.T])
    chi2 = ((counts - trials / 64) ** 2).sum() / (trials / 64)
    assert abs(chi2 - axes * 63) < 4 * np.sqrt(2 * axes * 63)
