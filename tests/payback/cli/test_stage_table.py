"""The table of where the time of a command went."""

from __future__ import annotations

from payback.cli.stage_table import stage_table
from payback.simulator.stage_times import Seconds


def test_a_stage_has_its_sum_and_below_it_its_steps_and_their_rest() -> None:
    simulated, planned, own = Seconds(1.5, 2.5), Seconds(0.004, 0.009), Seconds(0.25, 0.25)
    stages = {
        "imports": {"imports": Seconds(0.5, 0.5)},
        "what-ifs": {"what-ifs": own, "plan": planned, "simulate": simulated},
        "other": {"other": Seconds(0.246, 0.241)},
    }
    assert stage_table(stages).splitlines() == [
        "                  wall s  CPU s  of CPU",
        "imports             0.50   0.50    14 %",
        "what-ifs            1.75   2.76    79 %",
        "  simulate          1.50   2.50    71 %",
        "  the rest of it    0.25   0.26     7 %",
        "other               0.25   0.24     7 %",
        "total               2.50   3.50   100 %",
    ]


def test_no_time_at_all_has_no_share() -> None:
    assert stage_table({"other": {}}).splitlines()[1:] == [
        "other    0.00   0.00     0 %",
        "total    0.00   0.00     0 %",
    ]
