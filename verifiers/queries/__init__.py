"""SQL queries: found in a response, run in a cage, their rows compared."""
