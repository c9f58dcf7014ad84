from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from payback.simulator.engine.run.checkpoints import Checkpoint
from payback.simulator.errors import UsageError
from payback.simulator.questions.trials.execution import KEPT, Execution


@pytest.mark.parametrize(
    ("given", "says"),
    [({"threads": 0}, "threads: 0"), ({"engine": "fast"}, "engine: fast -> auto, numpy, compiled")],
)
def test_what_is_out_of_range_is_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError) as caught:
        Execution(**given)
    assert says in str(caught.value)


def test_a_run_with_a_checkpoint_keeps_no_trials(tmp_path: Path) -> None:
    assert Execution().most_kept == KEPT
    assert Execution(checkpoint=Checkpoint(tmp_path / "saved", "a run", resume=False)).most_kept == 0
