"""From evidence to a reply that cites, or says that it cannot."""
