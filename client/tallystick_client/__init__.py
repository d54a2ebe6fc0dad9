"""The one HTTP client of a broker, used by the command line and the pytest plugin."""
