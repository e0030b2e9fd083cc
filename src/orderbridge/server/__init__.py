"""The HTTP server: a mock and a reference implementation of every partner's API, from its contract."""
