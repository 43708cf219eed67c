"""What `code` is made of: the program in a response, the tests in a reference answer, the trials."""
