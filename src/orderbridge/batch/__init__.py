"""Streams of documents, checked one by one in constant memory."""
