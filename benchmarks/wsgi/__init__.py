"""The parts of the comparison of WSGI servers."""
