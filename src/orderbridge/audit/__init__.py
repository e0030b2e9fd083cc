"""Recorded HTTP exchanges against a contract: what broke it, and how far practice has moved away from it."""
