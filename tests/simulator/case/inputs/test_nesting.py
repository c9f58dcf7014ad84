from __future__ import annotations

import pytest

from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.tokens import ExpressionError
from payback.simulator.case.inputs.nesting import DEEPEST, MOST_DISTRIBUTIONS, require_bounded


def nested(wraps: str, depth: int) -> str:
    text = "normal(0, 1)"
    for k in range(depth):
        text = wraps.split(" | ")[k % (wraps.count(" | ") + 1)].replace("@", text)
    return text


@pytest.mark.parametrize(
    "wraps",
    [
        "truncated(@, -9, 9)", "rounded(@)", "zero_inflated(10 %, @)", "compound(3, @)", "2 * rounded(@) USD",
        "lowest_of(@, gamma(2, 1)) | highest_of(@, gamma(2, 1))", "mixture(0.5: @, 0.5: gamma(2, 1)) | rounded(@)",
        "mixture(0.5: 2 * @, 0.5: gamma(2, 1))",
    ],
)  # fmt: skip
def test_distributions_lie_within_one_another_so_deep(wraps: str) -> None:
    require_bounded(parse(nested(wraps, DEEPEST)))
    with pytest.raises(ExpressionError) as error:
        require_bounded(parse(nested(wraps, DEEPEST + 1)))
    assert error.value.given == f"distributions within one another, {DEEPEST + 1} deep"


@pytest.mark.parametrize(
    "wraps", ["mixture(0.5: @, 0.5: 1 to 2)", "lowest_of(@, 1 to 2)", "shifted(@, 1)", "2 * @ + 1"]
)
def test_what_is_pooled_or_moved_is_no_deeper(wraps: str) -> None:
    require_bounded(parse(nested(wraps, MOST_DISTRIBUTIONS - 1)))


def test_a_line_holds_so_many_distributions() -> None:
    parts = [f"gamma({2 + k}, 1)" for k in range(MOST_DISTRIBUTIONS)]
    require_bounded(parse(f"highest_of({', '.join(parts)})"))
    with pytest.raises(ExpressionError) as error:
        require_bounded(parse(f"highest_of({', '.join(parts)}, 1 to 3)"))
    assert error.value.given == f"a line of more than {MOST_DISTRIBUTIONS} distributions"
