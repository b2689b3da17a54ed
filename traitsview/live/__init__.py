"""Watch a calculation without touching it.

In the calculation, which needs nothing but NumPy::

    from traitsview.live import Publisher

    with Publisher("density") as publisher:
        for step in range(steps):
            advance(density)
            publisher.publish(density, step=step, time=t)

Anywhere else: ``traitsview live:density``.
"""

from .publisher import Publisher

__all__ = ["Publisher"]
