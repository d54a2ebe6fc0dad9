"""The consumer's half: mocks that record what a test expects of a provider."""
