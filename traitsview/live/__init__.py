"""What a running calculation holds to publish frames."""
