"""How fast orderbridge is, side by side with the obvious alternatives; `python -m bench` measures and tells."""
