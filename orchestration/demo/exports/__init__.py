"""One module a system: the shape in which it exports what was simulated."""
