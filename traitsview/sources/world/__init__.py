"""World coordinates of elements: from the cards of a FITS header to texts for people."""
