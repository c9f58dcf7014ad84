"""Small pictures of distributions: the outline of a density as an SVG path, or as one line of text."""

from __future__ import annotations

from bisect import bisect_left

from payback.simulator.document.exhibits import Picture

WIDTH, HEIGHT = 96, 26
COLUMNS = 16
LEVELS = "▁▂▃▄▅▆▇█"
_NOTHING = 0.004
_WIDEST = 10.0
_NARROWEST = 1.5


def outline(picture: Picture) -> str:
    """Return the `d` of a path, 96 wide and 26 high: an area, or a bar for each value when discrete.

    Examples
    --------
    >>> outline(Picture(x=(0.0, 1.0), density=(0.0, 1.0)))
    'M0.0,26.0L0.0,26.0L96.0,0.0L96.0,26.0Z'
    >>> outline(Picture(x=(0.0, 1.0), density=(0.5, 1.0), discrete=True))
    'M19.0,26v-13.0h10.0v13.0ZM67.0,26v-26.0h10.0v26.0Z'
    """
    top = max(picture.density) or 1.0
    down = [HEIGHT * (1 - y / top) for y in picture.density]
    if not picture.discrete:
        low, span = picture.x[0], (picture.x[-1] - picture.x[0]) or 1.0
        across = [WIDTH * (x - low) / span for x in picture.x]
        points = "".join(f"L{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
        return f"M{across[0]:.1f},{HEIGHT:.1f}{points}L{across[-1]:.1f},{HEIGHT:.1f}Z"
    low, high, gap = _range(picture)
    middle = [WIDTH * (x - low) / (high - low) for x in picture.x]
    bar = max(min(0.75 * WIDTH * gap / (high - low), _WIDEST), _NARROWEST)
    return "".join(
        f"M{x - bar / 2:.1f},{HEIGHT}v{y - HEIGHT:.1f}h{bar:.1f}v{HEIGHT - y:.1f}Z"
        for x, y in zip(middle, down, strict=True)
    )


def line(picture: Picture | None, columns: int = COLUMNS) -> str:
    """Return the picture as that many block signs, blank where there is nothing; empty without a picture.

    Examples
    --------
    >>> line(Picture(x=(0.0, 1.0, 2.0), density=(0.0, 1.0, 0.0)), 8)
    '▂▄▆██▆▄▂'
    >>> line(Picture(x=(0.0, 9.0), density=(0.3, 0.7), discrete=True), 8)
    '  ▄   █'
    """
    if picture is None:
        return ""
    low, high, _ = _range(picture)
    heights = [0.0] * columns
    if picture.discrete:
        for x, y in zip(picture.x, picture.density, strict=True):
            column = min(int(columns * (x - low) / (high - low)), columns - 1)
            heights[column] = max(heights[column], y)
    else:
        heights = [_at(picture, low + (high - low) * (k + 0.5) / columns) for k in range(columns)]
    top = max(heights) or 1.0
    return "".join(
        LEVELS[min(int(len(LEVELS) * y / top), len(LEVELS) - 1)] if y > _NOTHING * top else " " for y in heights
    ).rstrip()


def _range(picture: Picture) -> tuple[float, float, float]:
    """Return both ends of the picture, and the least distance of two bars (0 for a density)."""
    low, high = picture.x[0], picture.x[-1]
    if not picture.discrete:
        return low, high if high > low else low + 1.0, 0.0
    gap = min((b - a for a, b in zip(picture.x, picture.x[1:], strict=False)), default=1.0)
    return low - gap / 2, high + gap / 2, gap


def _at(picture: Picture, x: float) -> float:
    k = min(max(bisect_left(picture.x, x), 1), len(picture.x) - 1)
    left, right = picture.x[k - 1], picture.x[k]
    share = (x - left) / (right - left) if right > left else 0.0
    return picture.density[k - 1] + share * (picture.density[k] - picture.density[k - 1])
