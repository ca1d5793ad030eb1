"""The recipe that made the embedded model: data -> tokenizer -> training -> report."""
