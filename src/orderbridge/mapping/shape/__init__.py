"""The shape of a document: all of it that can make a difference to its account on the way to another partner."""
