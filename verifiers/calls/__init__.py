"""Calls of tools: read in any usual spelling, and compared with those that are wanted."""
