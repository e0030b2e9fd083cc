"""Fuzzing: Schemathesis runs against a server, with the contract as other tools should read it."""
