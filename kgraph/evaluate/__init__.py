"""How well readings agree with annotated papers."""
