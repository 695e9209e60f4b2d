"""The demonstration: a real bank, played from its first accreditation to its audit; nothing in it is made up later."""
