"""The Falcon3 ledger, one trial and one month at a time, written without the case language."""

from __future__ import annotations

import math
from collections.abc import Mapping

HOURS_A_MONTH = 730.0


def falcon3(v: Mapping[str, float], horizon: int, *, launches: bool = True) -> tuple[float, list[float]]:
    """Return (upfront, net of months 1 to `horizon`) in USD for the values `v` of the inputs.

    Without `launches` the service is at its mature volume from the first day.
    """
    data = v["labels"] * (1 + v["relabel"] * v["relabel_share"])
    gpu = v["hours_1b"] * v["gpu_small"] + v["hours_3b"] * v["gpu_big"]
    training = 1.2 * (1 + 0.65 * v["reruns"]) * gpu
    hours = v["planned_hours"] * v["overrun"]
    go = v["quality_ok"] * v["terms_ok"]
    upfront = data + training + hours * (1.0 if go else 0.75) * v["hourly_rate"]
    launch = hours / (v["weekly_hours"] * 52 / 12) if launches else 0.0
    net = []
    for month in range(1, horizon + 1):
        age = max(month - launch, 0.0)
        live = min(age, 1.0) * go
        if not v["traction"] and age > 4:
            live = 0.0
        adopted = 1 / (1 + 81 ** ((v["half_time"] - age) / v["ramp_width"])) if launches else 1.0
        served = v["traffic"] * v["traction"] * adopted * live
        price = v["price"] * (1 - v["price_decay"]) ** ((month - 1) / 12)
        revenue = served * v["paid_share"] * price * (1 - v["fee"])
        replicas = max(1, math.ceil(served * v["peak"] / (HOURS_A_MONTH * 3600 * v["capacity"])))
        serving = min(served * v["serverless"], replicas * HOURS_A_MONTH * v["gpu_small"] * live)
        fixed = v["platform"] + v["support_hours"] * v["hourly_rate"]
        rebuild = v["rebuild_share"] * (data + training) + v["rebuild_hours"] * v["hourly_rate"]
        net.append(revenue - serving - live * (fixed + v["rebuilds"] / 12 * rebuild))
    return upfront, net
