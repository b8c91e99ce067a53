"""Schematic drawings as geometry: lines and areas in the unit square, y downwards, from a few numbers and a seed.

A pattern is a row of words, each a routine for a family of forms, drawn in that order; 'lines:fibres bodies' draws lines and
then bodies, and reads the numbers of the former as 'fibres.count', of the latter as 'bodies.count', or for both as 'count'.
Every form stands in a frame with centre (x, y), half sizes rx and ry, turned clockwise by `turn` degrees. Whatever leaves the
unit square is cut off where it is shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from calcref.errors import KnowledgeError

if TYPE_CHECKING:
    from calcref.knowledge.model import Drawing

Point = tuple[float, float]
Outline = tuple[Point, ...]

CURVED = {
    "bone": ((-0.45, -1), (-0.45, -0.3), (-0.9, 0.3), (-1, 0.7), (-0.6, 1), (-0.15, 0.85), (0.15, 0.85), (0.6, 1), (1, 0.7),
             (0.9, 0.3), (0.45, -0.3), (0.45, -1)),
    "plateau": ((-0.5, 1), (-0.55, 0.2), (-1, -0.55), (-0.98, -0.9), (-0.5, -0.92), (0, -0.98), (0.5, -0.92), (0.98, -0.9),
                (1, -0.55), (0.55, 0.2), (0.5, 1)),
    "knob": ((-0.4, 1), (-0.4, 0.2), (-0.75, 0), (-0.95, -0.4), (-0.6, -0.85), (0, -1), (0.6, -0.85), (0.95, -0.4), (0.75, 0),
             (0.4, 0.2), (0.4, 1)),
    "spindle": ((0, -1), (-0.5, -0.7), (-0.95, -0.2), (-1, 0.1), (-0.6, 0.7), (0, 1), (0.6, 0.7), (1, 0.1), (0.95, -0.2),
                (0.5, -0.7), (0, -1)),
    "stalk": ((-1, -1), (-1, -0.2), (-0.85, 0), (-0.35, 0.1), (0.1, 0), (0.25, -0.35), (0.75, -0.4), (1, 0.05), (0.8, 0.45),
              (0.3, 0.4), (-0.3, 0.6), (-0.85, 0.55), (-1, 0.75), (-1, 1)),
}  # fmt: skip
ANGULAR = {
    "frame": ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)),
    "notch": ((-1, 0.2), (-0.45, 0.2), (-0.3, 0.75), (0.1, 0.95), (0.4, 0.6), (0.5, 0.2), (1, 0.2)),
    "chip": ((-0.45, 0.2), (-0.3, 0.75), (0.1, 0.95), (0.4, 0.6), (0.5, 0.2), (-0.45, 0.2)),
    "arrow": ((-1, 0), (1, 0), (0.3, -0.8), (1, 0), (0.3, 0.8)),
    "wedge": ((-1, 1), (-0.7, -0.8), (0.1, -1), (0.9, -0.3), (0.6, 0.2), (1, 0.8), (-1, 1)),
}
"""Figures within -1 to 1, y downwards; the curved ones go smoothly through their points."""


class Shape(NamedTuple):
    """Outlines drawn with a line of `width`, or filled where an odd number of them encloses; `faint` marks normal anatomy."""

    outlines: tuple[Outline, ...]
    filled: bool = False
    faint: bool = False
    width: float = 0.0


class Pen:
    """What a routine draws with: its numbers, its frame, and a chance of its own."""

    def __init__(self, drawing: Drawing, tag: str) -> None:
        self._parameters, self._tag = drawing.parameters, tag
        self.chance = Random(drawing.seed)
        turn = math.radians(self("turn"))
        self._frame = self("x", 0.5), self("y", 0.5), self("rx", 0.42), self("ry", 0.42), math.cos(turn), math.sin(turn)

    def __call__(self, name: str, default: float = 0.0) -> float:
        """Return a number by its name."""
        return float(self._parameters.get(f"{self._tag}.{name}", self._parameters.get(name, default)))

    def place(self, u: float, v: float) -> Point:
        """Return the point of the canvas for a point of the frame, -1 to 1 each way."""
        x, y, rx, ry, cosine, sine = self._frame
        return x + u * rx * cosine - v * ry * sine, y + u * rx * sine + v * ry * cosine

    def vary(self, share: float) -> float:
        """Return a factor within 1 - share and 1 + share."""
        return 1 + share * (2 * self.chance.random() - 1)

    def shape(self, *outlines: Iterable[Point], filled: bool = False) -> Shape:
        """Return a shape in the pen's tone and width."""
        return Shape(tuple(map(tuple, outlines)), filled, bool(self("faint")), self("width", 0.02))

    def spots(self, count: int) -> list[Point]:
        """Return points in the frame's ellipse, the farthest of a few tries each (Mitchell 1991).

        Their distance from the centre is chance ** `focus`: 0.5 is even, more gathers them in the centre, less at the rim.
        """
        focus, tries = self("focus", 0.5), int(self("tries", 8))
        chosen: list[Point] = []

        def offer() -> Point:
            far, turn = self.chance.random() ** focus, math.tau * self.chance.random()
            return far * math.cos(turn), far * math.sin(turn)

        for _ in range(count):
            offers = [offer() for _ in range(tries)]
            chosen.append(max(offers, key=lambda spot: min((math.dist(spot, other) for other in chosen), default=0)))
        return chosen

    def blob(self, centre: Point, radius: float) -> Outline:
        """Return a closed outline: an oval, with `lobes` bulges, `rough` deep, or a polygon of `corners`."""
        corners, lobes, rough, aspect = int(self("corners")), int(self("lobes", 3)), self("rough"), self("aspect", 1)
        lean = math.radians(self("lean") + self("tilt") * (2 * self.chance.random() - 1))
        phase, count, cosine, sine = self.chance.random() * math.pi, corners or 36, math.cos(lean), math.sin(lean)
        points = []
        for number in range(count):
            turn = math.tau * number / count
            far = radius * (1 + rough * (2 * abs(math.sin(lobes * turn / 2 + phase)) - 1)) * self.vary(self("jag"))
            x, y = far * math.cos(turn) * math.sqrt(aspect), far * math.sin(turn) / math.sqrt(aspect)
            points.append((centre[0] + x * cosine - y * sine, centre[1] + x * sine + y * cosine))
        return (*points, points[0])

    def broken(self, path: Sequence[Point]) -> Iterator[Shape]:
        """Yield a path in `pieces`, with `gap` of its length, 0 to 1, left out between them."""
        pieces, gap = int(self("pieces", 1)), self("gap")
        length = len(path) / pieces
        for number in range(pieces):
            room = gap * length * (0.6 + 0.8 * self.chance.random()) if gap else 0
            start = number * length + (room * self.chance.random())
            if len(part := path[int(start) : int(start + length - room) + 1]) > 1:
                yield self.shape(part)


def _bodies(pen: Pen) -> Iterator[Shape]:
    """Dots, lumps, grains, fragments, phleboliths: `count` of `size`, with a lucent centre (`hollow`) or a `rim` only."""
    hollow = pen("hollow")
    for spot in pen.spots(int(pen("count", 1))):
        x, y = pen.place(*spot)
        outline = pen.blob((x, y), pen("size", 0.05) * pen.vary(pen("vary")))
        hole = [[(x + hollow * (p - x), y + hollow * (q - y)) for p, q in outline]] if hollow else []
        yield pen.shape(outline, *hole, filled=not pen("rim"))


def _arcs(pen: Pen) -> Iterator[Shape]:
    """Rings, arcs and commas: `open` of each circle is missing, more or less by `mixed`; `layers` lie one in the other."""
    layers = int(pen("layers", 1))
    for spot in pen.spots(int(pen("count", 1))):
        (x, y), size = pen.place(*spot), pen("size", 0.1) * pen.vary(pen("vary"))
        sweep = math.tau * (1 - min(max(pen("open") * pen.vary(pen("mixed")), 0), 0.9))
        start = math.tau * pen.chance.random()
        for layer in range(layers, 0, -1):
            far = size * layer / layers
            turns = [start + sweep * step / 32 for step in range(33)]
            yield pen.shape([(x + far * math.cos(turn), y + far * math.sin(turn)) for turn in turns])


def _lines(pen: Pen) -> Iterator[Shape]:
    """Lines side by side: `count` across the frame, each in a `wave`, with a `bow`, in `pieces`."""
    count, wave, waves, bow = int(pen("count", 1)), pen("wave"), pen("waves", 1), pen("bow")
    for number in range(count):
        across = 2 * number / (count - 1) - 1 if count > 1 else 0
        phase = pen("phase") + pen("apart") * number
        path = [
            pen.place(u, across + wave * math.sin(math.pi * waves * u + phase) + bow * (u * u - 0.5))
            for u in (step / 60 - 1 for step in range(121))
        ]
        yield from pen.broken(path)


def _shell(pen: Pen) -> Iterator[Shape]:
    """A rim along an ellipse from `start` over `sweep` degrees, in `pieces`, `rough` with `lobes`; from `inner` on it is a coil."""
    start, sweep, layers, inner = pen("start"), pen("sweep", 360), int(pen("layers", 1)), pen("inner", 1)
    steps = max(90, int(sweep / 5))
    for layer in range(layers, 0, -1):
        path = []
        for step in range(steps + 1):
            turn = math.radians(start + sweep * step / steps)
            far = layer / layers * (inner + (1 - inner) * step / steps)
            far *= 1 + pen("rough") * (2 * abs(math.sin(pen("lobes", 3) * turn / 2)) - 1)
            path.append(pen.place(far * math.cos(turn), far * math.sin(turn)))
        yield from pen.broken(path)


def _cells(pen: Pen) -> Iterator[Shape]:
    """Lobules parted by septa, or with `mesh` the net between them; with `level` calcium lies at the bottom, its top flat.

    Each cell has what is nearer to its own spot than to any other (Voronoi), within the frame's ellipse and not
    farther than `round` from it, in frames.
    """
    centres = pen.spots(int(pen("count", 12)))
    for centre in centres:
        outline = tuple(pen.place(*point) for point in _cell(centre, centres, pen))
        if not pen("level"):
            yield pen.shape(outline, filled=not pen("mesh"))
            continue
        heights = [y for _, y in outline]
        flat = min(heights) + pen("level") * (max(heights) - min(heights))
        yield pen.shape([(x, max(y, flat)) for x, y in outline], filled=True)
        yield Shape((outline,), faint=True)


def _cell(centre: Point, centres: Sequence[Point], pen: Pen) -> Iterator[Point]:
    (u, v), septum = centre, pen("septum")
    for step in range(37):
        a, b = math.cos(math.tau * step / 36), math.sin(math.tau * step / 36)
        along = u * a + v * b
        far = min(math.sqrt(max(along * along + 1 - u * u - v * v, 0)) - along, pen("round", 2))
        for p, q in centres:
            lean = (p - u) * a + (q - v) * b
            if lean > 1e-9:
                far = min(far, ((p - u) ** 2 + (q - v) ** 2) / (2 * lean))
        yield u + a * far * (1 - septum), v + b * far * (1 - septum)


def _smooth(points: Sequence[Point]) -> list[Point]:
    """Return a curve through the points (Catmull and Rom 1974)."""
    ends = [points[0], *points, points[-1]]
    return [
        *((_between(xs, t), _between(ys, t))
          for xs, ys in (zip(*four, strict=True) for four in zip(ends, ends[1:], ends[2:], ends[3:], strict=False))
          for t in (step / 8 for step in range(8))),
        points[-1],
    ]  # fmt: skip


def _between(values: Sequence[float], t: float) -> float:
    p, q, r, s = values
    return 0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t + (3 * q - p - 3 * r + s) * t**3)


def _figure(points: Sequence[Point]) -> Callable[[Pen], Iterator[Shape]]:
    """Return the routine of a figure: normal anatomy unless `faint` is 0, `filled` if so asked."""

    def routine(pen: Pen) -> Iterator[Shape]:
        shape = pen.shape((pen.place(*point) for point in points), filled=bool(pen("filled")))
        yield shape._replace(faint=bool(pen("faint", 1)))

    return routine


PATTERNS: dict[str, Callable[[Pen], Iterator[Shape]]] = {
    "bodies": _bodies, "arcs": _arcs, "lines": _lines, "shell": _shell, "cells": _cells,
    **{name: _figure(points) for name, points in ANGULAR.items()},
    **{name: _figure(_smooth(points)) for name, points in CURVED.items()},
}  # fmt: skip


def draw(drawing: Drawing) -> tuple[Shape, ...]:
    """Return the shapes of a drawing, those at the back first. The same drawing gives the same shapes.

    Raises:
        KnowledgeError: when its pattern has a word that is no routine.
    """
    shapes: list[Shape] = []
    for word in drawing.pattern.split():
        name, _, tag = word.partition(":")
        if name not in PATTERNS:
            raise KnowledgeError(
                f"The drawing {drawing.id!r} has an unknown pattern {name!r}.", f"There are: {', '.join(PATTERNS)}"
            )
        shapes += PATTERNS[name](Pen(drawing, tag or name))
    return tuple(shapes)
