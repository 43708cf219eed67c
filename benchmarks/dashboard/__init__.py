"""The template's dashboard as a picture: a simulated job, what CloudWatch makes of it, and the drawing."""
