"""What can be measured of a text without knowing what was asked."""
