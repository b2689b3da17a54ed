"""Where colormaps come from: cmap's collections, plugins, folders of files, and what was opened since the start."""
