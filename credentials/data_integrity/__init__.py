"""W3C Data Integrity proofs, one small file a cryptosuite."""
