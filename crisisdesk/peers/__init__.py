"""Direct links: stations that call each other over mutual TLS while the hub is away."""
