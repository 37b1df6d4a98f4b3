"""The hunt for needles: exact counterexamples of statements that are false only in a corner.

* `room`     how much room a statement has at a point, counted and kept; whatever looks like a failure is decided exactly
* `chart`    points from coordinates that are logarithmic towards both ends of every interval
* `corners`  ends, geometric sequences towards them, large integers, nearly equal variables
* `special`  exact roots and stationary points of the polynomials in a statement
* `descent`  gradient search on the room, Newton's method, and the rational or algebraic number that it closes in on
* `boxes`    bisection towards the box with the least bound on the room
* `phases`   all of them on one statement

Midpoints of balls guide the search; they decide nothing.
"""

from dmftheory.engines.hunt.phases import LONG, SHORT, Effort, hunt

__all__ = ["LONG", "SHORT", "Effort", "hunt"]
