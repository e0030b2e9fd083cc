"""One partner's message into another's, with every leaf accounted for, and the way back."""
