"""The ranking and what explains it: pure functions of a knowledge base and a case, without a screen."""
