"""What a contract is: Pact documents, their fingerprint and their interactions, without any I/O."""
