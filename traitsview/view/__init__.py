"""The Enable window, the Chaco renderer, tools, axes and TraitsUI views."""

from .toolkit import prepare

prepare()
