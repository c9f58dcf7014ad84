"""The work of ``payback run configs/falcon3_api.yaml`` as a notebook does it; usage: TRIALS FOLDER.

Draws, ledger, eight statistics of the base case and of 25 what-ifs on the same trials with the errors of their
differences, five stresses, claims, tornado, drivers by rank, five figures as PNG and SVG, and an HTML table. By whole
arrays of numpy, pandas and matplotlib. Left out, to its advantage: rates of return, the texts, the Markdown.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.ref1 import Clock, pert

Floats = NDArray[np.float64]
Inputs = dict[str, Any]
Measures = dict[str, Floats]
Table = dict[str, dict[str, float]]

TRIALS, MONTHS, BATCHES = 131_072, 12, 16
HOURS, SECONDS = 730.0, 2_628_000.0
"""Of a month."""
GATES = ("quality_ok", "terms_ok", "traction")
SIGMA_S1 = math.log(5) / 1.6448536269514722
PERCENTILES = (5, 10, 25, 50, 75, 80, 90, 95)
SHOWN = ("payback", "discounted_payback", "gain", "npv", "roi", "peak_funding", "total_cost", "upfront")


def draws(seed: int, n: int) -> Inputs:
    """Return `n` draws of each input of the case, each of shape (n,)."""
    rng = np.random.default_rng(seed)

    def lognormal(median: float, sigma: float) -> Floats:
        return rng.lognormal(math.log(median), sigma, n)

    def gate(chance: Floats) -> Floats:
        return (rng.random(n) < chance).astype(float)

    return {
        "labels": pert(rng, 80, 100, 250, n),
        "relabel": gate(np.full(n, 0.3)),
        "relabel_share": rng.uniform(0.3, 1.0, n),
        "hours_1b": lognormal(20.8333, 0.35),
        "hours_3b": lognormal(20.8333, 0.35),
        "reruns": rng.poisson(1.2, n).astype(float),
        "gpu_small": lognormal(0.69, 0.30),
        "gpu_big": lognormal(1.35, 0.35),
        "planned_hours": pert(rng, 40, 80, 200, n),
        "overrun": lognormal(1.241, 0.411),
        "hourly_rate": pert(rng, 50, 91, 160, n),
        "weekly_hours": pert(rng, 6, 15, 40, n),
        "quality_ok": gate(rng.beta(5, 3, n)),
        "terms_ok": gate(1 - rng.beta(1, 19, n)),
        "traction": gate(rng.beta(4.6, 5.4, n)),
        "traffic": lognormal(100_000, 1.6),
        "half_time": pert(rng, 2, 4, 10, n),
        "ramp_width": pert(rng, 2, 5, 12, n),
        "price": pert(rng, 0.001, 0.005, 0.010, n),
        "price_decay": 0.9 * rng.beta(2, 3, n),
        "paid_share": rng.beta(6, 2, n),
        "fee": pert(rng, 0.03, 0.06, 0.25, n),
        "serverless": lognormal(0.0010, 0.6),
        "capacity": lognormal(6, 0.5),
        "peak": 1 + lognormal(3, 0.4),
        "platform": pert(rng, 10, 35, 150, n),
        "support_hours": lognormal(4, 0.7),
        "rebuilds": rng.poisson(0.6, n).astype(float),
        "market_price": lognormal(0.0005, 0.7),
    }


def measures(x: Mapping[str, Any], months: int = MONTHS) -> Measures:
    """Return the measures of inputs of shape (trials,); `x` may hold the switches of `what_ifs` too."""
    data = x["labels"] * (1 + x["relabel"] * x["relabel_share"])
    runs = 1.2 * (1 + 0.65 * x["reruns"])
    training = runs * (x["hours_1b"] * x["gpu_small"] + x["hours_3b"] * x["gpu_big"])
    go = x["quality_ok"] * x["terms_ok"]
    worked = x["planned_hours"] * x["overrun"]
    upfront = data + training + worked * np.where(go == 1, 1, 0.75) * x["hourly_rate"]
    launch = x.get("launch", worked / (x["weekly_hours"] * (52 / 12))) + x.get("delay", 0.0)
    monthly_rebuild = x["rebuilds"] / 12 * (0.5 * (data + training) + 16 * x["hourly_rate"])
    upkeep = x["platform"] + x["support_hours"] * x["hourly_rate"] + monthly_rebuild
    fall = (1 - x["price_decay"]) ** (1 / 12)
    net, price = np.empty((months, len(upfront))), x["price"] * x["paid_share"] * (1 - x["fee"])
    for t in range(1, months + 1):
        age = np.maximum(t - launch, 0)
        live = np.where((x["traction"] == 0) & (age > 4), 0, np.minimum(age, 1) * go) * (t < x.get("until", 999))
        curve = 1 / (1 + 81 ** ((x["half_time"] - (t - launch)) / x["ramp_width"]))
        served = x["traffic"] * x["traction"] * live * np.where(t > launch, curve, 0) ** x.get("adopts", 1)
        replicas = np.maximum(1, np.ceil(served * x["peak"] / (x["capacity"] * SECONDS)))
        serving = np.minimum(served * x["serverless"], replicas * x["gpu_small"] * HOURS * live)
        net[t - 1] = served * price * (0.2 if t >= x.get("cut", 999) else 1) - serving - live * upkeep
        price = price * fall
    return ledger(upfront, net) | {"gpu_hours": runs * (x["hours_1b"] + x["hours_3b"])}


def ledger(upfront: Floats, net: Floats) -> Measures:
    """Return the measures of `upfront`, shape (trials,), and net cash by month, shape (months, trials)."""
    discounted = net * 1.1 ** (-np.arange(1, len(net) + 1)[:, None] / 12)
    cash = np.cumsum(net, axis=0) - upfront
    return {
        "upfront": upfront,
        "cash": cash,
        "gain": cash[-1],
        "roi": cash[-1] / upfront,
        "npv": discounted.sum(axis=0) - upfront,
        "payback": payback(upfront, net, cash),
        "discounted_payback": payback(upfront, discounted, np.cumsum(discounted, axis=0) - upfront),
        "peak_funding": np.maximum(upfront, -cash.min(axis=0)),
        "total_cost": upfront - np.minimum(net, 0).sum(axis=0),
    }


def payback(upfront: Floats, net: Floats, cash: Floats) -> Floats:
    """Return the months until `cash` is 0, within the month in proportion; infinite where it never is."""
    paid = cash >= 0
    first, trial = paid.argmax(axis=0), np.arange(len(upfront))
    with np.errstate(divide="ignore", invalid="ignore"):
        months = first + 1 - cash[first, trial] / net[first, trial]
    return np.where(paid.any(axis=0), months, np.inf)


def what_ifs(x: Inputs) -> dict[str, Inputs]:
    """Return the inputs that each what-if of the case changes, and switches such as `until` that it turns on."""
    cash = {"hourly_rate": 0.0}
    gates = dict.fromkeys(GATES, 1.0)
    launched = {**cash, **gates, "launch": 0.0, "adopts": 0, "price_decay": 0.0}
    free = dict.fromkeys(("fee", "serverless", "platform", "rebuilds", "relabel", "reruns"), 0.0)
    seed = {**launched, **free, "paid_share": 1.0, "traffic": 1e5 * (x["traffic"] / 1e5) ** (SIGMA_S1 / 1.6)}
    return {
        "S1 seed frame": seed, "S2 running costs": launched, "S3 launch and price decay": {**cash, **gates},
        "S4 gates (cash view)": cash, "S6 market price": {"price": x["market_price"]},
        "all gates open": gates, "volume halves": {"traffic": x["traffic"] * 0.5},
        "volume doubles": {"traffic": x["traffic"] * 2}, "cancelled at month 6": {"until": 6},
        "no customer": {"traction": 0.0}, "terms block in month 3": {"until": 3},
        "launch 6 months later": {"delay": 6.0},
        "price falls 50 % a year": {"price_decay": 0.5}, "price falls 90 % a year": {"price_decay": 0.9},
        "price cut by 80 % in month 3": {"cut": 3}, "monthly redistillation": {"rebuilds": 12.0},
        "peak ten times higher": {"peak": x["peak"] * 10},
        "GPU 40 % dearer": {"gpu_small": x["gpu_small"] * 1.4, "gpu_big": x["gpu_big"] * 1.4},
        "overrun of one in twenty": {"overrun": 2.44}, "overrun of the worst IT projects": {"overrun": 5.47},
        "one phase only": {"hours_3b": 0.0}, "three reruns": {"reruns": 3.0},
        "all labels bought again": {"relabel": 1.0, "relabel_share": 1.0},
        "two years": {"months": 24}, "three years": {"months": 36},
    }  # fmt: skip


def changed(x: Inputs, change: Inputs) -> Measures:
    """Return the measures of the inputs `x` with a change."""
    months = change.get("months", MONTHS)
    return measures({**x, **change}, months)


def eight(m: Measures) -> tuple[dict[str, Floats], dict[str, tuple[Floats, float]]]:
    """Return the eight statistics of a comparison: those that are means, by trial, and the percentiles."""
    means = {
        "P(npv < 0)": (m["npv"] < 0).astype(float),
        "P(gain < 0)": (m["gain"] < 0).astype(float),
        "P(never(payback))": np.isinf(m["payback"]).astype(float),
        "P(payback <= 12 months)": (m["payback"] <= 12).astype(float),
        "mean(npv)": m["npv"],
    }
    return means, {"P50(payback)": (m["payback"], 50), "P5(npv)": (m["npv"], 5), "P50(npv)": (m["npv"], 50)}


def percentiles(x: Floats, q: float) -> Floats:
    """Return a percentile of all trials, and after it those of `BATCHES` parts of them."""
    parts = x[: len(x) // BATCHES * BATCHES].reshape(BATCHES, -1)
    return np.r_[_percentile(x, q), _percentile(parts, q)]


def _percentile(x: Floats, q: float) -> Floats:
    rank = max(0, math.ceil(q / 100 * x.shape[-1]) - 1)
    return np.atleast_1d(np.partition(x, rank, axis=-1)[..., rank])


def statistics_of(m: Measures) -> Table:
    """Return the eight statistics, each with its standard error."""
    means, ranked = eight(m)
    table = {name: {"value": x.mean(), "se": x.std() / math.sqrt(len(x))} for name, x in means.items()}
    for name, (x, q) in ranked.items():
        values = percentiles(x, q)
        table[name] = {"value": values[0], "se": _spread(values[1:])}
    return table


def compared(before: Measures, after: Measures) -> Table:
    """Return the eight statistics before and after, with the difference and its standard error, trial by trial."""
    (means, ranked), (new_means, new_ranked) = eight(before), eight(after)
    table: Table = {}
    for name, x in means.items():
        y = new_means[name]
        difference = y - x
        se = difference.std() / math.sqrt(len(x))
        table[name] = {"before": x.mean(), "after": y.mean(), "difference": difference.mean(), "se": se}
    for name, (x, q) in ranked.items():
        first, second = percentiles(x, q), percentiles(new_ranked[name][0], q)
        with np.errstate(invalid="ignore"):
            moved = second - first
        table[name] = {"before": first[0], "after": second[0], "difference": moved[0], "se": _spread(moved[1:])}
    return table


def _spread(values: Floats) -> float:
    """Return the standard error of a figure from its values in the parts."""
    return float(values.std(ddof=1) / math.sqrt(len(values))) if np.isfinite(values).all() else math.nan


def stresses(x: Inputs, base: Measures) -> dict[str, Table]:
    """Return the comparison of all trials with those of each stress of the case."""
    tails = (("traffic", 10), ("traffic", 90), ("price", 10), ("overrun", 90), ("gpu_small", 90))
    tables = {}
    for name, q in tails:
        limit = np.percentile(x[name], q)
        within = x[name] < limit if q < 50 else x[name] > limit
        before, after = statistics_of(base), statistics_of({key: values[..., within] for key, values in base.items()})
        tables[f"{name} beyond P{q}"] = {
            key: {"before": before[key]["value"], "after": row["value"], "se": row["se"]} for key, row in after.items()
        }
    return tables


def described(base: Measures) -> Table:
    """Return the percentiles of every measure with their 95 % intervals, its mean and its standard deviation."""
    table: Table = {}
    for name in SHOWN:
        ordered = np.sort(base[name])
        n, row = len(ordered), {}
        for q in PERCENTILES:
            half = 1.96 * math.sqrt(n * q / 100 * (1 - q / 100))
            for key, rank in (("", 0.0), (" low", -half), (" high", half)):
                row[f"P{q}{key}"] = ordered[min(n - 1, max(0, math.ceil(n * q / 100 + rank) - 1))]
        if math.isfinite(ordered[-1]):
            row |= {"mean": ordered.mean(), "sd": ordered.std()}
        table[name] = row
    return table


def claims(x: Inputs, base: Measures) -> Table:
    """Return the probability that each claim of the case holds, with its standard error."""
    held = {
        "roi >= 10": base["roi"] >= 10,
        "payback <= 3 months": base["payback"] <= 3,
        "upfront <= 125 USD": base["upfront"] <= 125,
        "upfront <= 150 USD": base["upfront"] <= 150,
        "traffic * price >= 500": x["traffic"] * x["price"] >= 500,
        "25,000 requests": base["upfront"] / x["price"] <= 25_000,
        "125,000 requests": base["upfront"] / x["price"] <= 125_000,
        "gpu_hours <= 48": base["gpu_hours"] <= 48,
        "gain < 0": base["gain"] < 0,
    }
    return {name: {"P": p.mean(), "se": p.std() / math.sqrt(len(p))} for name, p in held.items()}


def tornado(x: Inputs) -> list[tuple[float, str, float, float]]:
    """Return (swing, input, low, high) of npv with each input at its P10 and P90, the others at their medians."""
    medians = {name: np.array([np.median(values)]) for name, values in x.items()} | {g: np.ones(1) for g in GATES}
    bars = []
    for name, values in x.items():
        low, high = (
            float(measures({**medians, name: np.array([end])})["npv"][0]) for end in np.percentile(values, (10, 90))
        )
        bars.append((abs(high - low), name, low, high))
    return sorted(bars, reverse=True)


def drivers(x: Inputs, npv: Floats) -> list[tuple[float, str]]:
    """Return (share, input): the share of the variance of the ranks of npv between fifty parts of an input."""
    y, n, shares = ranks(npv), len(npv), []
    for name, values in x.items():
        part = np.minimum((ranks(values) * 50 / n).astype(int), 49)
        size, total = np.bincount(part, minlength=50), np.bincount(part, y, minlength=50)
        means = total / np.maximum(size, 1)
        shares.append((float((size * (means - y.mean()) ** 2).sum() / ((y - y.mean()) ** 2).sum()), name))
    return sorted(shares, reverse=True)


def ranks(x: Floats) -> Floats:
    """Return the rank of each value, from 0."""
    order = np.empty(len(x))
    order[np.argsort(x)] = np.arange(len(x))
    return order


def figures(base: Measures, bars: list[tuple[float, str, float, float]], shares: list[tuple[float, str]],
            folder: Path) -> None:  # fmt: skip
    """Write payback curve, outcome, fan, tornado and drivers as PNG and SVG."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    def curve(ax: Any) -> None:
        ax.plot([(base["payback"] <= month).mean() for month in range(MONTHS + 1)])
        ax.set(xlabel="month", ylabel="share of trials", title="paid back by month")

    def outcome(ax: Any) -> None:
        low, high = np.percentile(base["npv"], (0.5, 99.5))
        ax.hist(base["npv"], bins=60, range=(low, high), density=True)
        ordered = np.sort(base["npv"])[:: max(1, len(base["npv"]) // 1024)]
        ax.twinx().plot(ordered, np.linspace(0, 1, len(ordered)), color="tab:orange")
        ax.set(xlim=(low, high), xlabel="npv, USD", title="outcome")

    def fan(ax: Any) -> None:
        bands = np.percentile(base["cash"], (5, 25, 50, 75, 95), axis=1)
        for low, high in ((0, 4), (1, 3)):
            ax.fill_between(range(1, MONTHS + 1), bands[low], bands[high], alpha=0.3)
        ax.plot(range(1, MONTHS + 1), bands[2])
        ax.set(xlabel="month", ylabel="USD", title="cumulative cash")

    def swings(ax: Any) -> None:
        shown = bars[:12][::-1]
        ax.barh([bar[1] for bar in shown], [bar[3] - bar[2] for bar in shown], left=[bar[2] for bar in shown])
        ax.set(xlabel="npv, USD", title="tornado")

    def spread(ax: Any) -> None:
        shown = shares[:12][::-1]
        ax.barh([name for _, name in shown], [share for share, _ in shown])
        ax.set(xlabel="share of the variance of ranks", title="drivers")

    plots: dict[str, Callable[[Any], None]] = {
        "payback": curve, "outcome": outcome, "fan": fan, "tornado": swings, "drivers": spread,
    }  # fmt: skip
    for name, plot in plots.items():
        figure, ax = plt.subplots(figsize=(10.5, 5), layout="constrained")
        plot(ax)
        figure.savefig(folder / f"{name}.png", dpi=144)
        figure.savefig(folder / f"{name}.svg")
        plt.close(figure)


def page(tables: Mapping[str, Table], folder: Path) -> None:
    """Write the tables as one page."""
    import pandas as pd

    parts = [f"<h2>{title}</h2>{pd.DataFrame(table).T.to_html()}" for title, table in tables.items()]
    pictures = [f'<img src="{path.name}">' for path in sorted(folder.glob("*.png"))]
    (folder / "report.html").write_text("\n".join([*parts, *pictures]), encoding="utf-8")


def main() -> None:
    """Do all of it and report the seconds and the base figures."""
    n, folder = int(float(sys.argv[1])), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    clock = Clock()
    x = draws(1, n)
    base = measures(x)
    tables = {"measures": described(base), "base": statistics_of(base), "claims": claims(x, base)}
    tables |= {name: compared(base, changed(x, change)) for name, change in what_ifs(x).items()}
    tables |= stresses(x, base)
    bars, shares = tornado(x), drivers(x, base["npv"])
    figures(base, bars, shares, folder)
    page(tables, folder)
    figures_of_base = {name: round(row["value"], 4) for name, row in tables["base"].items()}
    print(json.dumps({"system": "notebook by hand", "trials": n, **clock(), "found": figures_of_base}))


if __name__ == "__main__":
    main()
