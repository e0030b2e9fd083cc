"""Messages against contracts: every problem, with its place, its weight and its fix."""
