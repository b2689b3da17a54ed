"""What a viewer and a host both speak: connections, messages and codes for pixels."""
