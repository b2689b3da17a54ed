"""What keeps a host from showing pictures: the steps to a picture, and what came of each."""
