"""Recognition rules as dated data: pure, without input or output."""
