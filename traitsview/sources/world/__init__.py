"""Where the elements of an image lie: from the cards of a FITS header to words that people know."""
