"""Values of messaging: templates with their words, messages, preferences. Pure but for reading the files."""
