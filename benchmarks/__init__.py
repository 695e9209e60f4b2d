"""Speed and memory, measured by one command each and never asserted in a test."""
