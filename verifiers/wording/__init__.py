"""Short answers in words: what they say beside spelling, dates, numbers, doubt and denial."""
