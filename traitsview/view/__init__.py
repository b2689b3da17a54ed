"""The Enable window, the Chaco renderer, tools, axes and TraitsUI views."""

from .qt.toolkit import prepare

prepare()
