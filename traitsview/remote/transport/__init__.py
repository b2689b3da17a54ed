"""The way to a host: a tunnel for many connections, and what it is laid through, ssh or TLS."""
