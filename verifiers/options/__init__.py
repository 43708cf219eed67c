"""The options of a question, which of them a text names, and on which one a response closes."""
