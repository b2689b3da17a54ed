"""TLS between a viewer and a server: certificates, tokens and the door on the network."""
