"""What would have to be otherwise for a credit to count: proposed from recorded slack, settled by running again."""
