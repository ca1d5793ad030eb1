"""One module for each kind of file: bytes or text in, `Extracted` out."""
