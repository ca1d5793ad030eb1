"""The wire: questions in, cited answers out, over HTTP. Knows no user interface."""
