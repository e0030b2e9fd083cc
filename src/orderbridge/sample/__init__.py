"""Messages made from a contract, and mutants of messages."""
