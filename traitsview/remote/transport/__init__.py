"""The way to a host: a tunnel for many connections through ssh or TLS, and both of its ends."""
