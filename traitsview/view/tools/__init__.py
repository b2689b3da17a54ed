"""What a hand does over the image."""
