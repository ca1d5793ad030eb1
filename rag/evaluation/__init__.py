"""How good the answers are, against questions with gold quotes."""
