"""OpenAPI documents of partners, of our own and of strangers, as contracts."""
