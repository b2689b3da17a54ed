"""The ways to a host: a process of our own, ssh, TLS, and a server that runs already."""
