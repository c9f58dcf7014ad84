"""Small pictures of distributions: the outline of a density as an SVG path."""

from __future__ import annotations

from simulator.document import Picture

WIDTH, HEIGHT = 96, 26


def outline(picture: Picture) -> str:
    """Return the `d` of a path, 96 wide and 26 high: an area, or one bar a value when discrete.

    Examples
    --------
    >>> outline(Picture(x=(0.0, 1.0), density=(0.0, 1.0)))
    'M0.0,26.0L0.0,26.0L96.0,0.0L96.0,26.0Z'
    """
    low, span = picture.x[0], (picture.x[-1] - picture.x[0]) or 1.0
    top = max(picture.density) or 1.0
    across = [WIDTH * (x - low) / span for x in picture.x]
    down = [HEIGHT * (1 - y / top) for y in picture.density]
    if not picture.discrete:
        points = "".join(f"L{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
        return f"M{across[0]:.1f},{HEIGHT:.1f}{points}L{across[-1]:.1f},{HEIGHT:.1f}Z"
    step = WIDTH / len(across)
    bar = max(step - 2, 1.0)
    return "".join(f"M{k * step:.1f},{HEIGHT}v{y - HEIGHT:.1f}h{bar:.1f}v{HEIGHT - y:.1f}Z" for k, y in enumerate(down))
