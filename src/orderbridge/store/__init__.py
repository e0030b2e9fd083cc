"""Records that survive: SQLite by default, PostgreSQL by URL, and nothing in here knows a partner or HTTP."""
