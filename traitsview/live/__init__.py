"""Watch a calculation without touching it.

In the calculation, which needs nothing but NumPy::

    from traitsview.live import Publisher

    with Publisher("density") as publisher:
        for step in range(steps):
            advance(density)
            publisher.publish(density, step=step, time=t)

Anywhere else of the same user: ``traitsview live:density``, or in a script::

    for frame in traitsview.live.follow("density"):
        print(frame.step, frame["density"].mean())
"""

from .following import LiveFrame, follow, latest
from .found_publishers import FoundPublisher, publishers
from .publisher import Publisher

__all__ = ["FoundPublisher", "LiveFrame", "Publisher", "follow", "latest", "publishers"]
