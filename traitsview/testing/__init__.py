"""What the tests of other people's sources inherit."""
