"""A trend as a small picture: SVG without scripts, styles or colours of its own, for the page and for paper."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import escape

from bot.clinical.measures import shown_number
from bot.review.trend import Point, TrendView

_WIDTH, _HEIGHT = 240, 104
_LEFT, _RIGHT, _TOP, _BOTTOM = 26, 226, 18, 84
#: labels nearer to each other than this are left out, but for the first, the best and the last
_LABEL_GAP = 18


def picture(trend: TrendView, font: str | None = None) -> str:
    """The picture, with its words for somebody who does not see it. `font` names one that paper has."""
    family = f' font-family="{escape(font)}"' if font else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(trend.in_words)}" fill="currentColor" font-size="10"{family}>'
        f"{''.join(_parts(trend))}</svg>"
    )


def _parts(trend: TrendView) -> Iterator[str]:
    for value in (0, trend.top // 2, trend.top):
        y = _y(trend, value)
        yield (
            f'<line x1="{_LEFT}" y1="{y:g}" x2="{_RIGHT}" y2="{y:g}" '
            'stroke="currentColor" stroke-opacity="0.3" stroke-width="0.6"/>'
        )
        yield f'<text x="{_LEFT - 6}" y="{y + 3.5:g}" text-anchor="end" fill-opacity="0.75">{value}</text>'
    yield f'<text x="{_LEFT}" y="{_HEIGHT - 6}" fill-opacity="0.75">day {trend.baseline.day}</text>'
    yield (
        f'<text x="{_RIGHT}" y="{_HEIGHT - 6}" text-anchor="end" fill-opacity="0.75">day {trend.now.day}</text>'
    )
    places = " ".join(f"{_x(trend, one):g},{_y(trend, one.value):g}" for one in trend.points)
    yield f'<polyline points="{places}" fill="none" stroke="currentColor" stroke-width="1.4"/>'
    for point in trend.points:
        yield _mark(trend, point)
    labelled = _labelled(trend)
    for point in trend.points:
        if point in labelled:
            weight = ' font-weight="bold"' if point in (trend.baseline, trend.best, trend.now) else ""
            yield (
                f'<text x="{_x(trend, point):g}" y="{_y(trend, point.value) - 6:g}" text-anchor="middle"'
                f"{weight}>{shown_number(point.value)}</text>"
            )


def _mark(trend: TrendView, point: Point) -> str:
    x, y = _x(trend, point), _y(trend, point.value)
    if point == trend.best:
        return f'<path d="M{x:g} {y - 5:g}L{x + 5:g} {y:g}L{x:g} {y + 5:g}L{x - 5:g} {y:g}Z"/>'
    return f'<circle cx="{x:g}" cy="{y:g}" r="{3.4 if point == trend.now else 2.4}"/>'


def _labelled(trend: TrendView) -> list[Point]:
    chosen: list[Point] = []
    for point in (trend.baseline, trend.now, trend.best, *trend.points):
        if all(abs(_x(trend, point) - _x(trend, other)) >= _LABEL_GAP for other in chosen):
            chosen.append(point)
    return chosen


def _x(trend: TrendView, point: Point) -> float:
    days = trend.now.day - trend.baseline.day
    return round(_LEFT + (_RIGHT - _LEFT) * (point.day - trend.baseline.day) / days, 1)


def _y(trend: TrendView, value: float) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * value / trend.top, 1)
