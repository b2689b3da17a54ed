"""The window: the image painted by Enable and Chaco, its axes, tools and panels, and TraitsUI views."""

from .qt.toolkit import prepare

prepare()
