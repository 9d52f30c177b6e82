"""The dock that says what input files are and what they hold."""
