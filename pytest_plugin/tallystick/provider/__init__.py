"""The provider's half: one test per interaction that its consumers recorded."""
