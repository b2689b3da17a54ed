"""The Enable window, the Chaco renderer, tools, axes and TraitsUI views."""
